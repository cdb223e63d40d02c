// Starting calls, the retry budget and the end of a run.
#include "models/port.hpp"

#include "models/port_attempt.hpp"
#include "models/port_exchange.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace archsim::models {

namespace {
constexpr double most_saved_retries = 10.0;
constexpr std::uint64_t answers_before_hedging = 100;
}  // namespace

Port::Port(sim::Simulation& simulation, const EdgeConfig& config, Router& router, sim::Rng rng)
    : simulation_{simulation},
      config_{config},
      router_{router},
      rng_{rng},
      plain_{config.is_plain()} {}

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
    if (!plain_) {
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

void Port::earn_retry() {
    if (!config_.retry || !config_.retry->budget) return;
    saved_retries_ = std::min(saved_retries_ + config_.retry->budget->value(), most_saved_retries);
}

bool Port::spend_retry() {
    if (!config_.retry->budget) return true;
    // The sum of many shares may fall a hair short of a whole retry.
    if (saved_retries_ < 1.0 - 1e-9) return false;
    saved_retries_ -= 1.0;
    return true;
}

sim::Duration Port::pause_before(int attempt) {
    const RetryConfig& retry = *config_.retry;
    const double growth = std::pow(retry.multiplier, attempt - 2);
    const sim::Duration pause = std::min(retry.backoff.scaled(growth), retry.max_backoff);
    return retry.jitter ? pause.scaled(rng_.uniform()) : pause;
}

std::optional<sim::Duration> Port::hedge_delay(const Destination& destination) const {
    if (!config_.hedge) return std::nullopt;
    if (config_.hedge->after_time) return config_.hedge->after_time;
    const sim::Timing& latency = *destination.metrics->latency;
    const sim::Histogram& before = latency.histogram(sim::Span::measured);
    const sim::Histogram& seen =
        before.count() >= answers_before_hedging ? before : latency.histogram(sim::Span::window);
    if (seen.count() < answers_before_hedging) return std::nullopt;
    return seen.quantile(*config_.hedge->after_quantile);
}

}  // namespace archsim::models
