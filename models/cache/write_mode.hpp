// What a cache does with a write: the guide's strategies for keeping cache and store together.
#pragma once

#include "models/choice.hpp"
#include "models/distribution_codec.hpp"
#include "models/spec.hpp"
#include "sim/distribution.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <optional>

namespace archsim::models::cache {

/// The write goes to the origin, and then the copy is dropped. A read that was under way meanwhile
/// may put the old value back: the race of this pattern.
struct CacheAside {
    sim::Distribution invalidation_delay;
    static const Spec<CacheAside>& spec();
};

/// The write goes to the origin, and then its value is the copy. Nothing older replaces it.
struct WriteThrough {
    static const Spec<WriteThrough>& spec();
};

/// The write is answered at once and goes to the origin later.
struct WriteBehind {
    sim::Duration flush_interval = sim::Duration::seconds(1);
    std::optional<std::int64_t> batch = std::nullopt;
    std::optional<std::int64_t> dirty_limit = std::nullopt;
    static const Spec<WriteBehind>& spec();
};

/// The write passes the cache by; the copy stays as it is.
struct WriteAround {
    static const Spec<WriteAround>& spec();
};

/// Writes as cache-aside; a copy that is read near its end is fetched anew while it still serves.
struct RefreshAhead {
    sim::Probability at{0.8};  ///< Share of the time to live after which a read starts the fetch.
    static const Spec<RefreshAhead>& spec();
};

/// One of them; the first is the default.
using WriteMode = OneOf<CacheAside, WriteThrough, WriteBehind, WriteAround, RefreshAhead>;

}  // namespace archsim::models::cache
