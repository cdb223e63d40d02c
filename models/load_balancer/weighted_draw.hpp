// Drawing a backend in proportion to its weight, with the sums kept until the membership changes.
#pragma once

#include "models/load_balancer/policy.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace archsim::models {

/// Cumulative weights of the usable backends. A draw takes O(log n), O(1) when weights are equal.
class WeightedDraw {
public:
    /// Rebuilds the sums when the version of the candidates has changed. O(n) then, else O(1).
    void refresh(const Candidates& candidates) {
        if (version_ == candidates.version) return;
        version_ = candidates.version;
        sums_.clear();
        equal_ = true;
        double sum = 0.0;
        for (const std::uint32_t i : candidates.usable) {
            sum += candidates.all[i].weight;
            sums_.push_back(sum);
            equal_ = equal_ &&
                     candidates.all[i].weight == candidates.all[candidates.usable.front()].weight;
        }
    }

    /// A position in candidates.usable. Requires: refreshed, at least one usable backend.
    [[nodiscard]] std::size_t position(sim::Rng& rng) const {
        if (equal_) return rng.below(sums_.size());
        const double wanted = rng.uniform() * sums_.back();
        const auto found = std::upper_bound(sums_.begin(), sums_.end(), wanted);
        return std::min(static_cast<std::size_t>(found - sums_.begin()), sums_.size() - 1);
    }

    /// Whether all usable backends have the same weight.
    [[nodiscard]] bool equal() const { return equal_; }
    /// The sum of the usable weights. Requires: refreshed, at least one usable backend.
    [[nodiscard]] double total() const { return sums_.back(); }

private:
    std::optional<std::uint64_t> version_;
    bool equal_ = true;
    std::vector<double> sums_;
};

}  // namespace archsim::models
