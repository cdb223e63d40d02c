// Sessions and endings of recorded operations.
#include "models/client/operation_log.hpp"

namespace archsim::models {

std::uint32_t OperationLog::begin(const Request& request, std::uint8_t side) {
    if (!is_on()) return unrecorded;
    const std::uint32_t index = session_indices_.add(request.session);
    if (index == sessions_.size()) sessions_.emplace_back();
    Session& session = sessions_[index];
    if (!session.is_open) session = {history_.next_session(), true};
    Operation operation;
    operation.key = request.key;
    operation.kind = request.access;
    operation.version = request.version;
    operation.session = session.number;
    operation.side = side;
    if (free_.empty()) {
        free_.push_back(static_cast<std::uint32_t>(open_.size()));
        open_.emplace_back();
    }
    const std::uint32_t number = free_.back();
    free_.pop_back();
    open_[number] = {history_.begin(operation, request.issued), index};
    return number;
}

void OperationLog::end(std::uint32_t number, const Response& response, sim::Instant now) {
    if (number == unrecorded) return;
    free_.push_back(number);
    Open& open = open_[number];
    const Ending ending = ending_of(open.operation, response);
    if (ending == Ending::ok && open.operation.kind == Access::read) {
        open.operation.version = response.version;
    }
    if (ending == Ending::indeterminate) sessions_[open.session].is_open = false;
    history_.end(open.operation, ending, now);
}

Ending OperationLog::ending_of(const Operation& operation, const Response& response) const {
    switch (response.outcome) {
        case Outcome::ok:
            if (response.store == history_.observed()) return Ending::ok;
            // No store has spoken yet: a buffer on the way may still pass the write on.
            if (response.store == 0 && operation.kind == Access::write) break;
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
