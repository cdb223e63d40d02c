// The circuit breaker and the bulkhead without an engine: timelines worked out by hand, to the
// nanosecond.
#include "models/resilience/circuit_breaker.hpp"

#include "models/resilience/bulkhead.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>

using namespace archsim;
using namespace archsim::models;
using sim::Duration;
using sim::Instant;
using State = CircuitBreaker::State;

namespace {

constexpr std::int64_t millisecond = 1'000'000;
Instant instant_at(std::int64_t nanoseconds) {
    return Instant::at(Duration::nanoseconds(nanoseconds));
}

/// A call that is asked for and ends at the same instant; whether it was let through.
bool call(CircuitBreaker& breaker, std::int64_t nanoseconds, bool good) {
    const std::optional<CircuitBreaker::Spell> spell = breaker.ask(instant_at(nanoseconds));
    if (!spell) return false;
    breaker.ended(*spell, instant_at(nanoseconds), good);
    return true;
}

BreakerConfig in_a_row(std::int64_t failures, std::int64_t probes = 1) {
    BreakerConfig config;
    config.failures = failures;
    config.open_time = Duration::milliseconds(100);
    config.probes = probes;
    return config;
}

}  // namespace

TEST_SUITE("resilience: circuit breaker") {
    TEST_CASE("it opens at the third failure in a row and lets a probe through on time") {
        CircuitBreaker breaker{in_a_row(3)};
        CHECK(call(breaker, 1 * millisecond, false));
        CHECK(call(breaker, 2 * millisecond, false));
        CHECK(call(breaker, 3 * millisecond, true));  // a good one: counting starts anew
        CHECK(call(breaker, 4 * millisecond, false));
        CHECK(call(breaker, 5 * millisecond, false));
        CHECK(breaker.state(instant_at(5 * millisecond)) == State::closed);
        CHECK(call(breaker, 6 * millisecond, false));
        CHECK(breaker.state(instant_at(6 * millisecond)) == State::open);
        CHECK_FALSE(call(breaker, 106 * millisecond - 1, true));
        CHECK(breaker.state(instant_at(106 * millisecond)) == State::half_open);
        CHECK(call(breaker, 106 * millisecond, true));
        CHECK(breaker.state(instant_at(106 * millisecond)) == State::closed);
        // Closed, it has forgotten the failures of before.
        CHECK(call(breaker, 107 * millisecond, false));
        CHECK(call(breaker, 108 * millisecond, false));
        CHECK(breaker.state(instant_at(108 * millisecond)) == State::closed);
    }

    TEST_CASE("ended() says when it opens") {
        CircuitBreaker breaker{in_a_row(2)};
        const auto first = breaker.ask(instant_at(0));
        const auto second = breaker.ask(instant_at(0));
        CHECK_FALSE(breaker.ended(*first, instant_at(1), false));
        CHECK(breaker.ended(*second, instant_at(2), false));
    }

    TEST_CASE("half open, only so many probes are out, and all must end well") {
        CircuitBreaker breaker{in_a_row(1, 2)};
        CHECK(call(breaker, 0, false));
        const auto first = breaker.ask(instant_at(100 * millisecond));
        const auto second = breaker.ask(instant_at(100 * millisecond));
        REQUIRE(first);
        REQUIRE(second);
        CHECK_FALSE(breaker.ask(instant_at(100 * millisecond)));
        breaker.ended(*first, instant_at(110 * millisecond), true);
        CHECK_FALSE(breaker.ask(instant_at(110 * millisecond)));  // the second still decides
        CHECK(breaker.state(instant_at(110 * millisecond)) == State::half_open);
        breaker.ended(*second, instant_at(120 * millisecond), true);
        CHECK(breaker.state(instant_at(120 * millisecond)) == State::closed);
    }

    TEST_CASE("the first bad probe opens it again for the whole time, counted from its end") {
        CircuitBreaker breaker{in_a_row(1, 2)};
        CHECK(call(breaker, 0, false));
        const auto first = breaker.ask(instant_at(100 * millisecond));
        const auto second = breaker.ask(instant_at(100 * millisecond));
        CHECK(breaker.ended(*first, instant_at(130 * millisecond), false));
        CHECK_FALSE(
            breaker.ended(*second, instant_at(131 * millisecond), true));  // too late to matter
        CHECK_FALSE(breaker.ask(instant_at(230 * millisecond - 1)));
        CHECK(breaker.ask(instant_at(230 * millisecond)).has_value());
    }

    TEST_CASE("a probe that nobody heard of gives its place to another") {
        CircuitBreaker breaker{in_a_row(1)};
        CHECK(call(breaker, 0, false));
        const auto lost = breaker.ask(instant_at(100 * millisecond));
        REQUIRE(lost);
        CHECK_FALSE(breaker.ask(instant_at(101 * millisecond)));
        breaker.ended(*lost, instant_at(102 * millisecond), std::nullopt);
        CHECK(breaker.ask(instant_at(102 * millisecond)).has_value());
    }

    TEST_CASE("calls of before the opening do not count afterwards") {
        CircuitBreaker breaker{in_a_row(1)};
        const auto slow = breaker.ask(instant_at(0));
        CHECK(call(breaker, 1 * millisecond, false));
        CHECK(call(breaker, 101 * millisecond, true));  // the probe closes it
        CHECK_FALSE(breaker.ended(*slow, instant_at(102 * millisecond), false));
        CHECK(breaker.state(instant_at(102 * millisecond)) == State::closed);
    }

    TEST_CASE("by rate it waits for enough calls, and old ones leave with their tenth") {
        BreakerConfig config;
        config.failure_rate = sim::Probability{0.5};
        config.window = Duration::milliseconds(100);
        config.least_calls = 4;
        config.open_time = Duration::seconds(1);
        CircuitBreaker breaker{config};
        CHECK(call(breaker, 0, false));
        CHECK(call(breaker, 5 * millisecond, false));
        CHECK(
            call(breaker, 9 * millisecond, false));  // three of three failed, but three are too few
        CHECK(breaker.state(instant_at(9 * millisecond)) == State::closed);
        // At 100 ms the tenth from 0 to 10 ms is left out: these are the only ones.
        CHECK(call(breaker, 100 * millisecond, true));
        CHECK(call(breaker, 101 * millisecond, true));
        CHECK(call(breaker, 110 * millisecond, true));
        CHECK(call(breaker, 111 * millisecond, false));
        CHECK(call(breaker, 112 * millisecond, false));
        CHECK(breaker.state(instant_at(112 * millisecond)) == State::closed);  // 2 of 5
        CHECK(call(breaker, 120 * millisecond, false));                        // 3 of 6
        CHECK(breaker.state(instant_at(120 * millisecond)) == State::open);
    }

    TEST_CASE("by rate a call just inside the window still counts") {
        BreakerConfig config;
        config.failure_rate = sim::Probability{0.75};
        config.window = Duration::milliseconds(100);
        config.least_calls = 4;
        config.open_time = Duration::seconds(1);
        CircuitBreaker breaker{config};
        for (int i = 0; i < 3; ++i) CHECK(call(breaker, 9 * millisecond, false));
        CHECK(call(breaker, 99 * millisecond + 999'999, true));
        CHECK(breaker.state(instant_at(100 * millisecond)) == State::open);  // 3 of 4
    }

    TEST_CASE("a bulkhead has so many places and so many that wait") {
        Bulkhead bulkhead{BulkheadConfig{2, {1}}};
        CHECK(bulkhead.enter() == Bulkhead::Entry::in);
        CHECK(bulkhead.enter() == Bulkhead::Entry::in);
        CHECK(bulkhead.enter() == Bulkhead::Entry::wait);
        CHECK(bulkhead.enter() == Bulkhead::Entry::full);
        CHECK(bulkhead.leave());  // the one that waited is in
        CHECK(bulkhead.inside() == 2);
        CHECK_FALSE(bulkhead.leave());
        CHECK(bulkhead.inside() == 1);
        CHECK(bulkhead.enter() == Bulkhead::Entry::in);
        CHECK(bulkhead.enter() == Bulkhead::Entry::wait);
        bulkhead.leave_line();
        CHECK_FALSE(bulkhead.leave());
    }
}
