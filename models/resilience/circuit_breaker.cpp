// The states of a circuit breaker.
#include "models/resilience/circuit_breaker.hpp"

#include <algorithm>

namespace archsim::models {

const Spec<BreakerConfig>& BreakerConfig::spec() {
    static const auto declared =
        Spec<BreakerConfig>{"circuit_breaker", "Sends nothing for a while after too many failures."}
            .optional("failures", &BreakerConfig::failures, "Failures in a row that open it.")
            .at_least(1)
            .optional("failure_rate", &BreakerConfig::failure_rate,
                      "Share of failures within `window` that opens it.")
            .optional("window", &BreakerConfig::window,
                      "The time over which the rate is taken, in tenths of it.")
            .more_than(sim::Duration{})
            .optional("least_calls", &BreakerConfig::least_calls,
                      "Calls in the window without which the rate says nothing.")
            .at_least(1)
            .required("open_time", &BreakerConfig::open_time,
                      "How long nothing is sent once it has opened.")
            .more_than(sim::Duration{})
            .optional("probes", &BreakerConfig::probes,
                      "Calls let through after that; all of them must end well to close it.")
            .at_least(1)
            .at_most(1'000'000)
            .check([](const BreakerConfig& config, const Place& place) {
                if (!config.failures && !config.failure_rate) {
                    place.fail("failures", {.code = Code::bad_value,
                                            .message = "nothing would ever open this breaker",
                                            .hint = "give failures, failure_rate or both"});
                }
                if (config.failure_rate && config.failure_rate->value() <= 0.0) {
                    place.fail("failure_rate", {.code = Code::out_of_range,
                                                .message = "a rate of 0 would open it without any "
                                                           "failure"});
                }
            })
            .assume(
                "Every outcome of a try but ok is a failure for the circuit breaker; what the "
                "edge itself turned away is none.")
            .assume(
                "Each instance of the caller has a breaker of its own, as it has with a "
                "library.");
    return declared;
}

CircuitBreaker::CircuitBreaker(const BreakerConfig& config) : config_{config} {}

CircuitBreaker::State CircuitBreaker::state(sim::Instant now) const {
    return state_ == State::open && now >= opens_up_ ? State::half_open : state_;
}

std::optional<CircuitBreaker::Spell> CircuitBreaker::ask(sim::Instant now) {
    if (state_ == State::open && now >= opens_up_) enter(State::half_open);
    if (state_ == State::open) return std::nullopt;
    if (state_ == State::half_open) {
        if (probing_ + good_ >= config_.probes) return std::nullopt;
        ++probing_;
    }
    return spell_;
}

bool CircuitBreaker::ended(Spell spell, sim::Instant now, std::optional<bool> good) {
    if (spell != spell_) return false;
    if (state_ == State::half_open) {
        --probing_;
        if (!good) return false;
        if (!*good) {
            open(now);
            return true;
        }
        if (++good_ == config_.probes) enter(State::closed);
        return false;
    }
    if (!good) return false;
    count(now, *good);
    if (!has_tripped(now)) return false;
    open(now);
    return true;
}

void CircuitBreaker::open(sim::Instant now) {
    enter(State::open);
    opens_up_ = now + config_.open_time;
}

void CircuitBreaker::enter(State state) {
    state_ = state;
    ++spell_;
    in_a_row_ = probing_ = good_ = 0;
    window_.fill({});
}

void CircuitBreaker::count(sim::Instant now, bool good) {
    in_a_row_ = good ? 0 : in_a_row_ + 1;
    const std::int64_t number = slice_at(now);
    Slice& slice = window_[static_cast<std::size_t>(number % slices)];
    if (slice.number != number) slice = {number, 0, 0};
    ++slice.calls;
    slice.failures += good ? 0 : 1;
}

bool CircuitBreaker::has_tripped(sim::Instant now) const {
    if (config_.failures && in_a_row_ >= *config_.failures) return true;
    if (!config_.failure_rate) return false;
    std::int64_t calls = 0;
    std::int64_t failures = 0;
    for (const Slice& slice : window_) {
        if (slice.number <= slice_at(now) - slices) continue;
        calls += slice.calls;
        failures += slice.failures;
    }
    if (calls < config_.least_calls) return false;
    return static_cast<double>(failures) >=
           config_.failure_rate->value() * static_cast<double>(calls);
}

std::int64_t CircuitBreaker::slice_at(sim::Instant now) const {
    const std::int64_t length = std::max<std::int64_t>(config_.window.count() / slices, 1);
    return now.count() / length;
}

}  // namespace archsim::models
