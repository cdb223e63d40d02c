// The histogram against sorted values: the stated error bound, exact sums, merging, extremes.
#include "sim/histogram.hpp"

#include "sim/distribution.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

using namespace archsim::sim;
using namespace archsim::sim::literals;
using doctest::Approx;

namespace {

constexpr double levels[] = {0.0, 0.001, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0};

std::vector<Duration> draw_many(const Distribution& distribution, int count) {
    Rng rng{29};
    std::vector<Duration> values;
    for (int i = 0; i < count; ++i) values.push_back(distribution.sample(rng));
    return values;
}

Histogram histogram_of(const std::vector<Duration>& values) {
    Histogram histogram;
    for (const Duration value : values) histogram.record(value);
    return histogram;
}

/// The smallest value that at least a share q of all values does not exceed.
Duration exact_quantile(const std::vector<Duration>& sorted, double q) {
    const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(sorted.size())));
    return sorted[rank == 0 ? 0 : rank - 1];
}

std::vector<Distribution> many_shapes() {
    return {
        Distribution::exponential(8_ms),
        Distribution{Uniform{1_us, 2_us}},
        Distribution{Pareto{1_ms, 0.8}},
        Distribution{Lognormal{Lognormal::P50AndP99{5_ms, 2_s}}},
        Distribution{TruncatedNormal{100_ms, 50_us}},
        Distribution{Uniform{0_ns, 600_ns}},
    };
}

}  // namespace

