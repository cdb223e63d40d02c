// What the usual read of a key needs, in one line of the processor's cache: a read of its only live
// version, which nothing newer outdates, changes nothing but which read was the last.
#pragma once

#include "models/history.hpp"

#include <cstdint>
#include <limits>

namespace archsim::models {

/// Which reads of a key are usual, and the last of those that the checks have not been told of yet.
struct UsualRead {
    /// Stands for "no read is usual".
    static constexpr Version none = std::numeric_limits<Version>::max();

    alignas(64) Version version = none;  ///< Reads of this version are usual, ...
    Order fresh_after = before_history;  ///< ... if they began after this.
    /// The latest acknowledgement of a write of the key; never() if there was none.
    sim::Instant acknowledged = sim::Instant::never();

    /// Whether an operation is a usual read that note() can keep.
    [[nodiscard]] bool takes(const Operation& operation) const {
        if (operation.version != version || operation.kind != Access::read ||
            operation.ending != Ending::ok || operation.invoked_order <= fresh_after) {
            return false;
        }
        if (operation.replicas != 0 || operation.coordinator != 0 || operation.siblings != 1 ||
            operation.attempt != 1) {
            return false;
        }
        const std::int64_t took = (operation.completed - operation.invoked).count();
        const Order events = operation.completed_order - operation.invoked_order;
        constexpr std::int64_t longest = std::numeric_limits<std::uint32_t>::max();
        if (took < 0 || took > longest || events < 0 || events > longest) return false;
        // Of reads that times and orders put in different order, more than the last one matters.
        return !has_read_ ||
               (operation.invoked_order >= invoked_order_ ? operation.invoked >= invoked_
                                                          : operation.invoked <= invoked_);
    }
    /// Keeps the read if it began last. Requires: takes(operation).
    void note(const Operation& operation) {
        if (has_read_ && operation.invoked_order < invoked_order_) return;
        has_read_ = true;
        invoked_order_ = operation.invoked_order;
        invoked_ = operation.invoked;
        id_ = operation.id;
        session_ = operation.session;
        took_ = static_cast<std::uint32_t>((operation.completed - operation.invoked).count());
        events_ = static_cast<std::uint32_t>(operation.completed_order - operation.invoked_order);
        side_ = operation.side;
    }
    /// Whether a read was noted and not taken back.
    [[nodiscard]] bool has_read() const { return has_read_; }
    /// The read that was noted, of the key of this name; it is forgotten here.
    [[nodiscard]] Operation take(std::uint64_t key) {
        has_read_ = false;
        Operation read;
        read.id = id_;
        read.key = key;
        read.version = version;
        read.invoked = invoked_;
        read.completed = invoked_ + sim::Duration::nanoseconds(took_);
        read.invoked_order = invoked_order_;
        read.completed_order = invoked_order_ + events_;
        read.session = session_;
        read.side = side_;
        read.ending = Ending::ok;
        return read;
    }

private:
    Order invoked_order_ = 0;
    sim::Instant invoked_;
    std::uint64_t id_ = 0;
    std::uint32_t session_ = 0;
    std::uint32_t took_ = 0;    // nanoseconds
    std::uint32_t events_ = 0;  // from its begin to its end
    std::uint8_t side_ = 0;
    bool has_read_ = false;
};
static_assert(sizeof(UsualRead) == 64);

}  // namespace archsim::models
