// Timeout, deadline, retry, hedging and fallback: what a caller does when the answer is late or
// bad, and what a try goes through before it is sent.
#include "models/port_exchange.hpp"

#include <algorithm>
#include <utility>

namespace archsim::models {

Port::Exchange::Exchange(Port& port, const Request& request, sim::Completion<Response>& waiter)
    : port_{port},
      request_{request},
      callers_deadline_{request.deadline},
      waiter_{&waiter},
      timeout_{*this, [](sim::Event& e) { static_cast<Timer&>(e).exchange.timed_out(); }},
      pause_{*this, &Exchange::pause_over},
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
    port_.retries_.earn();
    port_.hedges_.earn();
    if (port_.metrics_ != nullptr) port_.metrics_->asked->add();
    const sim::Instant now = port_.simulation_.now();
    if (port_.config_.deadline) {
        request_.deadline = std::min(request_.deadline, now + *port_.config_.deadline);
    }
    if (request_.deadline <= now) {
        expire();
        return;
    }
    attempt();
}

void Port::Exchange::pause_over(sim::Event& event) {
    Exchange& exchange = static_cast<Timer&>(event).exchange;
    switch (std::exchange(exchange.step_, Step::nothing)) {
        case Step::retry:
            exchange.attempt();
            break;
        case Step::enter:
            exchange.enter();
            break;
        case Step::launch:
            exchange.launch();
            break;
        default:
            break;
    }
}

void Port::Exchange::attempt() {
    ++tries_;
    hedges_ = 0;
    request_.attempt = static_cast<std::uint8_t>(tries_);
    const sim::Instant now = port_.simulation_.now();
    sim::Instant latest = request_.deadline;
    if (port_.config_.timeout) latest = std::min(latest, now + *port_.config_.timeout);
    if (latest != sim::Instant::never()) port_.simulation_.schedule(timeout_, latest);
    if (port_.guard_ == nullptr) {
        launch();
        return;
    }
    const std::optional<EdgeGuard::Admitted> admission = port_.guard_->admit(now);
    if (!admission) {
        turned_away();
        return;
    }
    pass_ = admission->pass;
    if (admission->wait == sim::Duration{}) {
        enter();
        return;
    }
    step_ = Step::enter;
    port_.simulation_.schedule_in(pause_, admission->wait);
}

void Port::Exchange::enter() {
    entered_ = port_.simulation_.now();
    switch (port_.guard_->enter(pass_)) {
        case Bulkhead::Entry::in:
            launch();
            break;
        case Bulkhead::Entry::wait:
            step_ = Step::line;
            port_.join_line(*this);
            break;
        case Bulkhead::Entry::full:
            turned_away();
            break;
    }
}

void Port::Exchange::place_granted() {
    pass_.bulkhead = true;
    // An event of its own: whoever left must not send on behalf of others.
    step_ = Step::launch;
    port_.simulation_.schedule_in(pause_, {});
}

void Port::Exchange::launch() {
    Destination* const destination = port_.router_.pick(request_);
    if (destination == nullptr) {
        turned_away();
        return;
    }
    if (tries_ > 1) destination->metrics->retries->add();
    if (port_.config_.bulkhead) {
        port_.metrics_->line_time->record(port_.simulation_.now() - entered_);
    }
    arm_hedge();
    send(*destination, std::exchange(pass_, {}));  // *this may be gone
}

void Port::Exchange::send(Destination& destination, const EdgeGuard::Pass& pass) {
    auto* const attempt = new Attempt{port_, destination, request_, this, nullptr};
    attempt->pass = pass;
    attempt->sibling = attempts_;
    attempts_ = attempt;
    attempt->send();
}

void Port::Exchange::arm_hedge() {
    if (!port_.config_.hedge || hedges_ >= port_.config_.hedge->at_most) return;
    const std::optional<sim::Duration> wait = port_.hedge_delay();
    if (wait) port_.simulation_.schedule_in(hedge_, *wait);
}

void Port::Exchange::hedge() {
    if (!port_.hedges_.has_one()) return;
    EdgeGuard::Pass pass;
    if (port_.guard_ != nullptr) {
        const std::optional<EdgeGuard::Pass> given =
            port_.guard_->admit_at_once(port_.simulation_.now());
        if (!given) return;
        pass = *given;
    }
    Destination* const destination = port_.router_.pick(request_);
    if (destination == nullptr) {
        if (port_.guard_ != nullptr) port_.leave(pass, std::nullopt, {});
        return;
    }
    static_cast<void>(port_.hedges_.spend());  // there is one
    ++hedges_;
    destination->metrics->hedges->add();
    arm_hedge();
    send(*destination, pass);
}

