// Members by the rule of their component, or in turn.
#include "models/connection.hpp"

#include "sim/check.hpp"

#include <vector>

namespace archsim::models {

MemberRouter::MemberRouter(const BuildContext& context, const Node& from, const EdgeConfig& config,
                           Component& target)
    : network_{context.network},
      from_{from},
      config_{config},
      target_{target},
      metrics_{context.edges.between(context.name, target.name())},
      rule_{target.picking_rule(from)} {
    refresh();
}

void MemberRouter::refresh() {
    membership_ = target_.membership();
    if (by_distance_) return;  // where members stand does not change
    const std::vector<Node*> nearest = target_.nearest(from_.region());
    by_distance_ = !nearest.empty();
    for (Node* const node : nearest) add(*node);
    if (by_distance_) return;
    for (std::size_t i = destinations_.size(); i < target_.members().size(); ++i) {
        add(*target_.members()[i]);
    }
}

void MemberRouter::add(Node& node) {
    Link& link = network_.connect(from_, node, config_);
    link.awaited_for_ever = !config_.timeout;
    destinations_.push_back({&node, &link, &metrics_});
}

Destination* MemberRouter::pick(const Request& request) {
    if (membership_ != target_.membership()) [[unlikely]]
        refresh();
    if (rule_ != nullptr) {
        const std::optional<std::size_t> picked = rule_->pick(request);
        return picked ? &destinations_[*picked] : nullptr;
    }
    if (by_distance_) {
        for (Destination& candidate : destinations_) {
            if (candidate.node->is_up()) return &candidate;
        }
        return &destinations_.front();
    }
    for (std::size_t tried = 0; tried < destinations_.size(); ++tried) {
        if (next_ >= destinations_.size()) next_ = 0;
        Destination& candidate = destinations_[next_++];
        if (!candidate.node->is_retired()) return &candidate;
    }
    return nullptr;
}

Connection::Connection(const BuildContext& context, const Node& from, const EdgeConfig& config)
    : router_{context, from, config, target_of(context, config)},
      port_{context.simulation, config, router_,
            sim::Rng::named(context.seed, from.name(), "network to " + config.to.name)} {
    context.edges.add(port_);
}

Component& target_of(const BuildContext& context, const EdgeConfig& config) {
    Component* const target = context.directory.component(config.to.name);
    ARCHSIM_CHECK_AT(context.name, target != nullptr, "there is no node {}", config.to.name);
    return *target;
}

}  // namespace archsim::models
