// Starting calls, what is shared between them, and the end of a run.
#include "models/port.hpp"

#include "models/port_attempt.hpp"
#include "models/port_exchange.hpp"
#include "sim/check.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace archsim::models {

Port::Port(sim::Simulation& simulation, const EdgeConfig& config, Router& router, sim::Rng rng,
           PolicyMetrics* metrics, Port* fallback)
    : simulation_{simulation},
      config_{config},
      router_{router},
      rng_{rng},
      plain_{config.is_plain()},
      retries_{config.retry ? config.retry->budget : std::nullopt},
      hedges_{config.hedge ? config.hedge->budget : std::nullopt},
      metrics_{metrics},
      fallback_{fallback} {
    if (EdgeGuard::is_needed(config)) {
        ARCHSIM_CHECK(metrics_ != nullptr, "an edge with policies needs metrics for them");
        guard_ = std::make_unique<EdgeGuard>(config, *metrics_);
    }
    if (config.hedge && config.hedge->after_quantile) {
        estimate_ = std::make_unique<LatencyEstimate>(*config.hedge->after_quantile);
    }
}

Port::~Port() {
    close();
    while (exchanges_ != nullptr) delete exchanges_;
    while (attempts_ != nullptr) delete attempts_;
}

void Port::close() {
    // Callers and callees may still point to what is in flight, so it lives until the port goes.
    closed_ = true;
    for (Exchange* call = exchanges_; call != nullptr; call = call->next) call->stop();
    for (Attempt* attempt = attempts_; attempt != nullptr; attempt = attempt->next) {
        attempt->cancel();
    }
}

Port::Pending* Port::start(const Request& request, sim::Completion<Response>& waiter) {
    if (!plain_ || request.deadline != sim::Instant::never()) {
        auto* const exchange = new Exchange{*this, request, waiter};
        exchange->begin();
        return exchange;  // only compared or used while the waiter has not been told
    }
    Destination* const destination = router_.pick(request);
    if (destination == nullptr) {
        waiter.completed(Response::only(Outcome::rejected));
        return nullptr;
    }
    auto* const attempt = new Attempt{*this, *destination, request, nullptr, &waiter};
    attempt->send();
    return attempt;
}

sim::Duration Port::pause_before(int attempt) {
    const RetryConfig& retry = *config_.retry;
    const double growth = std::pow(retry.multiplier, attempt - 2);
    const sim::Duration pause = std::min(retry.backoff.scaled(growth), retry.max_backoff);
    return retry.jitter ? pause.scaled(rng_.uniform()) : pause;
}

std::optional<sim::Duration> Port::hedge_delay() const {
    if (!config_.hedge) return std::nullopt;
    return estimate_ != nullptr ? estimate_->value() : config_.hedge->after_time;
}

void Port::ended(Attempt& attempt, std::optional<Outcome> outcome) {
    const sim::Duration latency = simulation_.now() - attempt.sent();
    router_.ended(attempt.destination(), attempt.request(), outcome, latency);
    if (guard_ != nullptr) leave(attempt.pass, outcome, latency);
}

void Port::leave(EdgeGuard::Pass& pass, std::optional<Outcome> outcome, sim::Duration latency) {
    if (!guard_->leave(pass, simulation_.now(), outcome, latency)) return;
    Exchange& first = *line_first_;
    leave_line(first);
    first.place_granted();
}

void Port::join_line(Exchange& exchange) {
    exchange.line_previous = line_last_;
    (line_last_ != nullptr ? line_last_->line_next : line_first_) = &exchange;
    line_last_ = &exchange;
}

void Port::leave_line(Exchange& exchange) {
    (exchange.line_previous != nullptr ? exchange.line_previous->line_next : line_first_) =
        exchange.line_next;
    (exchange.line_next != nullptr ? exchange.line_next->line_previous : line_last_) =
        exchange.line_previous;
    exchange.line_next = exchange.line_previous = nullptr;
}

}  // namespace archsim::models
