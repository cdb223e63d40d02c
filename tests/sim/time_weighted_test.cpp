// Integrals of a level over time, by hand and against a sum over every nanosecond.
#include "sim/time_weighted.hpp"

#include "sim/rng.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>

using namespace archsim::sim;
using namespace archsim::sim::literals;

namespace {

Instant at(std::int64_t ns) { return Instant::at(Duration::nanoseconds(ns)); }

std::int64_t whole(__int128_t value) { return static_cast<std::int64_t>(value); }

}  // namespace

TEST_SUITE("time-weighted levels") {
    TEST_CASE("the integral is level times time") {
        Level level;
        CHECK(level.value() == 0);
        level.change(at(10), 2);
        level.change(at(30), 1);
        level.change(at(40), -3);
        // 2 x 20 + 3 x 10, and nothing since.
        CHECK(whole(level.integral(at(100))) == 70);
        CHECK(level.window(at(100)).max == 3);
        CHECK(level.value() == 0);
    }

    TEST_CASE("setting a level is changing it by the difference") {
        Level level;
        level.set(at(0), 5);
        level.set(at(10), 2);
        CHECK(level.value() == 2);
        CHECK(whole(level.integral(at(20))) == 70);
    }

    TEST_CASE("a window starts with the present level and its own maximum") {
        Level level;
        level.set(at(0), 9);
        level.set(at(10), 4);
        level.start_window(at(20));
        CHECK(level.window(at(20)).max == 4);
        CHECK(level.window(at(20)).from == at(20));
        level.set(at(30), 1);
        CHECK(whole(level.window(at(50)).integral) == 4 * 10 + 1 * 20);
        CHECK(level.window(at(50)).max == 4);
        // The integral from the start goes on: 9 x 10 + 4 x 20 + 1 x 20.
        CHECK(whole(level.integral(at(50))) == 190);
    }

    TEST_CASE("several changes at one instant leave the maximum but no area") {
        Level level;
        level.change(at(5), 7);
        level.change(at(5), -7);
        CHECK(whole(level.integral(at(50))) == 0);
        CHECK(level.window(at(50)).max == 7);
    }

    TEST_CASE("asking does not change the answer") {
        Level level;
        level.set(at(0), 3);
        CHECK(whole(level.integral(at(10))) == 30);
        CHECK(whole(level.integral(at(10))) == 30);
        CHECK(whole(level.window(at(20)).integral) == 60);
    }

    TEST_CASE("a high level for a long time does not overflow") {
        Level level;
        level.set(at(0), 1'000'000'000'000);
        const Instant end = Instant::at(Duration::longest());
        const __int128_t expected =
            static_cast<__int128_t>(1'000'000'000'000) * Duration::longest().count();
        CHECK(level.integral(end) == expected);
    }

    TEST_CASE("random changes add up to the sum over every nanosecond") {
        Rng rng{8};
        Level level;
        std::int64_t now = 0;
        std::int64_t value = 0;
        std::int64_t sum = 0;
        std::int64_t greatest = 0;
        for (int i = 0; i < 500; ++i) {
            const auto wait = static_cast<std::int64_t>(rng.below(20));
            for (std::int64_t ns = 0; ns < wait; ++ns) sum += value;
            now += wait;
            const auto by = static_cast<std::int64_t>(rng.below(11)) - 5;
            value += by;
            greatest = std::max(greatest, value);
            level.change(at(now), by);
            if (i % 100 == 99) {
                CHECK(whole(level.integral(at(now))) == sum);
                CHECK(level.window(at(now)).max == greatest);
                level.start_window(at(now));
                greatest = value;
            }
        }
    }
}
