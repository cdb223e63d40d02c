// Session guarantees (Terry et al., "Session Guarantees for Weakly Consistent Replicated Data",
// 1994), checked per key with the last write and the last read of each session.
#pragma once

#include "models/consistency/share.hpp"
#include "models/consistency/version_table.hpp"
#include "models/history.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

namespace archsim::models {

/// Violations out of the operations that could have violated.
struct SessionResult {
    Share read_your_writes;  ///< Reads older than the session's own last write of the key.
    Share monotonic_reads;   ///< Reads older than the session's last read of the key.
    /// Writes that the store ordered before the session's previous write of the key. Absent where
    /// the store tells no positions, as then no history can show it.
    std::optional<Share> monotonic_writes;
    /// Writes that the store ordered before what the session had read of the key. Likewise.
    std::optional<Share> writes_follow_reads;
};

/// Watches the answered operations of sessions. O(1) per operation; memory per pair of session and
/// key. A session issues one operation after another; an operation that overlaps the session's
/// earlier one is not held against it.
class SessionTracker {
public:
    /// Requires: the table outlives the tracker and is kept up to date before each call.
    explicit SessionTracker(const VersionTable& versions) : versions_{&versions} {}

    /// An operation was answered. Requires: calls in the order of completion.
    void answered(const Operation& operation);

    [[nodiscard]] SessionResult result() const;

private:
    struct Place {
        std::uint64_t key = 0;
        std::uint32_t session = 0;
        bool operator==(const Place&) const = default;
    };
    struct HashOfPlace {
        std::size_t operator()(const Place& place) const {
            std::uint64_t z = place.key * 0x9e3779b97f4a7c15 + place.session;
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
            return static_cast<std::size_t>(z ^ (z >> 27));
        }
    };
    struct Last {
        Order rank = before_history;  // its rank as the newer one
        Order end = after_history;    // after_history: there is none
        [[nodiscard]] bool before(const Operation& operation) const {
            return end != after_history && end <= operation.invoked_order;
        }
    };
    struct State {
        Last write;
        Last read;
    };

    const VersionTable* versions_;
    std::unordered_map<Place, State, HashOfPlace> states_;
    Share read_your_writes_;
    Share monotonic_reads_;
    Share monotonic_writes_;
    Share writes_follow_reads_;
};

}  // namespace archsim::models
