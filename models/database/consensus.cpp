// The kind "consensus": members that elect a leader and agree on one log.
#include "models/catalog.hpp"
#include "models/database/consensus_group.hpp"
#include "models/database/consensus_member.hpp"
#include "models/database/consensus_routing.hpp"
#include "models/replicated.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace archsim::models {

namespace {

class Consensus final : public Component, public Replicated {
public:
    using Config = ConsensusConfig;

    Consensus(Config config, const BuildContext& context)
        : Component{context.name, context.kind}, group_{std::move(config), context} {
        const std::vector<RegionName>& regions = group_.config().replica_regions;
        for (std::size_t i = 0; i < static_cast<std::size_t>(group_.config().replicas); ++i) {
            const std::uint32_t region =
                i < regions.size() ? context.number_of(regions[i]) : context.region;
            add_member(
                members_.emplace_back(group_, *this, name() + "/" + std::to_string(i), region));
        }
    }

    void connect(Directory&) override {
        for (ConsensusMember& member : members_) member.connect();
    }
    void start() override {
        for (ConsensusMember& member : members_) member.start();
    }
    void check_end() override {
        for (ConsensusMember& member : members_) member.check();
    }
    [[nodiscard]] bool holds_data() const override { return true; }
    [[nodiscard]] bool promises_no_loss() const override { return true; }
    [[nodiscard]] std::size_t fatal_failures(Access access) const override {
        const auto all = static_cast<std::size_t>(group_.config().replicas);
        const bool by_any = access == Access::read && group_.config().reads_stale();
        return by_any ? all : all - group_.config().majority() + 1;
    }
    [[nodiscard]] bool report_settled(HistoryRecorder& history) override {
        const ConsensusMember& leader = members_[group_.reigning()];
        const bool leads = leader.is_up() && leader.is_leader();
        // What the log of the latest leader does not hold, no later one will.
        if (!leads || !leader.is_idle() || leader.committed() < leader.log().end()) return false;
        for (const std::uint64_t key : leader.data().keys()) {
            history.settled(key, leader.data().at(key).version);
        }
        return true;
    }
    [[nodiscard]] std::vector<Node*> nearest(std::uint32_t region) override {
        if (group_.config().redirects()) return {};
        std::vector<std::pair<double, Node*>> found;
        for (ConsensusMember& member : members_) {
            found.emplace_back(group_.context().network.mean_delay(region, member.region()),
                               &member);
        }
        std::ranges::stable_sort(found, {}, &std::pair<double, Node*>::first);
        // Where all are equally near, the caller takes them in turn.
        if (found.front().first == found.back().first) return {};
        std::vector<Node*> nodes;
        for (const auto& [delay, node] : found) nodes.push_back(node);
        return nodes;
    }
    [[nodiscard]] std::unique_ptr<PickingRule> picking_rule(const Node& caller) override {
        if (!group_.config().redirects()) return nullptr;
        return std::make_unique<LeaderRule>(group_, caller);
    }

private:
    ConsensusGroup group_;
    std::deque<ConsensusMember> members_;
};

}  // namespace

extern const NodeKind consensus_kind;
const NodeKind consensus_kind = NodeKind::of<Consensus>();

}  // namespace archsim::models
