// Members by the rule of their component, or in turn.
#include "models/connection.hpp"

#include "sim/check.hpp"

#include <cstdint>
#include <string>
#include <utility>
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
    link.awaited_for_ever = !config_.timeout && !config_.deadline;
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

namespace {

/// The edge to the node that answers instead; without a callee if there is none.
EdgeConfig fallback_of(const EdgeConfig& config) {
    EdgeConfig edge;
    if (!config.fallback || !config.fallback->to) return edge;
    edge.to = *config.fallback->to;
    edge.timeout = config.fallback->timeout;
    return edge;
}

}  // namespace

Connection::Connection(const BuildContext& context, const Node& from, const EdgeConfig& config)
    : Connection{context, from, config, "network"} {}

Connection::Connection(const BuildContext& context, const Node& from, const EdgeConfig& config,
                       const std::string& purpose)
    : router_{context, from, config, target_of(context, config)},
      fallback_edge_{fallback_of(config)},
      fallback_{fallback_edge_.to.name.empty()
                    ? nullptr
                    : new Connection{context, from, fallback_edge_, "fallback"}},
      port_{context.simulation,
            config,
            router_,
            context.edges.stream(context.seed, from.name(), purpose, config.to.name),
            context.edges.policies(context.name, config),
            fallback_ == nullptr ? nullptr : &fallback_->port_} {
    context.edges.add(port_);
}

void add_fallback(Profile& profile, const EdgeConfig& edge) {
    if (!edge.fallback) return;
    CallProfile& call = profile.calls.back();
    call.stood_in_for = true;
    if (!edge.fallback->to) return;
    CallProfile instead = call;
    instead.to = edge.fallback->to->name;
    instead.edge = SIZE_MAX - call.edge;  // no rotation is shared with the edge itself
    instead.at_most = true;
    instead.delay.reset();
    instead.limited = false;
    profile.calls.push_back(std::move(instead));
}

void add_calls(Profile& profile, const EdgeConfig& edge, std::uint32_t operation,
               std::size_t number) {
    const std::size_t place = profile.calls.size();
    profile.calls.push_back({.to = edge.to.name,
                             .operation = operation,
                             .edge = number,
                             .at_most = edge.holds_back(),
                             .plain = edge.is_plain() && edge.loss.value() == 0.0,
                             .after = place,
                             .delay = edge.delay,
                             .limited = edge.bandwidth.has_value()});
    add_fallback(profile, edge);
}

Component& target_of(const BuildContext& context, const EdgeConfig& config) {
    Component* const target = context.directory.component(config.to.name);
    ARCHSIM_CHECK_AT(context.name, target != nullptr, "there is no node {}", config.to.name);
    return *target;
}

}  // namespace archsim::models
