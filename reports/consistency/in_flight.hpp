// Knows the earliest invocation among unanswered operations: nothing that completes from now on
// can have begun before it, which is what lets old versions be retired.
#pragma once

#include "models/history.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>

namespace archsim::reports {

/// A window over operation ids, which are dense in the order of invocation. O(1) amortised.
class InFlight {
public:
    /// Requires: ids arrive as 0, 1, 2, ... with orders that never decrease.
    void invoked(const models::Operation& operation) {
        starts_.push_back(operation.invoked_order);
        latest_ = operation.invoked_order;
    }

    /// Requires: the operation was invoked and has not completed before.
    void completed(const models::Operation& operation) {
        starts_[static_cast<std::size_t>(operation.id - first_id_)] = models::before_history;
        latest_ = operation.completed_order;
        while (!starts_.empty() && starts_.front() == models::before_history) {
            starts_.pop_front();
            ++first_id_;
        }
    }

    /// No later event belongs to an operation invoked before this.
    [[nodiscard]] models::Order horizon() const {
        return starts_.empty() ? latest_ : starts_.front();
    }

private:
    std::deque<models::Order> starts_;  // before_history marks a completed operation
    std::uint64_t first_id_ = 0;
    models::Order latest_ = models::before_history;
};

}  // namespace archsim::reports
