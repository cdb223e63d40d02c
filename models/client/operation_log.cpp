// Sessions and endings of recorded operations.
#include "models/client/operation_log.hpp"

namespace archsim::models {

OpenOperation* OperationLog::begin(const Request& request, std::uint8_t side) {
    if (!is_on()) return nullptr;
    const std::uint32_t index = session_indices_.add(request.session);
    if (index == sessions_.size()) sessions_.push_back(closed);
    std::uint32_t& session = sessions_[index];
    if (session == closed) session = history_.next_session();
    Operation operation;
    operation.key = request.key;
    operation.kind = request.access;
    operation.version = request.version;
    operation.session = session;
    operation.side = side;
    operation.place = place_;
    return &history_.begin(operation, request.issued);
}

void OperationLog::end(OpenOperation* operation, const Request& request, const Response& response,
                       sim::Instant now) {
    if (operation == nullptr) return;
    const Ending ending = ending_of(*operation, response);
    if (ending == Ending::ok && operation->kind == Access::read) {
        operation->version = response.version;
    }
    if (ending == Ending::indeterminate) sessions_[session_indices_.add(request.session)] = closed;
    history_.end(*operation, ending, now);
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
