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
    /// What a client keeps of an operation until it ends, besides the request.
    struct Begun {
        std::uint64_t id = 0;
        Order order = before_history;  ///< Operation::invoked_order.
        std::uint32_t session = 0;
        std::uint8_t side = 0;
        bool is_recorded = false;  ///< Somebody listens.
    };

    /// Of clients at `place`, a number of the history, which outlives the log.
    OperationLog(HistoryRecorder& history, std::uint8_t place) : history_{history}, place_{place} {}

    /// Records the beginning of `request`, issued from the given side of a partition (0: none).
    /// Requires: a write carries its version. O(1) amortised.
    [[nodiscard]] Begun begin(const Request& request, std::uint8_t side);
    /// The operation, as it is in flight. Requires: it is recorded.
    [[nodiscard]] Operation operation_of(const Begun& begun, const Request& request) const;
    /// Records the end of what begin() returned for this request. A caller without a certain answer
    /// does not know whether its write took effect, and goes on in a new session.
    void end(const Begun& begun, const Request& request, const Response& response,
             sim::Instant now);

private:
    [[nodiscard]] Ending ending_of(const Request& request, const Response& response) const;

    static constexpr std::uint32_t closed = UINT32_MAX;

    // The number that the history has for one of the source's own, or `closed`.
    std::uint32_t& session_of(std::uint64_t user) {
        return user < sessions_.size() ? sessions_[user] : unusual_session(user);
    }
    [[gnu::noinline]] std::uint32_t& unusual_session(std::uint64_t user);

    HistoryRecorder& history_;
    std::uint8_t place_;
    std::vector<std::uint32_t> sessions_;  // by the source's own number, if that is small
    KeyIndices large_;                     // those that are not, of which there may be millions
    std::vector<std::uint32_t> large_sessions_;  // by their index
};

// Inline, since every operation of a run goes through here.
inline OperationLog::Begun OperationLog::begin(const Request& request, std::uint8_t side) {
    if (!history_.is_on()) return {};
    std::uint32_t& session = session_of(request.session);
    if (session == closed) [[unlikely]]
        session = history_.next_session();
    Begun begun{.session = session, .side = side, .is_recorded = true};
    Operation operation = operation_of(begun, request);
    history_.begin(operation, request.issued);
    begun.id = operation.id;
    begun.order = operation.invoked_order;
    return begun;
}

inline Operation OperationLog::operation_of(const Begun& begun, const Request& request) const {
    Operation operation;
    operation.id = begun.id;
    operation.key = request.key;
    operation.version = request.version;
    operation.invoked = request.issued;
    operation.invoked_order = begun.order;
    operation.session = begun.session;
    operation.side = begun.side;
    operation.place = place_;
    operation.kind = request.access;
    return operation;
}

inline void OperationLog::end(const Begun& begun, const Request& request, const Response& response,
                              sim::Instant now) {
    if (!begun.is_recorded) return;
    const Ending ending = ending_of(request, response);
    if (ending == Ending::indeterminate) session_of(request.session) = closed;
    Operation operation = operation_of(begun, request);
    history_.end(operation, ending, response.version, now);
}

inline Ending OperationLog::ending_of(const Request& request, const Response& response) const {
    switch (response.outcome) {
        case Outcome::ok:
            if (response.store == history_.observed()) return Ending::ok;
            // No store has spoken yet: a buffer on the way may still pass the write on.
            if (response.store == 0 && request.access == Access::write) break;
            return Ending::failed;
        case Outcome::rejected:
            return Ending::rejected;
        case Outcome::failed:
            return Ending::failed;
        case Outcome::timed_out:
        case Outcome::unreachable:
            break;
    }
    return Ending::indeterminate;
}

}  // namespace archsim::models
