// The log of writes that a primary keeps and its replicas copy: what MySQL calls the binary log and
// PostgreSQL the write-ahead log. Positions are dense; the front is forgotten once every member has
// it.
#pragma once

#include "models/database/versioned_data.hpp"
#include "sim/units.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>

namespace archsim::models {

/// One write.
struct LogEntry {
    std::uint64_t key = 0;
    Version version = initial_version;
    Stored parent;            ///< What the key had before it, in the order of the log.
    std::uint64_t epoch = 0;  ///< Reign of the primary that accepted it.
    sim::Instant created;     ///< When it came into the log of its primary.
    bool is_applied = false;  ///< Whether the data of the log's owner shows it, or something later.
    bool is_acknowledged = false;  ///< Whether the log's owner told a client of it.
};

/// The entries (base, end] of one member.
class ReplicationLog {
public:
    /// Everything up to here has been forgotten.
    [[nodiscard]] LogPosition base() const { return base_; }
    /// The last entry.
    [[nodiscard]] LogPosition end() const { return base_ + entries_.size(); }
    /// Requires: base() < position <= end(). O(1).
    [[nodiscard]] LogEntry& at(LogPosition position) {
        return entries_[static_cast<std::size_t>(position - base_ - 1)];
    }
    [[nodiscard]] const LogEntry& at(LogPosition position) const {
        return const_cast<ReplicationLog&>(*this).at(position);
    }
    /// Adds an entry and returns its position. O(1).
    LogPosition append(const LogEntry& entry) {
        entries_.push_back(entry);
        return end();
    }
    /// Forgets the entries up to `position`. O(entries forgotten).
    void trim(LogPosition position) {
        while (base_ < position && !entries_.empty()) {
            entries_.pop_front();
            ++base_;
        }
    }
    /// Takes back the last entry. Requires: there is one.
    void pop() { entries_.pop_back(); }
    /// Begins anew, with nothing after `position`.
    void restart(LogPosition position) {
        entries_.clear();
        base_ = position;
    }

private:
    std::deque<LogEntry> entries_;
    LogPosition base_ = 0;
};

}  // namespace archsim::models
