// The way of one try, leg by leg.
#include "models/port_attempt.hpp"

#include "models/port_exchange.hpp"
#include "models/span_log.hpp"
#include "models/usage.hpp"

#include <utility>

namespace archsim::models {

namespace {

/// The meters of the component that `node` belongs to, for a message to or from `other`; nullptr if
/// it has none or the message stays within it.
Usage* meters_of(const Node& node, const Node& other) {
    Component& owner = node.owner();
    if (owner.usage() == nullptr || &owner == &other.owner()) [[likely]]
        return nullptr;
    return owner.usage();
}

}  // namespace

Port::Attempt::Attempt(Port& port, Destination& destination, const Request& request,
                       Exchange* exchange, sim::Completion<Response>* waiter)
    : Event{&Attempt::leg_ended},
      port_{port},
      destination_{destination},
      request_{request},
      sent_{port.simulation_.now()},
      exchange_{exchange},
      waiter_{waiter} {
    next = port.attempts_;
    if (next != nullptr) next->previous = this;
    port.attempts_ = this;
    destination.metrics->calls->add();
}

Port::Attempt::~Attempt() {
    (previous != nullptr ? previous->next : port_.attempts_) = next;
    if (next != nullptr) next->previous = previous;
}

void Port::Attempt::send() {
    const Link& link = *destination_.link;
    if (port_.spans_ != nullptr) [[unlikely]] {
        span_ = port_.spans_->sent(request_, *link.from, *link.to, port_.simulation_.now());
    }
    if (Usage* const usage = meters_of(*link.from, *link.to)) {
        usage->sent(link.from->region(), request_.size);
    }
    const std::optional<sim::Duration> delay =
        send_over(link, link.out, request_.size, port_.simulation_.now(), port_.rng_);
    if (!delay) {  // only the caller's timeout will tell
        lost_ = true;
        return;
    }
    if (*delay == sim::Duration{}) {
        deliver();
    } else {
        port_.simulation_.schedule_in(*this, *delay);
    }
}

void Port::Attempt::leg_ended(sim::Event& event) {
    Attempt& attempt = static_cast<Attempt&>(event);
    if (attempt.answering_) {
        attempt.arrive();
    } else {
        attempt.deliver();
    }
}

bool Port::Attempt::waits_for(const Node& node) {
    const sim::Instant wakes = node.paused_until();
    if (wakes <= port_.simulation_.now()) [[likely]]
        return false;
    // One that never wakes never hears of it; the caller's timeout is all that is left.
    if (wakes != sim::Instant::never()) port_.simulation_.schedule(*this, wakes);
    return true;
}

void Port::Attempt::deliver() {
    if (!destination_.node->is_up()) {
        reply(Response::only(Outcome::unreachable));
        return;
    }
    if (waits_for(*destination_.node)) return;
    if (span_ != 0) [[unlikely]]
        port_.spans_->delivered(request_, span_, port_.simulation_.now());
    const Node& node = *destination_.node;
    if (Usage* const usage = meters_of(node, *destination_.link->from)) {
        usage->received(request_.access);
    }
    destination_.node->accept(request_, *this);
}

void Port::Attempt::completed(Response response) {
    const Node& node = *destination_.node;
    if (Usage* const usage = meters_of(node, *destination_.link->from)) {
        usage->sent(node.region(), response.size);
    }
    reply(response);
}

void Port::Attempt::abandoned() {
    if (port_.closed_) return;
    reply(Response::only(Outcome::unreachable));
}

void Port::Attempt::reply(Response response) {
    if (!matters()) {
        delete this;
        return;
    }
    response_ = response;
    answering_ = true;
    if (span_ != 0) [[unlikely]]
        port_.spans_->replied(request_, span_, port_.simulation_.now());
    const Link& link = *destination_.link;
    const std::optional<sim::Duration> delay =
        send_over(link, link.back, response.size, port_.simulation_.now(), port_.rng_);
    if (!delay) {
        lost_ = true;
        if (!wanted()) delete this;
        return;
    }
    if (*delay == sim::Duration{} && response.outcome != Outcome::unreachable) {
        arrive();
    } else {
        // Bad news travels as an event of its own: a crash must not resume callers in its midst.
        port_.simulation_.schedule_in(*this, *delay);
    }
}

void Port::Attempt::arrive() {
    if (waits_for(*destination_.link->from)) return;
    const sim::Duration latency = port_.simulation_.now() - sent_;
    const Response response = response_;
    if (port_.estimate_ != nullptr && response.outcome == Outcome::ok) {
        port_.estimate_->record(latency);
    }
    if (wanted()) {
        if (span_ != 0) [[unlikely]]
            port_.spans_->ended(request_, span_, response.outcome, port_.simulation_.now());
        destination_.metrics->latency->record(latency);
        port_.ended(*this, response.outcome);
    }
    Exchange* const exchange = exchange_;
    sim::Completion<Response>* const waiter = waiter_;
    if (exchange != nullptr) {
        exchange->answered(*this, response);  // deletes this attempt
        return;
    }
    delete this;
    if (waiter != nullptr) waiter->completed(response);
}

void Port::Attempt::give_up(std::optional<Outcome> outcome) {
    if (port_.closed_) return;
    if (span_ != 0) [[unlikely]]
        port_.spans_->ended(request_, span_, outcome, port_.simulation_.now());
    port_.ended(*this, outcome);
    exchange_ = nullptr;
    waiter_ = nullptr;
    // An answer that is on its way back now has no reader; a request still has to be served.
    if (lost_ || (answering_ && !matters())) delete this;
}

}  // namespace archsim::models