TEST_SUITE("histogram") {
    TEST_CASE("quantiles keep the stated error whatever the shape") {
        for (const Distribution& shape : many_shapes()) {
            CAPTURE(shape.mean_seconds());
            std::vector<Duration> values = draw_many(shape, 5'000);
            const Histogram histogram = histogram_of(values);
            std::ranges::sort(values);
            for (const double q : levels) {
                CAPTURE(q);
                const double exact = exact_quantile(values, q).in_seconds();
                const double error = std::abs(histogram.quantile(q).in_seconds() - exact);
                CHECK(error <= exact * Histogram::worst_relative_error + 1e-9);
            }
        }
        CHECK(Histogram::worst_relative_error < 0.002);
    }

    TEST_CASE("quantiles of few separate values keep the stated error") {
        // Two values each, the lower one anywhere in its bucket.
        for (std::int64_t low = 1'000'000; low < 1'003'000; low += 97) {
            Histogram histogram;
            for (int i = 0; i < 10; ++i) histogram.record(Duration::nanoseconds(low));
            histogram.record(50_ms);
            for (const double q : {0.1, 0.5, 0.9}) {
                const auto gap = static_cast<double>(histogram.quantile(q).count() - low);
                CHECK_UNARY(std::abs(gap) <= static_cast<double>(low) / 512.0);
            }
        }
    }

    TEST_CASE("interpolation makes dense quantiles much better than the bound") {
        std::vector<Duration> values = draw_many(Distribution::exponential(8_ms), 50'000);
        const Histogram histogram = histogram_of(values);
        std::ranges::sort(values);
        for (const double q : {0.25, 0.5, 0.75}) {
            const double exact = exact_quantile(values, q).in_seconds();
            CHECK(histogram.quantile(q).in_seconds() == Approx(exact).epsilon(0.0005));
        }
    }

    TEST_CASE("values below the first doubling are exact") {
        Histogram histogram;
        for (std::int64_t ns = 1; ns <= 500; ++ns) histogram.record(Duration::nanoseconds(ns));
        CHECK(histogram.quantile(0.5) == 250_ns);
        CHECK(histogram.quantile(0.99) == 495_ns);
    }

    TEST_CASE("one value repeated is every quantile") {
        Histogram histogram;
        const Duration odd = Duration::nanoseconds(12'345'677);
        for (int i = 0; i < 3; ++i) histogram.record(odd);
        for (const double q : levels) CHECK(histogram.quantile(q) == odd);
    }

    TEST_CASE("count, mean, minimum and maximum are exact") {
        Histogram histogram;
        histogram.record(3_ms);
        histogram.record(1_ms);
        histogram.record(1_ns);
        CHECK(histogram.count() == 3);
        CHECK(histogram.min() == 1_ns);
        CHECK(histogram.max() == 3_ms);
        CHECK(histogram.mean_seconds() == Approx(4'000'001e-9 / 3.0).epsilon(1e-15));
    }

    TEST_CASE("sums beyond 64 bits do not wrap around") {
        Histogram histogram;
        for (int i = 0; i < 100; ++i) histogram.record(Duration::longest());
        CHECK(histogram.mean_seconds() == Approx(Duration::longest().in_seconds()));
        CHECK(histogram.quantile(0.5) == Duration::longest());
        CHECK(histogram.max() == Duration::longest());
    }

    TEST_CASE("an empty histogram reads zero") {
        const Histogram histogram;
        CHECK(histogram.count() == 0);
        CHECK(histogram.quantile(0.99) == 0_ns);
        CHECK(histogram.min() == 0_ns);
        CHECK(histogram.max() == 0_ns);
        CHECK(histogram.mean_seconds() == 0.0);
        CHECK(histogram.buckets().empty());
    }

    TEST_CASE("a value below zero counts as zero") {
        Histogram histogram;
        histogram.record(Duration::nanoseconds(-5));
        CHECK(histogram.count() == 1);
        CHECK(histogram.max() == 0_ns);
        CHECK(histogram.mean_seconds() == 0.0);
    }

    TEST_CASE("merging in any order is recording everything") {
        std::vector<Duration> all;
        std::vector<Histogram> parts;
        for (const Distribution& shape : many_shapes()) {
            const std::vector<Duration> values = draw_many(shape, 300);
            all.insert(all.end(), values.begin(), values.end());
            parts.push_back(histogram_of(values));
        }
        Histogram forwards;
        for (const Histogram& part : parts) forwards.merge(part);
        Histogram backwards;
        for (std::size_t i = parts.size(); i-- > 0;) backwards.merge(parts[i]);
        CHECK(forwards == backwards);
        CHECK(forwards == histogram_of(all));
        CHECK(forwards != parts.front());
        forwards.merge(Histogram{});
        CHECK(forwards == backwards);
    }

    TEST_CASE("a cleared histogram is as good as new") {
        Histogram histogram = histogram_of(draw_many(Distribution::exponential(8_ms), 100));
        const Histogram copy = histogram;
        histogram.clear();
        CHECK(histogram == Histogram{});
        CHECK(histogram.quantile(0.5) == 0_ns);
        histogram.record(1_ms);
        CHECK(histogram.quantile(0.5) == 1_ms);
        CHECK(copy.count() == 100);
    }

    TEST_CASE("a bucket counts beyond 32 bits") {
        constexpr std::uint64_t whole = std::uint64_t{1} << 32;
        const auto doubled = [](Histogram histogram, int times) {
            for (int i = 0; i < times; ++i) histogram.merge(Histogram{histogram});
            return histogram;
        };
        const Histogram once = histogram_of({3_ms});
        Histogram full;  // one less than 2^32
        for (int i = 0; i < 32; ++i) full.merge(doubled(once, i));
        full.record(2_ms);
        CHECK(full.buckets()[1].count == whole - 1);
        Histogram counted = full;
        counted.record(3_ms);  // fills the bucket up
        counted.record(3_ms);
        Histogram merged = full;
        merged.merge(doubled(once, 1));
        for (const Histogram& histogram : {counted, merged}) {
            CHECK(histogram.buckets().size() == 2);
            CHECK(histogram.buckets()[0].count == 1);
            CHECK(histogram.buckets()[1].count == whole + 1);
            CHECK(histogram.quantile(0.5) > 2_ms);
            CHECK(histogram.mean_seconds() == Approx(3e-3));
            CHECK(doubled(histogram, 2).buckets()[1].count == 4 * whole + 4);
            CHECK(doubled(histogram, 2).buckets()[0].count == 4);
        }
        CHECK(counted == merged);
        CHECK(counted != full);
        merged = full;
        CHECK(merged == full);
        counted.clear();
        CHECK(counted.buckets().empty());
        counted.record(3_ms);
        CHECK(counted == once);
    }

    TEST_CASE("copies are independent") {
        Histogram original;
        original.record(1_ms);
        Histogram copy = original;
        copy.record(1_ms);
        CHECK(original.count() == 1);
        CHECK(copy != original);
        original = copy;
        CHECK(copy == original);
    }

    TEST_CASE("buckets hold every value once, in ascending order") {
        const std::vector<Duration> values = draw_many(Distribution{Pareto{100_ns, 0.3}}, 1'000);
        const auto buckets = histogram_of(values).buckets();
        std::uint64_t total = 0;
        Duration reached;
        for (const Histogram::Bucket& bucket : buckets) {
            const auto inside = std::ranges::count_if(
                values, [&](Duration value) { return value >= bucket.low && value < bucket.high; });
            CHECK_UNARY(static_cast<std::uint64_t>(inside) == bucket.count);
            CHECK_UNARY(bucket.low >= reached);
            reached = bucket.high;
            total += bucket.count;
        }
        CHECK(total == values.size());
    }

    TEST_CASE("the very last bucket has an end") {
        constexpr auto last = Duration::nanoseconds(std::numeric_limits<std::int64_t>::max());
        Histogram histogram;
        histogram.record(last);
        const auto buckets = histogram.buckets();
        REQUIRE(buckets.size() == 1);
        CHECK(buckets[0].low < buckets[0].high);
        CHECK(buckets[0].high == last);
    }
}
