// What the usual read of a key needs, in one line of the processor's cache: a read of its only live
// version, which nothing newer outdates, changes nothing but which read was the last.
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
    /// Whether an operation is a usual read that note() can keep.
    [[nodiscard]] bool takes(const Operation& operation) const {
        if (operation.version != version || operation.invoked_order <= fresh_after) return false;
        if (!fits(operation)) return false;
        // Of reads that times and orders put in different order, more than the last one matters.
        return !has_read_ ||
               (operation.invoked_order >= invoked_order() ? operation.invoked >= invoked()
                                                           : operation.invoked <= invoked());
    }
    /// Keeps the read if it began last. Requires: takes(operation).
    void note(const Operation& operation) {
        if (has_read_ && operation.invoked_order < invoked_order()) return;
        has_read_ = true;
        pack(operation);
    }
    /// Whether a read was noted and not taken back.
    [[nodiscard]] bool has_read() const { return has_read_; }
    /// The read that was noted, of the key of this name; it is forgotten here.
    [[nodiscard]] Operation take(std::uint64_t key) {
        has_read_ = false;
        return unpack(key, version);
    }
};
static_assert(sizeof(UsualRead) == 64);

}  // namespace archsim::models
