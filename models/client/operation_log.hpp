// The operations of a load source as the history sees them: who did what to which key, and what
// they heard of it.
#pragma once

#include "models/consistency/key_indices.hpp"
#include "models/history_recorder.hpp"
#include "models/request.hpp"

#include <cstdint>
#include <vector>

namespace archsim::models {

/// Writes the operations of one source into the history while somebody listens. An operation that
/// did not reach the observed store had no effect there and is recorded as failed.
class OperationLog {
public:
    /// Of clients at `place`, a number of the history, which outlives the log.
    OperationLog(HistoryRecorder& history, std::uint8_t place) : history_{history}, place_{place} {}

    [[nodiscard]] bool is_on() const { return history_.is_on(); }
    /// Records the beginning of `request`, issued from the given side of a partition (0: none), and
    /// returns what end() needs; nullptr while nobody listens. O(1) amortised.
    [[nodiscard]] OpenOperation* begin(const Request& request, std::uint8_t side);
    /// Records the end of what begin() returned for this request. A caller without a certain answer
    /// does not know whether its write took effect, and goes on in a new session.
    void end(OpenOperation* operation, const Request& request, const Response& response,
             sim::Instant now);

private:
    [[nodiscard]] Ending ending_of(const Operation& operation, const Response& response) const;

    static constexpr std::uint32_t closed = UINT32_MAX;

    HistoryRecorder& history_;
    std::uint8_t place_;
    KeyIndices session_indices_;  // of the source's own numbers, of which there may be millions
    std::vector<std::uint32_t> sessions_;  // by index: its number in the history, or `closed`
};

}  // namespace archsim::models
