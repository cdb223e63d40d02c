// Session guarantees (Terry et al., "Session Guarantees for Weakly Consistent Replicated Data",
// 1994), checked per key with the last write and the last read of each session.
#pragma once

#include "models/consistency/session_table.hpp"
#include "models/consistency/share.hpp"
#include "models/consistency/version_table.hpp"
#include "models/history.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

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

    /// What answered() will need for an operation of a session on the key of this number, to be
    /// fetched before.
    [[nodiscard]] const void* address_for(std::uint32_t key_index, std::uint32_t session) const {
        return states_.address_of(SessionTable::place_of(session, key_index));
    }
    /// An operation on the key of this number was answered. Requires: calls in the order of
    /// completion.
    void answered(std::uint32_t key_index, const Operation& operation);

    [[nodiscard]] SessionResult result() const;
    /// Bytes held.
    [[nodiscard]] std::size_t memory() const { return states_.memory(); }

private:
    const VersionTable* versions_;
    SessionTable states_;
    Share read_your_writes_;
    Share monotonic_reads_;
    Share monotonic_writes_;
    Share writes_follow_reads_;
};

}  // namespace archsim::models
