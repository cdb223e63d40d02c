// How large the objects behind keys are: "64KiB" for all of them, or drawn once for each key. The
// size of a key is a function of the key and the run's seed, so every component that knows the law
// agrees on it, without a table.
#pragma once

#include "models/codec.hpp"
#include "sim/distribution.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <utility>

namespace archsim::models {

/// A law of sizes. Default: empty objects.
class ObjectSize {
public:
    ObjectSize() = default;
    /// A law of times in which a nanosecond stands for a byte.
    explicit ObjectSize(sim::Distribution law) : law_{std::move(law)} {}
    [[nodiscard]] static ObjectSize fixed(sim::Bytes size) {
        return ObjectSize{sim::Distribution::constant(sim::Duration::nanoseconds(size.count()))};
    }

    /// The size of the object behind `key` in the run of this seed, rounded to a byte. O(1).
    [[nodiscard]] sim::Bytes of(std::uint64_t key, std::uint64_t seed) const {
        sim::Rng rng{seed ^ (key + 1) * 0x9e3779b97f4a7c15U};
        return sim::Bytes{law_.sample(rng).count()};
    }
    /// In bytes.
    [[nodiscard]] double mean() const { return law_.mean_seconds() * 1e9; }
    [[nodiscard]] const sim::Distribution& law() const { return law_; }

private:
    sim::Distribution law_;
};

ARCHSIM_DECLARE_CODEC(ObjectSize);

}  // namespace archsim::models
