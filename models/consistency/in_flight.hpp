// Knows the earliest invocation among unanswered operations: nothing that completes from now on
// can have begun before it, which is what lets old versions be retired.
#pragma once

#include "models/history.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>

namespace archsim::models {

/// A window over operation ids, which are dense in the order of invocation. O(1) amortised.
class InFlight {
public:
    /// Requires: ids arrive as 0, 1, 2, ... with orders that never decrease.
    void invoked(const Operation& operation) {
        starts_.push_back(operation.invoked_order);
        latest_ = operation.invoked_order;
    }

    /// Requires: the operation was invoked and has not completed before.
    void completed(const Operation& operation) {
        starts_[static_cast<std::size_t>(operation.id - first_id_)] = before_history;
        latest_ = operation.completed_order;
        while (!starts_.empty() && starts_.front() == before_history) {
            starts_.pop_front();
            ++first_id_;
        }
    }

    /// No later event belongs to an operation invoked before this.
    [[nodiscard]] Order horizon() const { return starts_.empty() ? latest_ : starts_.front(); }

private:
    std::deque<Order> starts_;  // before_history marks a completed operation
    std::uint64_t first_id_ = 0;
    Order latest_ = before_history;
};

}  // namespace archsim::models
