// Estimates against small cases worked out by hand and against the coverage they promise.
#include "sim/statistics.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <random>
#include <vector>

using namespace archsim::sim;
using doctest::Approx;

namespace {

/// Standard normal values by Box and Muller from a generator that the standard fixes bit by bit.
class Normals {
public:
    explicit Normals(std::uint64_t seed) : bits_{seed} {}
    double next() {
        const double radius = std::sqrt(-2.0 * std::log(uniform()));
        return radius * std::cos(2.0 * std::numbers::pi * uniform());
    }

private:
    double uniform() { return (static_cast<double>(bits_() >> 11) + 0.5) * 0x1.0p-53; }
    std::mt19937_64 bits_;
};

/// A first-order autoregressive series of the given correlation.
std::vector<double> correlated(double correlation, int count, std::uint64_t seed) {
    Normals normals{seed};
    std::vector<double> series;
    double value = normals.next() / std::sqrt(1.0 - correlation * correlation);
    for (int i = 0; i < count; ++i) {
        series.push_back(value);
        value = correlation * value + normals.next();
    }
    return series;
}

}  // namespace

TEST_SUITE("statistics") {
    TEST_CASE("the interval of five values uses Student t with four degrees of freedom") {
        const std::vector<double> values = {1, 2, 3, 4, 5};
        const Estimate estimate = estimate_mean(values);
        CHECK(estimate.mean == 3.0);
        CHECK(estimate.n == 5);
        CHECK(estimate.standard_error.value() == Approx(std::sqrt(0.5)));
        CHECK(estimate.interval.value().low == Approx(3.0 - 2.776445105 * std::sqrt(0.5)));
        CHECK(estimate.interval.value().high == Approx(3.0 + 2.776445105 * std::sqrt(0.5)));
    }

    TEST_CASE("one value has a mean and no interval, and none has neither") {
        CHECK(estimate_mean(std::vector<double>{7.0}).mean == 7.0);
        CHECK_FALSE(estimate_mean(std::vector<double>{7.0}).interval.has_value());
        CHECK(estimate_mean({}).n == 0);
    }

    TEST_CASE("a t interval over five normal values covers the mean in 95 of 100 cases") {
        Normals normals{20240501};
        constexpr int trials = 2000;
        int covered = 0;
        for (int trial = 0; trial < trials; ++trial) {
            std::vector<double> values;
            for (int i = 0; i < 5; ++i) values.push_back(10.0 + 3.0 * normals.next());
            const Interval interval = estimate_mean(values).interval.value();
            covered += interval.low <= 10.0 && 10.0 <= interval.high ? 1 : 0;
        }
        // Binomial(2000, 0.95): four standard deviations are 39. A normal quantile would give 1756.
        CHECK(std::abs(covered - 1900) <= 39);
    }

    TEST_CASE("pairing removes what both designs share") {
        const std::vector<double> slow = {11, 21, 32, 41, 50};
        const std::vector<double> fast = {10, 20, 30, 40, 50};
        const Estimate difference = estimate_difference(slow, fast);
        // Differences 1 1 2 1 0: mean 1, variance 0.5.
        CHECK(difference.mean == 1.0);
        CHECK(difference.standard_error.value() == Approx(std::sqrt(0.1)));
        CHECK(difference.interval.value().low > 0.0);
    }

    TEST_CASE("serial correlation tells alternating, trending and independent series apart") {
        CHECK(serial_correlation(std::vector<double>{1, -1, 1, -1}) == Approx(-0.5));
        // Differences of 1 and squares 10: 1 - 4 / 20.
        CHECK(serial_correlation(std::vector<double>{1, 2, 3, 4, 5}) == Approx(0.8));
        CHECK(serial_correlation(std::vector<double>{2, 2, 2}) == 0.0);
        CHECK(std::abs(serial_correlation(correlated(0.0, 10'000, 3))) < 0.04);
        CHECK(serial_correlation(correlated(0.6, 10'000, 4)) == Approx(0.6).epsilon(0.06));
    }

    TEST_CASE("independent batches are used as they are") {
        const std::vector<double> batches = correlated(0.0, 40, 11);
        const BatchEstimate result = estimate_from_batches(batches);
        CHECK(result.reason.empty());
        CHECK(result.estimate.n == 40);
        CHECK(result.estimate.interval == estimate_mean(batches).interval);
    }

    TEST_CASE("correlated batches are joined until neighbours are independent") {
        const BatchEstimate result = estimate_from_batches(correlated(0.8, 1024, 5));
        CHECK(result.reason.empty());
        CHECK(result.estimate.n <= 256);
        CHECK(result.estimate.n >= batches_least);
        CHECK(result.estimate.interval.has_value());
    }

    TEST_CASE("intervals from joined batches cover where naive ones do not") {
        int covered = 0;
        int naive = 0;
        int usable = 0;
        for (std::uint64_t seed = 0; seed < 300; ++seed) {
            const std::vector<double> series = correlated(0.8, 512, 1000 + seed);
            const Interval all = estimate_mean(series).interval.value();
            naive += all.low <= 0.0 && 0.0 <= all.high ? 1 : 0;
            const BatchEstimate result = estimate_from_batches(series);
            if (!result.estimate.interval) continue;
            ++usable;
            covered += result.estimate.interval->low <= 0.0 && 0.0 <= result.estimate.interval->high
                           ? 1
                           : 0;
        }
        CHECK(usable > 250);
        CHECK(covered > usable * 85 / 100);
        CHECK(naive < 300 * 60 / 100);
    }

    TEST_CASE("too few or hopelessly correlated batches give a mean with a reason") {
        const BatchEstimate few = estimate_from_batches(std::vector<double>{1, 2, 3});
        CHECK(few.estimate.mean == 2.0);
        CHECK_FALSE(few.estimate.interval.has_value());
        CHECK(few.reason == "only 3 batches, 10 are needed");
        std::vector<double> trend;
        for (int i = 0; i < 32; ++i) trend.push_back(i);
        const BatchEstimate drifting = estimate_from_batches(trend);
        CHECK_FALSE(drifting.estimate.interval.has_value());
        CHECK(drifting.reason.starts_with("too few independent batches"));
    }

    TEST_CASE("the Wilson interval never leaves zero to one") {
        const Interval eight = wilson_interval(8, 10);
        CHECK(eight.low == Approx(0.4901625));
        CHECK(eight.high == Approx(0.9433178));
        CHECK(wilson_interval(0, 10).low == 0.0);
        CHECK(wilson_interval(0, 10).high == Approx(0.2775328));
        CHECK(wilson_interval(10, 10).high == 1.0);
        CHECK(wilson_interval(10, 10).low == Approx(1.0 - 0.2775328));
    }

    TEST_CASE("the number of replications follows from the precision asked for") {
        const Estimate estimate = estimate_mean(std::vector<double>{1, 2, 3, 4, 5});
        // t(109) 1.58114 / sqrt(110) = 0.2988 <= 0.3 and one replication less gives 0.3002.
        CHECK(replications_needed(estimate, 0.1) == 110);
        CHECK(replications_needed(estimate, 10.0) == 5);
        CHECK_FALSE(replications_needed(estimate, 1e-6).has_value());
        CHECK_FALSE(replications_needed(estimate_mean(std::vector<double>{1}), 0.1).has_value());
    }
}
