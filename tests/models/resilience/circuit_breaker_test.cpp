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

constexpr std::int64_t ms = 1'000'000;
Instant at(std::int64_t nanoseconds) { return Instant::at(Duration::nanoseconds(nanoseconds)); }

/// A call that is asked for and ends at the same instant; whether it was let through.
bool call(CircuitBreaker& breaker, std::int64_t nanoseconds, bool good) {
    const std::optional<CircuitBreaker::Spell> spell = breaker.ask(at(nanoseconds));
    if (!spell) return false;
    breaker.ended(*spell, at(nanoseconds), good);
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
        CHECK(call(breaker, 1 * ms, false));
        CHECK(call(breaker, 2 * ms, false));
        CHECK(call(breaker, 3 * ms, true));  // a good one: counting starts anew
        CHECK(call(breaker, 4 * ms, false));
        CHECK(call(breaker, 5 * ms, false));
        CHECK(breaker.state(at(5 * ms)) == State::closed);
        CHECK(call(breaker, 6 * ms, false));
        CHECK(breaker.state(at(6 * ms)) == State::open);
        CHECK_FALSE(call(breaker, 106 * ms - 1, true));
        CHECK(breaker.state(at(106 * ms)) == State::half_open);
        CHECK(call(breaker, 106 * ms, true));
        CHECK(breaker.state(at(106 * ms)) == State::closed);
        // Closed, it has forgotten the failures of before.
        CHECK(call(breaker, 107 * ms, false));
        CHECK(call(breaker, 108 * ms, false));
        CHECK(breaker.state(at(108 * ms)) == State::closed);
    }

    TEST_CASE("ended() says when it opens") {
        CircuitBreaker breaker{in_a_row(2)};
        const auto first = breaker.ask(at(0));
        const auto second = breaker.ask(at(0));
        CHECK_FALSE(breaker.ended(*first, at(1), false));
        CHECK(breaker.ended(*second, at(2), false));
    }

    TEST_CASE("half open, only so many probes are out, and all must end well") {
        CircuitBreaker breaker{in_a_row(1, 2)};
        CHECK(call(breaker, 0, false));
        const auto first = breaker.ask(at(100 * ms));
        const auto second = breaker.ask(at(100 * ms));
        REQUIRE(first);
        REQUIRE(second);
        CHECK_FALSE(breaker.ask(at(100 * ms)));
        breaker.ended(*first, at(110 * ms), true);
        CHECK_FALSE(breaker.ask(at(110 * ms)));  // the second still decides
        CHECK(breaker.state(at(110 * ms)) == State::half_open);
        breaker.ended(*second, at(120 * ms), true);
        CHECK(breaker.state(at(120 * ms)) == State::closed);
    }

    TEST_CASE("the first bad probe opens it again for the whole time, counted from its end") {
        CircuitBreaker breaker{in_a_row(1, 2)};
        CHECK(call(breaker, 0, false));
        const auto first = breaker.ask(at(100 * ms));
        const auto second = breaker.ask(at(100 * ms));
        CHECK(breaker.ended(*first, at(130 * ms), false));
        CHECK_FALSE(breaker.ended(*second, at(131 * ms), true));  // too late to matter
        CHECK_FALSE(breaker.ask(at(230 * ms - 1)));
        CHECK(breaker.ask(at(230 * ms)).has_value());
    }

    TEST_CASE("a probe that nobody heard of gives its place to another") {
        CircuitBreaker breaker{in_a_row(1)};
        CHECK(call(breaker, 0, false));
        const auto lost = breaker.ask(at(100 * ms));
        REQUIRE(lost);
        CHECK_FALSE(breaker.ask(at(101 * ms)));
        breaker.ended(*lost, at(102 * ms), std::nullopt);
        CHECK(breaker.ask(at(102 * ms)).has_value());
    }

    TEST_CASE("calls of before the opening do not count afterwards") {
        CircuitBreaker breaker{in_a_row(1)};
        const auto slow = breaker.ask(at(0));
        CHECK(call(breaker, 1 * ms, false));
        CHECK(call(breaker, 101 * ms, true));  // the probe closes it
        CHECK_FALSE(breaker.ended(*slow, at(102 * ms), false));
        CHECK(breaker.state(at(102 * ms)) == State::closed);
    }

    TEST_CASE("by rate it waits for enough calls, and old ones leave with their tenth") {
        BreakerConfig config;
        config.failure_rate = sim::Probability{0.5};
        config.window = Duration::milliseconds(100);
        config.least_calls = 4;
        config.open_time = Duration::seconds(1);
        CircuitBreaker breaker{config};
        CHECK(call(breaker, 0, false));
        CHECK(call(breaker, 5 * ms, false));
        CHECK(call(breaker, 9 * ms, false));  // three of three failed, but three are too few
        CHECK(breaker.state(at(9 * ms)) == State::closed);
        // At 100 ms the tenth from 0 to 10 ms is left out: these are the only ones.
        CHECK(call(breaker, 100 * ms, true));
        CHECK(call(breaker, 101 * ms, true));
        CHECK(call(breaker, 110 * ms, true));
        CHECK(call(breaker, 111 * ms, false));
        CHECK(call(breaker, 112 * ms, false));
        CHECK(breaker.state(at(112 * ms)) == State::closed);  // 2 of 5
        CHECK(call(breaker, 120 * ms, false));                // 3 of 6
        CHECK(breaker.state(at(120 * ms)) == State::open);
    }

    TEST_CASE("by rate a call just inside the window still counts") {
        BreakerConfig config;
        config.failure_rate = sim::Probability{0.75};
        config.window = Duration::milliseconds(100);
        config.least_calls = 4;
        config.open_time = Duration::seconds(1);
        CircuitBreaker breaker{config};
        for (int i = 0; i < 3; ++i) CHECK(call(breaker, 9 * ms, false));
        CHECK(call(breaker, 99 * ms + 999'999, true));
        CHECK(breaker.state(at(100 * ms)) == State::open);  // 3 of 4
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
