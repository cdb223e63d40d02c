// Picking a member for a read.
#include "models/database/read_routing.hpp"

#include "models/database/member.hpp"

#include <algorithm>
#include <numeric>

namespace archsim::models {

ReadRule::ReadRule(ReplicaGroup& group, const Node& caller)
    : group_{group}, caller_{group.callers().add(caller)} {
    const std::size_t count = group.members().size();
    std::vector<double> distances;
    for (const ReplicaMember* const member : group.members()) {
        distances.push_back(group.context().network.mean_delay(caller.region(), member->region()));
    }
    by_distance_.resize(count);
    std::iota(by_distance_.begin(), by_distance_.end(), std::size_t{0});
    std::ranges::stable_sort(by_distance_, {}, [&](std::size_t i) { return distances[i]; });
    for (const std::size_t member : by_distance_) distance_.push_back(distances[member]);
}

std::optional<std::size_t> ReadRule::pick(const Request& request) {
    const ReadRouting& routing = group_.config().read_from;
    if (request.access == Access::write || std::holds_alternative<ReadPrimary>(routing)) {
        return caller_.primary();
    }
    if (std::holds_alternative<ReadAny>(routing)) return turn_++ % by_distance_.size();
    return nearest(request);
}

std::size_t ReadRule::nearest(const Request& request) {
    const std::size_t count = by_distance_.size();
    const std::size_t skipped = std::size_t{request.attempt} - 1;
    for (std::size_t begin = 0; begin < count;) {
        std::size_t end = begin + 1;
        while (end < count && distance_[end] == distance_[begin]) ++end;
        ++turn_;
        for (std::size_t i = 0; i < end - begin; ++i) {
            const std::size_t place = begin + (turn_ + i) % (end - begin);
            if (place >= skipped && is_good(by_distance_[place], request)) {
                return by_distance_[place];
            }
        }
        begin = end;
    }
    return caller_.primary();
}

bool ReadRule::is_good(std::size_t number, const Request& request) const {
    const ReplicaMember& member = *group_.members()[number];
    const ReadRouting& routing = group_.config().read_from;
    if (std::holds_alternative<ReadYourWrites>(routing)) {
        return member.applied() >= group_.last_write(request);
    }
    if (const auto* const bounded = std::get_if<ReadBoundedLag>(&routing)) {
        return member.behind() <= bounded->bound;
    }
    return true;
}

}  // namespace archsim::models
