// The kind "multi_primary": sites that all take writes, and which of them a caller turns to.
#include "models/catalog.hpp"
#include "models/database/primary_sites.hpp"
#include "models/database/site_member.hpp"
#include "models/replicated.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace archsim::models {

namespace {

class MultiPrimary final : public Component, public Replicated {
public:
    using Config = MultiPrimaryConfig;

    MultiPrimary(Config config, const BuildContext& context)
        : Component{context.name, context.kind}, group_{std::move(config), context} {
        const std::vector<RegionName>& regions = group_.config().site_regions;
        for (std::size_t i = 0; i < group_.sites(); ++i) {
            const std::uint32_t region =
                i < regions.size() ? context.number_of(regions[i]) : context.region;
            add_member(
                sites_.emplace_back(group_, *this, name() + "/" + std::to_string(i), region));
        }
    }

    void start() override {
        for (SiteMember& site : sites_) site.start();
    }
    void check_end() override {
        for (SiteMember& site : sites_) site.check();
    }
    [[nodiscard]] bool holds_data() const override { return true; }
    [[nodiscard]] bool promises_no_loss() const override {
        return group_.config().sync() != nullptr;
    }
    [[nodiscard]] std::size_t fatal_failures(Access access) const override {
        // All sites vote on a write.
        return promises_no_loss() && access == Access::write ? 1 : group_.sites();
    }
    [[nodiscard]] bool report_settled(HistoryRecorder& history) override {
        return group_.report_settled(history);
    }
    [[nodiscard]] std::vector<Node*> nearest(std::uint32_t region) override {
        std::vector<std::pair<double, Node*>> found;
        for (SiteMember& site : sites_) {
            found.emplace_back(group_.context().network.mean_delay(region, site.region()), &site);
        }
        std::ranges::stable_sort(found, {}, &std::pair<double, Node*>::first);
        // Where all are equally near, the caller takes them in turn.
        if (found.front().first == found.back().first) return {};
        std::vector<Node*> nodes;
        for (const auto& [delay, node] : found) nodes.push_back(node);
        return nodes;
    }

private:
    PrimarySites group_;
    std::deque<SiteMember> sites_;
};

}  // namespace

extern const NodeKind multi_primary_kind;
const NodeKind multi_primary_kind = NodeKind::of<MultiPrimary>();

}  // namespace archsim::models
