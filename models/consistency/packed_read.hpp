// A read in little space: what the checks keep of the last read of a version fits into one line of
// the processor's cache together with what they look at for every read.
#pragma once

#include "models/history.hpp"

#include <cstdint>
#include <limits>

namespace archsim::models {

/// A read that was answered ok, without its key and version, which whoever keeps it knows.
class PackedRead {
public:
    /// Whether an operation can be kept: a read answered ok within 4.29 s, with fewer than 2^32
    /// events of the history in between.
    [[nodiscard]] static bool fits(const Operation& operation) {
        if (operation.kind != Access::read || operation.ending != Ending::ok) return false;
        const std::int64_t took = (operation.completed - operation.invoked).count();
        const Order events = operation.completed_order - operation.invoked_order;
        // Negative ones, too, have bits that are too high.
        return static_cast<std::uint64_t>(took | events) <=
               std::numeric_limits<std::uint32_t>::max();
    }
    /// Keeps it. Requires: fits(operation).
    void pack(const Operation& operation) {
        invoked_order_ = operation.invoked_order;
        invoked_ = operation.invoked;
        id_ = operation.id;
        session_ = operation.session;
        took_ = static_cast<std::uint32_t>((operation.completed - operation.invoked).count());
        events_ = static_cast<std::uint32_t>(operation.completed_order - operation.invoked_order);
        side_ = operation.side;
        place_ = operation.place;
    }
    /// The read that was packed, of this key and version.
    [[nodiscard]] Operation unpack(std::uint64_t key, Version version) const {
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
        read.place = place_;
        read.ending = Ending::ok;
        return read;
    }
    /// When it began.
    [[nodiscard]] Order invoked_order() const { return invoked_order_; }
    [[nodiscard]] sim::Instant invoked() const { return invoked_; }
    /// Stands for an operation that is kept elsewhere, of which only this is asked.
    void stand_for(Order invoked_order) { invoked_order_ = invoked_order; }

private:
    Order invoked_order_ = 0;
    sim::Instant invoked_;
    std::uint64_t id_ = 0;
    std::uint32_t session_ = 0;
    std::uint32_t took_ = 0;    // nanoseconds
    std::uint32_t events_ = 0;  // from its begin to its end
    std::uint8_t side_ = 0;
    std::uint8_t place_ = 0;
};

}  // namespace archsim::models
