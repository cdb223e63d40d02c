// The end of a start-up, on series whose transient is known.
#include "sim/mser.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace archsim::sim;
using namespace archsim::sim::literals;

namespace {

Instant after_milliseconds(int n) { return Instant::at(Duration::milliseconds(n)); }

/// `transient` observations of ten, then +1 and -1 in turn; one a millisecond.
MserCollector step_series(int transient, int count, std::size_t batches_most = 4096) {
    MserCollector collector{batches_most};
    for (int i = 0; i < count; ++i)
        collector.add(after_milliseconds(i), i < transient ? 10.0 : (i % 2 == 0 ? 1.0 : -1.0));
    return collector;
}

}  // namespace

TEST_SUITE("mser") {
    TEST_CASE("a step is cut off exactly") {
        const auto cut = step_series(100, 1000).truncation();
        REQUIRE(cut.has_value());
        CHECK(cut->observations == 100);
        CHECK(cut->start == after_milliseconds(100));
    }

    TEST_CASE("a steady series loses nothing") {
        const auto cut = step_series(0, 1000).truncation();
        REQUIRE(cut.has_value());
        CHECK(cut->observations == 0);
        CHECK(cut->start == Instant::origin());
    }

    TEST_CASE("a constant series loses nothing") {
        MserCollector collector;
        for (int i = 0; i < 200; ++i) collector.add(after_milliseconds(i), 3.5);
        CHECK(collector.truncation().value().observations == 0);
    }

    TEST_CASE("an exponential decay is cut where it sinks into the noise") {
        // 20 exp(-i / 50) under a square wave of amplitude 1 and mean batch amplitude 0.2: the bias
        // equals that amplitude at i = 50 ln 100 = 230 and a fifth of it at 310.
        MserCollector collector;
        for (int i = 0; i < 5000; ++i)
            collector.add(after_milliseconds(i),
                          20.0 * std::exp(-i / 50.0) + (i % 2 == 0 ? 1.0 : -1.0));
        const auto cut = collector.truncation().value();
        CHECK(cut.observations >= 180);
        CHECK(cut.observations <= 350);
    }

    TEST_CASE("a transient beyond the first half asks for a longer run") {
        CHECK_FALSE(step_series(600, 1000).truncation().has_value());
    }

    TEST_CASE("fewer than ten batches are too few") {
        CHECK_FALSE(step_series(0, 49).truncation().has_value());
        CHECK(step_series(0, 50).truncation().has_value());
    }

    TEST_CASE("long series stay in bounded memory and keep the cut") {
        const MserCollector collector = step_series(1000, 10'000, 64);
        CHECK(collector.batch_count() < 64);
        // 64 batches of 80 came after 5120 observations, 64 of 160 would need 10240.
        CHECK(collector.batch_size() == 160);
        const auto cut = collector.truncation().value();
        // The end of the transient lies inside the seventh batch of 160, which goes whole.
        CHECK(cut.observations == 1120);
        CHECK(cut.start == after_milliseconds(1120));
    }
}
