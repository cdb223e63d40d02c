// Writes and fresh reads go to the leader, stale reads to who is near.
#include "models/database/consensus_routing.hpp"

#include "models/database/consensus_member.hpp"

#include <algorithm>
#include <numeric>

namespace archsim::models {

LeaderRule::LeaderRule(ConsensusGroup& group, const Node& caller)
    : group_{group}, caller_{group.callers().add(caller)} {
    std::vector<double> distances;
    for (const ConsensusMember* const member : group.members()) {
        distances.push_back(group.context().network.mean_delay(caller.region(), member->region()));
    }
    by_distance_.resize(distances.size());
    std::iota(by_distance_.begin(), by_distance_.end(), std::size_t{0});
    std::ranges::stable_sort(by_distance_, {}, [&](std::size_t i) { return distances[i]; });
    const double least = distances[by_distance_.front()];
    nearest_ = static_cast<std::size_t>(std::ranges::count(distances, least));
}

std::optional<std::size_t> LeaderRule::pick(const Request& request) {
    const bool is_stale = request.access == Access::read && group_.config().reads_stale();
    if (!is_stale) return caller_.primary();
    if (request.attempt == 1) return by_distance_[turn_++ % nearest_];
    return by_distance_[(turn_ + request.attempt - 2U) % by_distance_.size()];
}

}  // namespace archsim::models
