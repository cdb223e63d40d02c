// The kind "primary_replica": one primary, its replicas, and the rule by which callers find them.
#include "models/catalog.hpp"
#include "models/database/detector.hpp"
#include "models/database/member.hpp"
#include "models/database/read_routing.hpp"
#include "models/database/replica_group.hpp"
#include "models/replicated.hpp"

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace archsim::models {

namespace {

class PrimaryReplica final : public Component, public Replicated {
public:
    using Config = PrimaryReplicaConfig;

    PrimaryReplica(Config config, const BuildContext& context)
        : Component{context.name, context.kind}, group_{std::move(config), context} {
        join(name() + "/primary", context.region);
        const auto replicas = static_cast<std::size_t>(group_.config().replicas);
        const auto& regions = group_.config().replica_regions;
        for (std::size_t i = 0; i < replicas; ++i) {
            join(name() + "/replica/" + std::to_string(i),
                 i < regions.size() ? context.number_of(regions[i]) : context.region);
        }
        if (group_.config().failover) add_detector(context);
        publish_keys();
    }

    void start() override {
        for (ReplicaMember& member : members_) member.start();
        if (detector_) detector_->start();
    }
    void check_end() override {
        for (ReplicaMember& member : members_) member.check();
    }
    [[nodiscard]] bool holds_data() const override { return true; }
    [[nodiscard]] bool promises_no_loss() const override {
        const Config& config = group_.config();
        const bool on_disk = std::holds_alternative<DiskDurability>(config.durability);
        const bool in_sync = std::holds_alternative<SyncMode>(config.mode) && config.replicas > 0;
        const auto& failover = config.failover;
        const bool by_merit =
            !failover || (failover->fencing && failover->promotion == Promotion::most_advanced);
        return on_disk && in_sync && by_merit;
    }
    [[nodiscard]] std::size_t fatal_failures(Access access) const override {
        return group_.config().fatal_failures(access);
    }
    [[nodiscard]] bool needs_helper(Access access) const override {
        return group_.config().needs_detector(access);
    }
    [[nodiscard]] bool report_settled(HistoryRecorder& history) override {
        const Reigns& past = group_.past();
        const ReplicaMember& primary = members_[past.at(past.present()).primary];
        for (const ReplicaMember& member : members_) {
            const bool is_done = member.applied() == member.log().end();
            if (!is_done || !member.is_like(primary)) return false;
        }
        for (const std::uint64_t key : primary.data().keys()) {
            history.settled(key, primary.data().at(key).version);
        }
        return true;
    }
    [[nodiscard]] std::unique_ptr<PickingRule> picking_rule(const Node& caller) override {
        return std::make_unique<ReadRule>(group_, caller);
    }

private:
    void join(std::string address, std::uint32_t region) {
        ReplicaMember& member = members_.emplace_back(group_, *this, std::move(address));
        member.set_region(region);
        group_.post().add(member);
        member.join_stations();
        add_member(member);
    }
    void add_detector(const BuildContext& context) {
        const FailoverConfig& failover = *group_.config().failover;
        detector_.emplace(group_, *this, name() + "/detector");
        detector_->set_region(failover.detector_region
                                  ? context.number_of(*failover.detector_region)
                                  : context.region);
        group_.post().add(*detector_);
        group_.callers().told_by(*detector_, failover.interval);
        add_helper(*detector_);
    }
    void publish_keys() {
        group_.context().metrics.derive(
            group_.context().path("keys"), "count",
            [this](const sim::Stretch&) -> std::optional<double> {
                const Reigns& past = group_.past();
                const ReplicaMember& primary = members_[past.at(past.present()).primary];
                return static_cast<double>(primary.data().keys().size());
            });
    }

    ReplicaGroup group_;
    std::deque<ReplicaMember> members_;
    std::optional<Detector> detector_;
};

}  // namespace

extern const NodeKind primary_replica_kind;
const NodeKind primary_replica_kind = NodeKind::of<PrimaryReplica>();

}  // namespace archsim::models
