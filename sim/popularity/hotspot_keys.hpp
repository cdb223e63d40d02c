// A few hot keys get most of the requests; inside both groups all keys are alike.
#pragma once

#include "sim/check.hpp"
#include "sim/rng.hpp"
#include "sim/units.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace archsim::sim {

/// Of the keys 0 .. count-1 the first are hot and get a given share of the draws, such as 20 % of
/// the keys with 80 % of the draws.
class HotspotKeys {
public:
    /// `hot` of the keys, rounded to the nearest number but at least one, get `share` of the draws.
    /// With all keys hot, `share` has no effect. Requires: count >= 1.
    HotspotKeys(std::uint64_t count, Probability hot, Probability share)
        : count_{count}, hot_{hot}, share_{share} {
        ARCHSIM_CHECK(count >= 1 && count <= 1'000'000'000'000, "there cannot be {} keys", count);
        const double wanted = std::floor(static_cast<double>(count) * hot.value() + 0.5);
        hot_count_ = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1, count);
    }
    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] Probability hot() const { return hot_; }
    [[nodiscard]] Probability share() const { return share_; }
    [[nodiscard]] std::uint64_t hot_count() const { return hot_count_; }
    /// O(1), two random numbers.
    [[nodiscard]] std::uint64_t draw(Rng& rng) const {
        const bool is_hot = rng.chance(share_.value());
        if (hot_count_ == count_) return rng.below(count_);
        return is_hot ? rng.below(hot_count_) : hot_count_ + rng.below(count_ - hot_count_);
    }
    /// Of one key. Requires: rank < count.
    [[nodiscard]] double probability(std::uint64_t rank) const {
        if (hot_count_ == count_) return 1.0 / static_cast<double>(count_);
        if (rank < hot_count_) return share_.value() / static_cast<double>(hot_count_);
        return (1.0 - share_.value()) / static_cast<double>(count_ - hot_count_);
    }
    bool operator==(const HotspotKeys&) const = default;

private:
    std::uint64_t count_;
    Probability hot_;
    Probability share_;
    std::uint64_t hot_count_ = 1;
};

}  // namespace archsim::sim