void Port::Exchange::answered(Attempt& attempt, const Response& response) {
    detach(attempt);
    delete &attempt;
    note_doubt(response.outcome);
    if (response.outcome == Outcome::ok) {
        finish(response);
    } else if (attempts_ == nullptr) {  // else a rival may still bring a good answer
        after_failure(response);
    }
}

void Port::Exchange::turned_away() { after_failure(Response::only(Outcome::rejected)); }

void Port::Exchange::note_doubt(Outcome outcome) {
    if (request_.access != Access::write) return;
    if (outcome == Outcome::timed_out || outcome == Outcome::unreachable) is_in_doubt_ = true;
}

void Port::Exchange::timed_out() {
    note_doubt(Outcome::timed_out);
    for (const Attempt* attempt = attempts_; attempt != nullptr; attempt = attempt->sibling) {
        attempt->destination().metrics->timeouts->add();
    }
    if (request_.deadline <= port_.simulation_.now()) {
        expire();
    } else {
        after_failure(Response::only(Outcome::timed_out));
    }
}

void Port::Exchange::expire() {
    if (port_.metrics_ != nullptr) port_.metrics_->expired->add();
    end_try(Outcome::timed_out);
    finish(Response::only(Outcome::timed_out));
}

void Port::Exchange::after_failure(const Response& response) {
    end_try(response.outcome);
    const std::optional<RetryConfig>& retry = port_.config_.retry;
    const bool worth = retry && tries_ < retry->attempts &&
                       (response.outcome != Outcome::rejected || retry->rejected);
    if (!worth || !port_.retries_.has_one()) {
        finish(response);
        return;
    }
    const sim::Duration pause = port_.pause_before(tries_ + 1);
    if (request_.deadline - pause <= port_.simulation_.now()) {  // it could not be answered
        finish(response);
        return;
    }
    static_cast<void>(port_.retries_.spend());  // there is one
    // Even a retry without a pause is an event of its own, so that failures cannot recurse.
    step_ = Step::retry;
    port_.simulation_.schedule_in(pause_, pause);
}

void Port::Exchange::finish(const Response& response) {
    end_try(std::nullopt);
    if (response.outcome != Outcome::ok && port_.config_.fallback && !fell_back_) {
        fall_back();
    } else {
        deliver(response);
    }
}

void Port::Exchange::fall_back() {
    fell_back_ = true;
    port_.metrics_->fallbacks->add();
    if (port_.fallback_ == nullptr) {
        Response fixed;
        fixed.size = port_.config_.fallback->size;
        completed(fixed);
        return;
    }
    request_.deadline = callers_deadline_;
    request_.attempt = 1;
    std::optional<Response> early;
    early_ = &early;
    fallback_ = port_.fallback_->start(request_, *this);
    early_ = nullptr;
    if (early) completed(*early);
}

void Port::Exchange::completed(Response response) {
    if (early_ != nullptr) {  // start() has not returned yet
        early_->emplace(response);
        return;
    }
    response.degraded = true;
    deliver(response);
}

void Port::Exchange::deliver(const Response& response) {
    Response last = response;
    // That a later try was turned away does not undo what an earlier one may have done.
    const bool is_refusal = last.outcome == Outcome::rejected || last.outcome == Outcome::failed;
    if (is_in_doubt_ && is_refusal) last.outcome = Outcome::timed_out;
    sim::Completion<Response>* const waiter = std::exchange(waiter_, nullptr);
    delete this;
    waiter->completed(last);
}

void Port::Exchange::stop() {
    timeout_.cancel();
    pause_.cancel();
    hedge_.cancel();
}

void Port::Exchange::abandon() {
    if (port_.closed_) return;
    end_try(std::nullopt);
    if (fallback_ != nullptr) fallback_->abandon();
    delete this;
}

void Port::Exchange::end_try(std::optional<Outcome> outcome) {
    give_up_attempts(outcome);
    stop();
    if (port_.guard_ == nullptr) return;
    if (std::exchange(step_, Step::nothing) == Step::line) {
        port_.leave_line(*this);
        port_.guard_->leave_line();
    }
    port_.leave(pass_, std::nullopt, {});
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
