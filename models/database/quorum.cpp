// The kind "quorum": replicas without a primary, and which of them a caller turns to.
#include "models/catalog.hpp"
#include "models/database/quorum_group.hpp"
#include "models/database/quorum_member.hpp"
#include "models/replicated.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace archsim::models {

namespace {

class QuorumDatabase final : public Component, public Replicated {
public:
    using Config = QuorumConfig;

    QuorumDatabase(Config config, const BuildContext& context)
        : Component{context.name, context.kind}, group_{std::move(config), context} {
        join_all(name() + "/", group_.config().replicas, group_.config().replica_regions);
        if (const auto& stand_ins = group_.config().stand_ins) {
            join_all(name() + "/stand_in/", stand_ins->count, stand_ins->regions);
        }
        join_all(name() + "/coordinator/", group_.config().coordinators,
                 group_.config().coordinator_regions);
    }

    void start() override {
        for (QuorumMember& member : members_) member.start();
    }
    void check_end() override {
        for (QuorumMember& member : members_) member.check();
    }
    [[nodiscard]] bool holds_data() const override { return true; }
    /// Reads and writes that need the same number of replicas, which no stand-in replaces.
    [[nodiscard]] Profile profile(std::uint32_t) const override {
        const QuorumConfig& config = group_.config();
        Profile profile;
        profile.is_timed = profile.is_all_work = false;
        const bool is_plain = config.read_quorum == config.write_quorum && !config.hints &&
                              !config.write_back && config.coordinators > 0;
        if (is_plain) {
            profile.quorum = MemberQuorum{static_cast<std::uint32_t>(config.read_quorum),
                                          static_cast<std::uint32_t>(config.replicas)};
        }
        return profile;
    }
    [[nodiscard]] std::size_t fatal_failures(Access access) const override {
        return group_.config().fatal_failures(access);
    }
    [[nodiscard]] bool report_settled(HistoryRecorder& history) override {
        return group_.report_settled(history);
    }
    [[nodiscard]] std::vector<Node*> nearest(std::uint32_t region) override {
        const bool coordinates = group_.config().coordinators > 0;
        const std::size_t first = coordinates ? group_.holders() : 0;
        const std::size_t last = coordinates ? members_.size() : group_.replicas();
        std::vector<std::pair<double, Node*>> found;
        for (std::size_t i = first; i < last; ++i) {
            const double delay = group_.context().network.mean_delay(region, members_[i].region());
            found.emplace_back(delay, &members_[i]);
        }
        std::ranges::stable_sort(found, {}, &std::pair<double, Node*>::first);
        // Where all are equally near, the caller takes them in turn.
        if (first == 0 && found.front().first == found.back().first) return {};
        std::vector<Node*> nodes;
        for (const auto& [delay, node] : found) nodes.push_back(node);
        return nodes;
    }

private:
    void join_all(const std::string& prefix, std::int64_t count,
                  const std::vector<RegionName>& regions) {
        const BuildContext& context = group_.context();
        for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
            const std::uint32_t region =
                i < regions.size() ? context.number_of(regions[i]) : context.region;
            QuorumMember& member =
                members_.emplace_back(group_, *this, prefix + std::to_string(i), region);
            // Nobody calls a stand-in over an edge.
            const bool is_stand_in =
                member.number() >= group_.replicas() && member.number() < group_.holders();
            if (is_stand_in) {
                add_helper(member);
            } else {
                add_member(member);
            }
        }
    }

    QuorumGroup group_;
    std::deque<QuorumMember> members_;
};

}  // namespace

extern const NodeKind quorum_kind;
const NodeKind quorum_kind = NodeKind::of<QuorumDatabase>();

}  // namespace archsim::models
