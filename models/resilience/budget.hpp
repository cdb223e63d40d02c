// A budget of extra messages: what retries and hedges may cost beside the calls themselves.
#pragma once

#include "sim/units.hpp"

#include <algorithm>
#include <optional>

namespace archsim::models {

/// Every call earns a share of an extra message, and an extra message costs a whole one. Up to ten
/// are saved, so that a short trouble after a quiet time is met in full and a long one is not. With
/// a share s the messages sent are at most 1 + s times the calls, and ten. All operations O(1).
class Budget {
public:
    /// Without a share everything may be spent.
    explicit Budget(std::optional<sim::Probability> share = std::nullopt) : share_{share} {}

    /// A call has begun.
    void earn() {
        if (share_) saved_ = std::min(saved_ + share_->value(), most_saved);
    }
    /// Whether an extra message can be paid.
    [[nodiscard]] bool has_one() const {
        // The sum of many shares may fall a hair short of a whole one.
        return !share_ || saved_ >= 1.0 - 1e-9;
    }
    /// Pays an extra message, or returns false.
    [[nodiscard]] bool spend() {
        if (!has_one()) return false;
        if (share_) saved_ -= 1.0;
        return true;
    }

private:
    static constexpr double most_saved = 10.0;
    std::optional<sim::Probability> share_;
    double saved_ = 0.0;
};

}  // namespace archsim::models
