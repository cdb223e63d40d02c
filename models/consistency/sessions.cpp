// Compares each operation of a session with the last ones before it.
#include "models/consistency/sessions.hpp"

namespace archsim::models {

void SessionTracker::answered(std::uint32_t key_index, const Operation& operation) {
    SessionState& state = states_.at(SessionTable::place_of(operation.session, key_index));
    const Order rank = versions_->older_rank(operation.version);
    const bool is_read = operation.kind == Access::read;
    Share& after_write = is_read ? read_your_writes_ : monotonic_writes_;
    Share& after_read = is_read ? monotonic_reads_ : writes_follow_reads_;
    if (state.write.before(operation)) {
        after_write.add(rank < state.write.rank);
    }
    if (state.read.before(operation)) {
        after_read.add(rank < state.read.rank);
    }
    (is_read ? state.read : state.write) =
        LastUse{versions_->newer_rank(operation.version), operation.completed_order};
}

SessionResult SessionTracker::result() const {
    SessionResult result{read_your_writes_, monotonic_reads_, std::nullopt, std::nullopt};
    if (versions_->has_positions()) {
        result.monotonic_writes = monotonic_writes_;
        result.writes_follow_reads = writes_follow_reads_;
    }
    return result;
}

}  // namespace archsim::models
