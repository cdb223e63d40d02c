// Sending, waiting for an answer, and giving up.
#include "models/queue/delivery.hpp"

#include "models/queue/subscription.hpp"

#include <utility>

namespace archsim::models {

Consumer::Consumer(const BuildContext& context, const Node& from, const ConsumerConfig& config,
                   Subscription& subscription)
    : config_{config},
      network_{context.network},
      from_{from},
      subscription_{subscription},
      target_{target_of(context, config)},
      metrics_{context.edges.between(context.name, target_.name())},
      port_{context.simulation, config, *this,
            context.edges.stream(context.seed, from.name(), "network", config.to.name)} {
    context.edges.add(port_);
    refresh();
}

void Consumer::refresh() {
    membership_ = target_.membership();
    for (std::size_t i = destinations_.size(); i < target_.members().size(); ++i) {
        Node& worker = *target_.members()[i];
        Link& link = network_.connect(from_, worker, config_);
        link.awaited_for_ever = !config_.timeout && !subscription_.config().visibility_timeout;
        Inbox& inbox = inboxes_.emplace_back(worker, subscription_);
        destinations_.push_back({&inbox, &link, &metrics_});
    }
}

Destination* Consumer::pick(const Request&) {
    if (membership_ != target_.membership()) [[unlikely]]
        refresh();
    for (std::size_t tried = 0; tried < destinations_.size(); ++tried) {
        if (next_ >= destinations_.size()) next_ = 0;
        const std::size_t candidate = next_++;
        if (!target_.members()[candidate]->is_retired()) return &destinations_[candidate];
    }
    return nullptr;
}

Delivery::Delivery(Subscription& subscription, Port& port, Consumer* consumer, Message& message)
    : subscription_{subscription}, port_{port}, consumer_{consumer}, message_{&message} {
    next = subscription.deliveries_;
    if (next != nullptr) next->previous = this;
    subscription.deliveries_ = this;
}

Delivery::~Delivery() {
    (previous != nullptr ? previous->next : subscription_.deliveries_) = next;
    if (next != nullptr) next->previous = previous;
}

void Delivery::send() {
    answered_ = resting_ = false;
    const std::optional<sim::Duration>& timeout = subscription_.config().visibility_timeout;
    if (timeout) subscription_.simulation().schedule_in(timer_, *timeout);
    sending_ = true;
    Port::Pending* const pending = port_.start(message_->request, *this);
    sending_ = false;
    if (answered_) {
        subscription_.ended(*this, outcome_);
    } else {
        pending_ = pending;
    }
}

void Delivery::completed(Response response) {
    pending_ = nullptr;
    answered_ = true;
    outcome_ = response.outcome;
    if (!sending_) subscription_.ended(*this, outcome_);
}

void Delivery::rest(sim::Duration time) {
    timer_.cancel();
    resting_ = true;
    subscription_.simulation().schedule_in(timer_, time);
}

void Delivery::give_up() {
    timer_.cancel();
    if (pending_ != nullptr) std::exchange(pending_, nullptr)->abandon();
}

void Delivery::timer_ended(sim::Event& event) {
    Delivery& delivery = static_cast<Timer&>(event).delivery;
    if (!delivery.resting_) {
        delivery.give_up();
        delivery.subscription_.ended(delivery, std::nullopt);
    } else if (delivery.message_ != nullptr) {
        delivery.send();
    } else {
        delivery.subscription_.rested(delivery);
    }
}

}  // namespace archsim::models
