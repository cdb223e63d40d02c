// All keys alike: the least a cache can hope for.
#pragma once

#include "sim/check.hpp"
#include "sim/rng.hpp"

#include <cstdint>

namespace archsim::sim {

/// Keys 0 .. count-1, each as popular as any other.
class UniformKeys {
public:
    /// Requires: count >= 1.
    explicit UniformKeys(std::uint64_t count) : count_{count} {
        ARCHSIM_CHECK(count >= 1, "there are no keys");
    }
    [[nodiscard]] std::uint64_t count() const { return count_; }
    /// O(1), one random number.
    [[nodiscard]] std::uint64_t draw(Rng& rng) const { return rng.below(count_); }
    /// Of one key. Requires: rank < count.
    [[nodiscard]] double probability(std::uint64_t) const {
        return 1.0 / static_cast<double>(count_);
    }
    bool operator==(const UniformKeys&) const = default;

private:
    std::uint64_t count_;
};

}  // namespace archsim::sim
