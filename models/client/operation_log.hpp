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
    /// `history` outlives the log.
    explicit OperationLog(HistoryRecorder& history) : history_{history} {}

    [[nodiscard]] bool is_on() const { return history_.is_on(); }
    /// The number that begin() gives while nobody listens.
    static constexpr std::uint32_t unrecorded = UINT32_MAX;

    /// Records the beginning of `request`, issued from the given side of a partition (0: none), and
    /// returns a number for end(). O(1) amortised.
    [[nodiscard]] std::uint32_t begin(const Request& request, std::uint8_t side);
    /// Records the end of the operation that begin() gave this number. A caller without a certain
    /// answer does not know whether its write took effect, and goes on in a new session.
    void end(std::uint32_t number, const Response& response, sim::Instant now);

private:
    [[nodiscard]] Ending ending_of(const Operation& operation, const Response& response) const;

    struct Session {
        std::uint32_t number = 0;
        bool is_open = false;
    };
    struct Open {
        Operation operation;
        std::uint32_t session = 0;  // its index
    };

    HistoryRecorder& history_;
    KeyIndices session_indices_;     // of the source's own numbers, of which there may be millions
    std::vector<Session> sessions_;  // by index
    std::vector<Open> open_;
    std::vector<std::uint32_t> free_;
};

}  // namespace archsim::models
