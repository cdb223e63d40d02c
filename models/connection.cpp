// Members in turn.
#include "models/connection.hpp"

#include "sim/check.hpp"

namespace archsim::models {

TurnRouter::TurnRouter(const BuildContext& context, const Node& from, const EdgeConfig& config,
                       const Component& target)
    : network_{context.network},
      from_{from},
      config_{config},
      target_{target},
      metrics_{context.edges.between(context.name, target.name())} {
    refresh();
}

void TurnRouter::refresh() {
    membership_ = target_.membership();
    for (std::size_t i = destinations_.size(); i < target_.members().size(); ++i) {
        Node& node = *target_.members()[i];
        const sim::Distribution* const delay = config_.delay ? &*config_.delay : nullptr;
        Link& link = network_.connect(from_, node, delay, config_.loss.value());
        link.awaited_for_ever = !config_.timeout;
        destinations_.push_back({&node, &link, &metrics_});
    }
}

Destination* TurnRouter::pick(const Request&) {
    if (membership_ != target_.membership()) [[unlikely]]
        refresh();
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

const Component& target_of(const BuildContext& context, const EdgeConfig& config) {
    const Component* const target = context.directory.component(config.to.name);
    ARCHSIM_CHECK_AT(context.name, target != nullptr, "there is no node {}", config.to.name);
    return *target;
}

}  // namespace archsim::models
