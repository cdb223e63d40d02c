// Sessions that are new, or have large numbers.
#include "models/client/operation_log.hpp"

namespace archsim::models {

std::uint32_t& OperationLog::unusual_session(std::uint64_t user) {
    if (user < KeyIndices::small_keys) {
        sessions_.resize(static_cast<std::size_t>(user) + 1, closed);
        return sessions_.back();
    }
    const std::uint32_t index = large_.add(user);
    if (index == large_sessions_.size()) large_sessions_.push_back(closed);
    return large_sessions_[index];
}

}  // namespace archsim::models
