// What the members of a quorum database do beside answering requests: standing in for replicas out
// of reach, and comparing what they hold.
#include "models/database/quorum_member.hpp"

#include <algorithm>

namespace archsim::models {

sim::Task<> QuorumMember::wait_for(Poll& poll, ReplicaOrder order) {
    const sim::Duration timeout = group_.config().timeout;
    sim::Duration silence;
    if (const auto& stand_ins = group_.config().stand_ins) {
        silence = std::min(stand_ins->after, timeout);
        co_await poll.over(silence);
        for (std::size_t i = 0; i < group_.replicas() && !poll.is_over(); ++i) {
            if (!poll.has_answered(i)) group_.send_instead(number_, i, order, poll.ticket());
        }
    }
    const sim::Duration rest = timeout - silence;
    co_await poll.over(rest);
}

Version QuorumMember::stand_in(const ReplicaOrder& order) {
    const auto found = held_.find({order.owner, order.key});
    const Version known = found == held_.end() ? initial_version : found->second;
    if (order.access == Access::read || !group_.order().is_newer(order.version, known)) {
        return known;
    }
    group_.stands_in(order.key, order.version);
    held_[{order.owner, order.key}] = order.version;
    if (!hands_over_) processes().start(hand_over());
    return order.version;
}

sim::Task<> QuorumMember::hand_over() {
    const Presence presence{*this};
    hands_over_ = true;
    while (!held_.empty()) {
        co_await group_.context().simulation.delay(group_.config().stand_ins->interval);
        auto next = held_.begin();
        while (next != held_.end()) {
            const HeldFor held = next->first;
            ReplicaOrder order;
            order.key = held.second;
            order.version = next->second;
            order.size = group_.config().value_size;
            order.access = Access::write;
            Poll poll{group_.polls(), 1, Poll::Goal::write, 1};
            group_.send(number_, held.first, order, poll.ticket());
            co_await poll.over();
            next = held_.upper_bound(held);
            if (!poll.is_won()) {
                // The rest for this replica waits for the next round.
                next = held_.lower_bound({held.first + 1, 0});
                continue;
            }
            group_.hints.add();
            const auto done = held_.find(held);
            // A newer one may have come while this was on its way.
            if (done->second == order.version) held_.erase(done);
        }
    }
    hands_over_ = false;
}

void QuorumMember::start() {
    if (group_.config().anti_entropy && number_ < group_.replicas() && group_.replicas() > 1) {
        processes().start(compare_regularly());
    }
}

sim::Task<> QuorumMember::compare_regularly() {
    const sim::Duration interval = group_.config().anti_entropy->interval;
    const std::size_t count = group_.replicas();
    // So that the replicas do not all begin at once.
    const double share = static_cast<double>(number_ + 1) / static_cast<double>(count);
    const sim::Duration first = sim::Duration::from_seconds(share * interval.in_seconds());
    std::size_t peer = number_;
    co_await group_.context().simulation.delay(first);
    while (true) {
        peer = (peer + 1) % count;
        if (peer == number_) peer = (peer + 1) % count;
        ReplicaOrder order;
        order.is_comparison = true;
        Poll poll{group_.polls(), 1, Poll::Goal::read, 1};
        group_.send(number_, peer, order, poll.ticket());
        co_await poll.over();
        if (poll.is_won()) group_.even_out(number_, peer);
        co_await group_.context().simulation.delay(interval);
    }
}

void QuorumMember::on_restart() {
    start();
    hands_over_ = false;
    if (is_stand_in() && !held_.empty()) processes().start(hand_over());
}

}  // namespace archsim::models
