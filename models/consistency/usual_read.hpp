// What the usual read of a key needs, in one line of the processor's cache: a read of the
// version that all others precede, which nothing newer outdates, changes nothing but which read was
// the last.
#pragma once

#include "models/consistency/packed_read.hpp"
#include "models/history.hpp"

#include <cstdint>
#include <limits>

namespace archsim::models {

/// Which reads of a key are usual, and the last of those that the checks have not been told of yet.
class alignas(64) UsualRead : private PackedRead {
    bool has_read_ = false;  // first, so that it stands in what is left of a PackedRead

public:
    /// Stands for "no read is usual".
    static constexpr Version none = std::numeric_limits<Version>::max();

    std::uint8_t writer_place = 0;  ///< Operation::place of the write of `version`; 0 if initial.
    Version version = none;         ///< Reads of this version are usual, ...
    Order fresh_after = before_history;  ///< ... if they began after this.
    /// The latest acknowledgement of a write of the key; never() if there was none.
    sim::Instant acknowledged = sim::Instant::never();

    /// Whether a write of the key was acknowledged.
    [[nodiscard]] bool is_written() const { return acknowledged != sim::Instant::never(); }
    /// Notes a read if it is a usual one, and keeps it if it began last; or returns false and
    /// changes nothing.
    [[nodiscard]] bool note(const Operation& read) {
        if (read.version != version || read.invoked_order <= fresh_after || !fits(read))
            return false;
        if (has_read_) {
            const bool is_last = read.invoked_order >= invoked_order();
            // Of reads that times and orders put in different order, more than the last one
            // matters.
            if (is_last ? read.invoked < invoked() : read.invoked > invoked()) return false;
            if (!is_last) return true;
        }
        has_read_ = true;
        pack(read);
        return true;
    }
    /// Whether a read was noted and not taken back.
    [[nodiscard]] bool has_read() const { return has_read_; }
    /// The read that was noted; it is forgotten here.
    [[nodiscard]] const PackedRead& take() {
        has_read_ = false;
        return *this;
    }
};
static_assert(sizeof(UsualRead) == 64);

}  // namespace archsim::models
