// Timeout, retry and hedging: what a caller does when the answer is late or bad.
#include "models/port_exchange.hpp"

#include <utility>

namespace archsim::models {

Port::Exchange::Exchange(Port& port, const Request& request, sim::Completion<Response>& waiter)
    : port_{port},
      request_{request},
      waiter_{&waiter},
      timeout_{*this, [](sim::Event& e) { static_cast<Timer&>(e).exchange.timed_out(); }},
      retry_{*this, [](sim::Event& e) { static_cast<Timer&>(e).exchange.attempt(); }},
      hedge_{*this, [](sim::Event& e) { static_cast<Timer&>(e).exchange.hedge(); }} {
    next = port.exchanges_;
    if (next != nullptr) next->previous = this;
    port.exchanges_ = this;
}

Port::Exchange::~Exchange() {
    (previous != nullptr ? previous->next : port_.exchanges_) = next;
    if (next != nullptr) next->previous = previous;
}

void Port::Exchange::begin() {
    port_.earn_retry();
    attempt();
}

void Port::Exchange::attempt() {
    ++tries_;
    hedges_ = 0;
    request_.attempt = static_cast<std::uint8_t>(tries_);
    Destination* const destination = port_.router_.pick(request_);
    if (destination == nullptr) {
        const Response nobody = Response::only(Outcome::rejected);
        after_failure(Outcome::rejected, nobody);
        return;
    }
    if (tries_ > 1) destination->metrics->retries->add();
    if (port_.config_.timeout) port_.simulation_.schedule_in(timeout_, *port_.config_.timeout);
    arm_hedge(*destination);
    auto* const attempt = new Attempt{port_, *destination, request_, this, nullptr};
    attempt->sibling = attempts_;
    attempts_ = attempt;
    attempt->send();  // *this may be gone
}

void Port::Exchange::arm_hedge(const Destination& destination) {
    const std::optional<sim::Duration> wait = port_.hedge_delay(destination);
    if (wait && hedges_ < port_.config_.hedge->at_most) {
        port_.simulation_.schedule_in(hedge_, *wait);
    }
}

void Port::Exchange::hedge() {
    Destination* const destination = port_.router_.pick(request_);
    if (destination == nullptr) return;
    ++hedges_;
    destination->metrics->hedges->add();
    arm_hedge(*destination);
    auto* const attempt = new Attempt{port_, *destination, request_, this, nullptr};
    attempt->sibling = attempts_;
    attempts_ = attempt;
    attempt->send();
}

void Port::Exchange::answered(Attempt& attempt, const Response& response) {
    detach(attempt);
    delete &attempt;
    if (response.outcome == Outcome::ok) {
        finish(response);
    } else if (attempts_ == nullptr) {  // else a rival may still bring a good answer
        after_failure(response.outcome, response);
    }
}

void Port::Exchange::timed_out() {
    attempts_->destination().metrics->timeouts->add();
    after_failure(Outcome::timed_out, Response::only(Outcome::timed_out));
}

void Port::Exchange::after_failure(Outcome outcome, const Response& response) {
    give_up_attempts(outcome);
    timeout_.cancel();
    hedge_.cancel();
    const std::optional<RetryConfig>& retry = port_.config_.retry;
    const bool worth = retry && tries_ < retry->attempts &&
                       (outcome != Outcome::rejected || retry->rejected) && port_.spend_retry();
    if (!worth) {
        finish(response);
        return;
    }
    // Even a retry without a pause is an event of its own, so that failures cannot recurse.
    port_.simulation_.schedule_in(retry_, port_.pause_before(tries_ + 1));
}

void Port::Exchange::finish(const Response& response) {
    give_up_attempts(std::nullopt);
    sim::Completion<Response>* const waiter = std::exchange(waiter_, nullptr);
    delete this;
    waiter->completed(response);
}

void Port::Exchange::stop() {
    timeout_.cancel();
    retry_.cancel();
    hedge_.cancel();
}

void Port::Exchange::abandon() {
    if (port_.closed_) return;
    give_up_attempts(std::nullopt);
    delete this;
}

void Port::Exchange::give_up_attempts(std::optional<Outcome> outcome) {
    while (attempts_ != nullptr) {
        Attempt& attempt = *std::exchange(attempts_, attempts_->sibling);
        attempt.give_up(outcome);
    }
}

void Port::Exchange::detach(Attempt& attempt) {
    Attempt** place = &attempts_;
    while (*place != &attempt) place = &(*place)->sibling;
    *place = attempt.sibling;
}

}  // namespace archsim::models
