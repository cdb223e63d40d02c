// What a scenario writes about a database with several primaries.
#pragma once

#include "models/choice.hpp"
#include "models/database/site_value.hpp"
#include "models/distribution_codec.hpp"
#include "models/queue_limit.hpp"
#include "models/spec.hpp"
#include "sim/distribution.hpp"
#include "sim/units.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace archsim::models {

/// Of concurrent values the one with the latest time stays.
struct LastWriteWins {
    static const Spec<LastWriteWins>& spec();
};

/// When the values that a conflict has left become one again.
enum class SiblingMerge : std::uint8_t {
    at_write,  ///< The next write at a site that has them replaces them.
    at_read,   ///< A read that finds them writes them together as well.
};
template <>
struct EnumNames<SiblingMerge> {
    static constexpr std::array<EnumName<SiblingMerge>, 2> names{{
        {SiblingMerge::at_write, "at_write"},
        {SiblingMerge::at_read, "at_read"},
    }};
};

/// Concurrent values stay side by side until somebody merges them.
struct KeepSiblings {
    SiblingMerge merge = SiblingMerge::at_write;
    static const Spec<KeepSiblings>& spec();
};

/// Every key is a counter, and every write counts one up.
struct GrowOnlyCounter {
    static const Spec<GrowOnlyCounter>& spec();
};

/// Every key is a set, and every write adds an element.
struct GrowOnlySet {
    sim::Bytes element_size;
    static const Spec<GrowOnlySet>& spec();
};

using ConflictRule = OneOf<LastWriteWins, KeepSiblings, GrowOnlyCounter, GrowOnlySet>;

/// A write is acknowledged once its site has it.
struct AsyncSites {
    ConflictRule conflicts;
    static const Spec<AsyncSites>& spec();
};

/// A write is acknowledged once all sites have agreed to it.
struct SyncSites {
    sim::Duration timeout = sim::Duration::seconds(2);
    static const Spec<SyncSites>& spec();
};

using SiteMode = OneOf<AsyncSites, SyncSites>;

/// The parameters of a database with several primaries.
struct MultiPrimaryConfig {
    std::int64_t sites = 2;
    std::vector<RegionName> site_regions;  ///< In order; the rest is where the database is.
    SiteMode mode;
    sim::Distribution lag;
    sim::Distribution read_time;
    sim::Distribution write_time;
    sim::Distribution apply_time;
    std::int64_t servers = 1;
    QueueLimit queue;
    sim::Bytes value_size;
    static const Spec<MultiPrimaryConfig>& spec();

    /// What becomes of concurrent writes; a synchronous database admits none.
    [[nodiscard]] Resolution resolution() const;
    /// Whether a read that finds several values writes them together.
    [[nodiscard]] bool merges_at_read() const;
    /// The parameters of synchronous writing; nullptr if it is asynchronous.
    [[nodiscard]] const SyncSites* sync() const { return std::get_if<SyncSites>(&mode); }
    /// Size of the answer to a read that found so many values.
    [[nodiscard]] sim::Bytes answer_size(std::size_t values) const;
};

}  // namespace archsim::models
