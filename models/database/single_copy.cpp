// Reading, writing and losing versions.
#include "models/database/single_copy.hpp"

namespace archsim::models {

Version SingleCopy::read(std::uint64_t key) const {
    const auto found = versions_.find(key);
    return found == versions_.end() ? initial_version : found->second;
}

Version SingleCopy::write(const Request& request) {
    const sim::Instant now = context_.simulation.now();
    const Version version =
        request.version != 0 ? request.version : context_.history.next_version();
    const auto [place, is_new] = versions_.try_emplace(request.key, initial_version);
    if (is_new) keys_.push_back(request.key);
    Version& held = place->second;
    ++writes_;
    if (context_.history.is_on(context_.number)) {
        const auto node = static_cast<std::uint16_t>(context_.number);
        context_.history.created({.version = version,
                                  .key = request.key,
                                  .parent = held,
                                  .position = writes_,
                                  .created = now,
                                  .origin = node});
        context_.history.applied({.key = request.key, .version = version, .at = now, .replica = 0});
    }
    held = version;
    context_.freshness.committed(context_.number, request.key, version, now);
    return version;
}

std::size_t SingleCopy::forget() {
    const std::size_t lost = versions_.size();
    versions_.clear();
    keys_.clear();
    return lost;
}

void SingleCopy::report_settled(HistoryRecorder& history) const {
    for (const std::uint64_t key : keys_) history.settled(key, read(key));
}

}  // namespace archsim::models
