// Reading, writing and losing versions.
#include "models/database/single_copy.hpp"

#include <optional>

namespace archsim::models {

Version SingleCopy::read(std::uint64_t key) const {
    const std::optional<std::uint32_t> index = indices_.find(key);
    return index ? held_[*index].version : initial_version;
}

Version SingleCopy::write(const Request& request) {
    const sim::Instant now = context_.simulation.now();
    const Version version =
        request.version != 0 ? request.version : context_.history.next_version();
    const std::uint32_t index = indices_.add(request.key);
    if (index == held_.size()) held_.push_back({.key = request.key});
    Version& held = held_[index].version;
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
    const std::size_t lost = held_.size();
    indices_ = KeyIndices{};
    held_.clear();
    return lost;
}

void SingleCopy::report_settled(HistoryRecorder& history) const {
    for (const Held& held : held_) history.settled(held.key, held.version);
}

}  // namespace archsim::models
