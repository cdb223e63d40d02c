// Rate limiters and concurrency limits without an engine: timelines worked out by hand, to the
// nanosecond.
#include "models/resilience/budget.hpp"
#include "models/resilience/concurrency_limiter.hpp"
#include "models/resilience/latency_estimate.hpp"
#include "models/resilience/rate_limiter.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <vector>

using namespace archsim;
using namespace archsim::models;
using doctest::Approx;
using sim::Duration;
using sim::Instant;
using sim::Rate;

namespace {

Instant at(std::int64_t nanoseconds) { return Instant::at(Duration::nanoseconds(nanoseconds)); }
constexpr std::int64_t ms = 1'000'000;

/// How long a request of this instant waits, in nanoseconds; -1 if it is refused.
std::int64_t wait(RateLimiter& limiter, std::int64_t nanoseconds) {
    const std::optional<Duration> answer = limiter.ask(at(nanoseconds));
    return answer ? answer->count() : -1;
}

}  // namespace

TEST_SUITE("resilience: limiters") {
    TEST_CASE("a token bucket is full at first and gives a token at each beat, not before") {
        RateLimiter bucket{TokenBucket::Config{.rate = Rate::per_second(10.0), .burst = 2}};
        CHECK(wait(bucket, 0) == 0);
        CHECK(wait(bucket, 0) == 0);
        CHECK(wait(bucket, 0) == -1);
        CHECK(wait(bucket, 100 * ms - 1) == -1);
        CHECK(wait(bucket, 100 * ms) == 0);
        CHECK(wait(bucket, 100 * ms) == -1);
        // Half a token at 150 ms and a whole one at 200 ms.
        CHECK(wait(bucket, 150 * ms) == -1);
        CHECK(wait(bucket, 200 * ms) == 0);
        // Full again 200 ms later; the token of 500 ms has no place.
        CHECK(wait(bucket, 500 * ms) == 0);
        CHECK(wait(bucket, 500 * ms) == 0);
        CHECK(wait(bucket, 600 * ms - 1) == -1);
        CHECK(wait(bucket, 600 * ms) == 0);
    }

    TEST_CASE("a token comes at the first whole nanosecond after its beat") {
        // A third of a second is 333,333,333.3 ns.
        RateLimiter bucket{TokenBucket::Config{.rate = Rate::per_second(3.0)}};
        CHECK(wait(bucket, 0) == 0);
        CHECK(wait(bucket, 333'333'333) == -1);
        CHECK(wait(bucket, 333'333'334) == 0);
        // The bucket was full for two thirds of a nanosecond, and what came then is lost.
        CHECK(wait(bucket, 666'666'667) == -1);
        CHECK(wait(bucket, 666'666'668) == 0);
        // With room for two nothing is lost: the third token after the start comes at 1 s sharp.
        RateLimiter two{TokenBucket::Config{.rate = Rate::per_second(3.0), .burst = 2}};
        CHECK(wait(two, 0) == 0);
        CHECK(wait(two, 0) == 0);
        CHECK(wait(two, 333'333'334) == 0);
        CHECK(wait(two, 666'666'667) == 0);
        CHECK(wait(two, 999'999'999) == -1);
        CHECK(wait(two, 1'000'000'000) == 0);
    }

    TEST_CASE("an overloaded token bucket passes its rate exactly, however long it lasts") {
        RateLimiter bucket{TokenBucket::Config{.rate = Rate::per_second(7.0), .burst = 3}};
        std::int64_t passed = 0;
        // 100 requests a second for 1,000 seconds, the last at 1,000 s.
        for (std::int64_t i = 0; i <= 100'000; ++i)
            passed += wait(bucket, i * 10 * ms) == 0 ? 1 : 0;
        CHECK(passed == 3 + 7'000);
    }

    TEST_CASE("a leaky bucket lets requests out a beat apart and refuses beyond its places") {
        RateLimiter bucket{LeakyBucket::Config{.rate = Rate::per_second(10.0), .capacity = 2}};
        CHECK(wait(bucket, 0) == 0);
        CHECK(wait(bucket, 0) == 100 * ms);
        CHECK(wait(bucket, 0) == 200 * ms);
        CHECK(wait(bucket, 0) == -1);
        CHECK(wait(bucket, 100 * ms - 1) == -1);
        CHECK(wait(bucket, 100 * ms) == 200 * ms);  // at 300 ms, after the one of 200 ms
        CHECK(wait(bucket, 250 * ms) == 150 * ms);  // at 400 ms
        CHECK(wait(bucket, 399 * ms) == 101 * ms);
        // The last one left at 500 ms; its beat is over at 600 ms.
        CHECK(wait(bucket, 599 * ms) == 1 * ms);
        CHECK(wait(bucket, 700 * ms) == 0);
        CHECK(wait(bucket, 2'000 * ms) == 0);
    }

    TEST_CASE("what would wait too long takes no place in a leaky bucket") {
        RateLimiter bucket{LeakyBucket::Config{.rate = Rate::per_second(10.0), .capacity = 2}};
        CHECK(bucket.ask(at(0), Duration{}) == Duration{});
        CHECK_FALSE(bucket.ask(at(0), Duration{}));
        CHECK_FALSE(bucket.ask(at(1 * ms), Duration::milliseconds(98)));
        CHECK(bucket.ask(at(1 * ms), Duration::milliseconds(99)) == Duration::milliseconds(99));
        CHECK(wait(bucket, 1 * ms) == 199 * ms);
    }

    TEST_CASE("a fixed window starts anew at its border and lets twice its limit pass around it") {
        RateLimiter window{FixedWindow::Config{.limit = 2, .window = Duration::milliseconds(100)}};
        CHECK(wait(window, 99 * ms) == 0);
        CHECK(wait(window, 99 * ms) == 0);
        CHECK(wait(window, 100 * ms - 1) == -1);
        CHECK(wait(window, 100 * ms) == 0);
        CHECK(wait(window, 100 * ms) == 0);
        CHECK(wait(window, 101 * ms) == -1);
        CHECK(wait(window, 350 * ms) == 0);
    }

    TEST_CASE("a sliding window never lets more than its limit pass in its length") {
        RateLimiter window{
            SlidingWindow::Config{.limit = 2, .window = Duration::milliseconds(100)}};
        CHECK(wait(window, 60 * ms) == 0);
        CHECK(wait(window, 90 * ms) == 0);
        CHECK(wait(window, 160 * ms - 1) == -1);
        CHECK(wait(window, 160 * ms) == 0);
        CHECK(wait(window, 160 * ms) == -1);
        CHECK(wait(window, 190 * ms - 1) == -1);
        CHECK(wait(window, 190 * ms) == 0);
        CHECK(wait(window, 260 * ms) == 0);
    }

    TEST_CASE("an aimd limit grows by one a round of good answers and shrinks by its factor") {
        ConcurrencyLimiter limiter{AimdLimit::Config{.initial = 2,
                                                     .least = 1,
                                                     .most = 3,
                                                     .backoff = 0.5,
                                                     .slow = Duration::milliseconds(50)}};
        const auto end = [&](std::int64_t milliseconds, std::optional<bool> good) {
            limiter.leave(Duration::milliseconds(milliseconds), good);
        };
        REQUIRE(limiter.enter());
        REQUIRE(limiter.enter());
        CHECK_FALSE(limiter.enter());
        end(10, true);
        CHECK(limiter.limit() == Approx(2.5));
        end(10, true);
        CHECK(limiter.limit() == Approx(2.5));  // one of 2.5 places in use is less than half
        for (int i = 0; i < 2; ++i) REQUIRE(limiter.enter());
        CHECK_FALSE(limiter.enter());
        end(10, true);
        CHECK(limiter.limit() == Approx(2.9));
        REQUIRE(limiter.enter());
        end(10, true);
        CHECK(limiter.limit() == Approx(3.0));  // its upper end
        end(10, std::nullopt);
        CHECK(limiter.limit() == Approx(3.0));
        REQUIRE(limiter.enter());
        end(51, true);
        CHECK(limiter.limit() == Approx(1.5));  // too late counts as bad
        REQUIRE(limiter.enter());
        end(10, false);
        CHECK(limiter.limit() == 1.0);  // 0.75 is below its lower end
        CHECK(limiter.in_flight() == 0);
    }

    TEST_CASE("a gradient limit follows latency: four more at rest, down when it doubles twice") {
        GradientLimit limit{GradientLimit::Config{.initial = 20, .tolerance = 1.0, .memory = 1}};
        limit.answered(Duration::milliseconds(10), true, 20);
        CHECK(limit.limit() == Approx(20.0 + 0.2 * 4.0));
        // With a memory of one answer the usual latency is this one: the gradient stays 1.
        limit.answered(Duration::milliseconds(40), true, 20);
        CHECK(limit.limit() == Approx(21.6));
        limit.answered(Duration::milliseconds(40), false, 20);
        CHECK(limit.limit() == Approx(21.6 + 0.2 * (10.8 + 4.0 - 21.6)));
        limit.answered(Duration::milliseconds(40), true, 2);
        CHECK(limit.limit() == Approx(20.24));  // hardly in use: the latency says nothing of it

        // A long memory: usual 10 ms, then 40 ms: 10 + 2/601 x 30 = 10.0998 ms, gradient 0.5.
        GradientLimit slow{GradientLimit::Config{.initial = 20, .tolerance = 1.5, .memory = 600}};
        slow.answered(Duration::milliseconds(10), true, 20);
        slow.answered(Duration::milliseconds(40), true, 20);
        CHECK(slow.limit() == Approx(20.8 + 0.2 * (0.5 * 20.8 + 4.0 - 20.8)));
        // 15 ms is within the tolerance of 1.5 x 10.1 ms.
        slow.answered(Duration::milliseconds(15), true, 20);
        CHECK(slow.limit() == Approx(19.52 + 0.2 * 4.0));
    }

    TEST_CASE("a budget saves ten and pays whole messages") {
        Budget budget{sim::Probability{0.1}};
        CHECK_FALSE(budget.spend());
        for (int i = 0; i < 9; ++i) budget.earn();
        CHECK_FALSE(budget.has_one());
        budget.earn();
        CHECK(budget.spend());
        CHECK_FALSE(budget.spend());
        for (int i = 0; i < 1000; ++i) budget.earn();
        int spent = 0;
        while (budget.spend()) ++spent;
        CHECK(spent == 10);
        CHECK(Budget{}.spend());  // without a share there is no end
    }

    TEST_CASE("a latency estimate knows nothing before a hundred answers, then its quantile") {
        LatencyEstimate estimate{0.9};
        for (int i = 1; i <= 99; ++i) estimate.record(Duration::milliseconds(i));
        CHECK_FALSE(estimate.value().has_value());
        estimate.record(Duration::milliseconds(100));
        REQUIRE(estimate.value().has_value());
        CHECK(estimate.value()->in_seconds() == Approx(0.090).epsilon(0.004));
        // 100 / 16 = 6 answers later, and one more, it is taken anew.
        for (int i = 0; i < 6; ++i) estimate.record(Duration::seconds(1));
        CHECK(estimate.value()->in_seconds() == Approx(0.090).epsilon(0.004));
        for (int i = 0; i < 20; ++i) estimate.record(Duration::seconds(1));
        CHECK(estimate.value()->in_seconds() > 0.1);
    }
}
