// Every law of a distribution: draws follow the distribution function, and the moments that a law
// states are those of its draws.
#include "sim/distribution.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

using namespace archsim::sim;
using namespace archsim::sim::literals;

namespace {

constexpr int draws = 20'000;

std::vector<double> sample(const Distribution& distribution, std::string_view name) {
    Rng rng = Rng::named(7, name, "test");
    std::vector<double> values;
    values.reserve(draws);
    for (int i = 0; i < draws; ++i) values.push_back(distribution.sample_seconds(rng));
    return values;
}

/// The largest distance between the empirical and the stated distribution function.
double kolmogorov_smirnov(std::vector<double> values, const Distribution& distribution) {
    std::sort(values.begin(), values.end());
    const auto n = static_cast<double>(values.size());
    double distance = 0.0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double stated = distribution.cdf(values[i]);
        const auto rank = static_cast<double>(i);
        distance = std::max({distance, stated - rank / n, (rank + 1.0) / n - stated});
    }
    return distance;
}

/// Mean and variance of the draws with their standard errors, estimated from the draws.
struct Moments {
    double mean = 0.0, mean_error = 0.0, variance = 0.0, variance_error = 0.0;
};

Moments moments_of(const std::vector<double>& values) {
    const auto n = static_cast<double>(values.size());
    double mean = 0.0;
    for (const double x : values) mean += x / n;
    double second = 0.0;
    double fourth = 0.0;
    for (const double x : values) {
        const double square = (x - mean) * (x - mean);
        second += square / n;
        fourth += square * square / n;
    }
    return {mean, std::sqrt(second / n), second, std::sqrt((fourth - second * second) / n)};
}

struct Case {
    std::string_view name;
    Distribution distribution;
};

/// Laws with a continuous distribution function, with parameters on both sides of each branch.
std::vector<Case> continuous_laws() {
    return {
        {"exponential", Distribution::exponential(8_ms)},
        {"uniform", Distribution{Uniform{2_ms, 10_ms}}},
        {"erlang of few stages", Distribution{Erlang{8_ms, 3}}},
        {"erlang of many stages", Distribution{Erlang{8_ms, 40}}},
        {"gamma of shape above one", Distribution{Gamma{8_ms, 2.5}}},
        {"gamma of shape below one", Distribution{Gamma{8_ms, 0.4}}},
        {"hyperexponential", Distribution{Hyperexponential{8_ms, 2.0}}},
        {"hyperexponential of cv one", Distribution{Hyperexponential{8_ms, 1.0}}},
        {"lognormal by mean and cv", Distribution{Lognormal{Lognormal::MeanAndCv{8_ms, 0.7}}}},
        {"lognormal by quantiles", Distribution{Lognormal{Lognormal::P50AndP99{5_ms, 20_ms}}}},
        {"normal far from zero", Distribution{TruncatedNormal{8_ms, 1_ms}}},
        {"normal cut at zero", Distribution{TruncatedNormal{4_ms, 8_ms}}},
        {"half normal", Distribution{TruncatedNormal{0_ms, 8_ms}}},
        {"pareto", Distribution{Pareto{2_ms, 9.0}}},
        {"pareto with a cap", Distribution{Pareto{2_ms, 1.2, 500_ms}}},
        {"pareto of alpha one with a cap", Distribution{Pareto{2_ms, 1.0, 100_ms}}},
        {"weibull that wears out", Distribution{Weibull{8_ms, 2.0}}},
        {"weibull of infant mortality", Distribution{Weibull{8_ms, 0.8}}},
        {"percentiles from zero on",
         Distribution{Empirical{std::vector<Empirical::Percentile>{
             {1_ms, Probability{0.0}}, {2_ms, Probability{0.5}}, {10_ms, Probability{1.0}}}}}},
        {"mixture",
         Distribution{Mixture{{Distribution{Uniform{0_ms, 2_ms}}, Distribution::exponential(20_ms)},
                              {9.0, 1.0}}}},
    };
}

}  // namespace

TEST_SUITE("sim/distribution") {
    TEST_CASE("the draws of every continuous law follow its distribution function") {
        const double limit = 1.95 / std::sqrt(static_cast<double>(draws));
        for (const Case& c : continuous_laws()) {
            CAPTURE(c.name);
            CHECK(kolmogorov_smirnov(sample(c.distribution, c.name), c.distribution) < limit);
        }
    }

    TEST_CASE("mean and variance of the draws are those that the law states") {
        for (const Case& c : continuous_laws()) {
            CAPTURE(c.name);
            const Moments found = moments_of(sample(c.distribution, c.name));
            const double mean = c.distribution.mean_seconds();
            CHECK(std::abs(found.mean - mean) < 4.0 * found.mean_error);
            const double variance = c.distribution.scv() * mean * mean;
            CHECK(std::abs(found.variance - variance) < 4.0 * found.variance_error);
        }
    }

    TEST_CASE("parameters are what the laws are named after") {
        CHECK(Distribution{Erlang{8_ms, 4}}.scv() == 0.25);
        CHECK(Distribution{Gamma{8_ms, 0.5}}.scv() == 2.0);
        CHECK(Distribution{Hyperexponential{8_ms, 3.0}}.scv() == 9.0);
        const Distribution by_mean{Lognormal{Lognormal::MeanAndCv{8_ms, 3.0}}};
        CHECK(by_mean.mean_seconds() == doctest::Approx(0.008));
        CHECK(by_mean.scv() == doctest::Approx(9.0));
        const Distribution by_quantiles{Lognormal{Lognormal::P50AndP99{5_ms, 80_ms}}};
        CHECK(by_quantiles.cdf(0.005) == doctest::Approx(0.5));
        CHECK(by_quantiles.cdf(0.080) == doctest::Approx(0.99).epsilon(1e-9));
    }

    TEST_CASE("both phases of a hyperexponential contribute half of the mean") {
        const double cv = 2.0;
        const double share = 0.5 * (1.0 + std::sqrt(3.0 / 5.0));
        const Distribution distribution{Hyperexponential{1_s, cv}};
        const auto expected = [share](double x) {
            return share * (1.0 - std::exp(-2.0 * share * x)) +
                   (1.0 - share) * (1.0 - std::exp(-2.0 * (1.0 - share) * x));
        };
        for (const double x : {0.1, 1.0, 5.0})
            CHECK(distribution.cdf(x) == doctest::Approx(expected(x)).epsilon(1e-12));
    }

    TEST_CASE("the mean of a cut normal is stated after the cut") {
        // A half normal variable has mean deviation x sqrt(2 / pi).
        const Distribution half{TruncatedNormal{0_ms, 10_ms}};
        CHECK(half.mean_seconds() == doctest::Approx(0.010 * 0.7978845608028654));
        CHECK(half.scv() == doctest::Approx(1.5707963267948966 - 1.0));
    }

    TEST_CASE("moments of a heavy tail are infinite where they do not exist") {
        CHECK(std::isinf(Distribution{Pareto{1_ms, 1.0}}.mean_seconds()));
        CHECK(std::isinf(Distribution{Pareto{1_ms, 0.5}}.scv()));
        const Distribution heavy{Pareto{1_ms, 1.5}};
        CHECK(heavy.mean_seconds() == doctest::Approx(0.003));
        CHECK(std::isinf(heavy.scv()));
        // Variance of Pareto: alpha / ((alpha - 1)^2 (alpha - 2)) for a minimum of 1.
        CHECK(Distribution{Pareto{1_s, 3.0}}.scv() == doctest::Approx(0.75 / (1.5 * 1.5)));
    }

    TEST_CASE("a capped Pareto never exceeds its cap and has all moments") {
        const Distribution capped{Pareto{1_ms, 0.5, 1_s}};
        Rng rng{3};
        Duration longest;
        for (int i = 0; i < 5'000; ++i) longest = std::max(longest, capped.sample(rng));
        CHECK(longest <= 1_s);
        CHECK(longest > 800_ms);
        // alpha = 1/2: E X = sqrt(low x high) for the bounded law.
        CHECK(capped.mean_seconds() == doctest::Approx(std::sqrt(0.001)));
    }

    TEST_CASE("an empirical distribution returns its values by their weights") {
        const Distribution empirical{Empirical{{1_ms, 5_ms, 20_ms}, {5.0, 3.0, 2.0}}};
        CHECK(empirical.mean_seconds() == doctest::Approx(0.006));
        CHECK(empirical.scv() == doctest::Approx((0.5 * 25 + 0.3 * 1 + 0.2 * 196) / 36.0));
        CHECK(empirical.cdf(0.005) == doctest::Approx(0.8));
        CHECK(empirical.cdf(0.004999) == doctest::Approx(0.5));
        Rng rng{11};
        int counts[3] = {};
        for (int i = 0; i < draws; ++i) {
            const Duration value = empirical.sample(rng);
            REQUIRE((value == 1_ms || value == 5_ms || value == 20_ms));
            ++counts[value == 1_ms ? 0 : value == 5_ms ? 1 : 2];
        }
        const double shares[3] = {0.5, 0.3, 0.2};
        double chi_square = 0.0;
        for (int i = 0; i < 3; ++i) {
            const double expected = shares[i] * draws;
            chi_square += (counts[i] - expected) * (counts[i] - expected) / expected;
        }
        CHECK(chi_square < 13.8);  // 0.999 quantile with 2 degrees of freedom.
    }

    TEST_CASE("an empirical distribution of percentiles is even between them") {
        using Percentiles = std::vector<Empirical::Percentile>;
        // A quarter is exactly 1 s, the rest lies between 1 s and 3 s: 0.25 + 0.75 x 2 = 1.75, and
        // E[X^2] = 0.25 + 0.75 (1 + 3 + 9) / 3 = 3.5.
        const Distribution measured{
            Empirical{Percentiles{{1_s, Probability{0.25}}, {3_s, Probability{1.0}}}}};
        CHECK(measured.mean_seconds() == doctest::Approx(1.75));
        CHECK(measured.scv() == doctest::Approx(3.5 / (1.75 * 1.75) - 1.0));
        CHECK(measured.cdf(0.999) == 0.0);
        CHECK(measured.cdf(1.0) == 0.25);
        CHECK(measured.cdf(2.0) == doctest::Approx(0.625));
        CHECK(measured.cdf(3.0) == 1.0);
        Rng rng{19};
        int least = 0;
        int below_two = 0;
        for (int i = 0; i < draws; ++i) {
            const Duration value = measured.sample(rng);
            CHECK_UNARY(value >= 1_s && value <= 3_s);
            least += value == 1_s ? 1 : 0;
            below_two += value < 2_s ? 1 : 0;
        }
        CHECK(std::abs(least - 0.25 * draws) < 4.0 * std::sqrt(draws * 0.25 * 0.75));
        CHECK(std::abs(below_two - 0.625 * draws) < 4.0 * std::sqrt(draws * 0.625 * 0.375));
        // Two percentiles at one value are a share that is exactly this value.
        const Distribution stepped{Empirical{Percentiles{
            {0_s, Probability{0.0}}, {2_s, Probability{0.5}}, {2_s, Probability{1.0}}}}};
        CHECK(stepped.mean_seconds() == doctest::Approx(1.5));
        CHECK(stepped.cdf(1.999) < 0.5);
        CHECK(stepped.cdf(2.0) == 1.0);
    }

    TEST_CASE("a mixture has the variance within and between its parts") {
        const Distribution mixture{
            Mixture{{Distribution::constant(1_s), Distribution::exponential(3_s)}, {1.0, 1.0}}};
        CHECK(mixture.mean_seconds() == doctest::Approx(2.0));
        CHECK(mixture.scv() == doctest::Approx((4.5 + 1.0) / 4.0));
        const Distribution weightless{
            Mixture{{Distribution::constant(1_s), Distribution{Pareto{1_s, 0.5}}}, {1.0, 0.0}}};
        CHECK(weightless.mean_seconds() == doctest::Approx(1.0));
    }

    TEST_CASE("a constant draws nothing from its stream") {
        Rng used{5};
        Rng untouched{5};
        const Distribution constant = Distribution::constant(8_ms);
        CHECK(constant.sample(used) == 8_ms);
        CHECK(used() == untouched());
        CHECK(constant.scv() == 0.0);
        CHECK(constant.cdf(0.0079) == 0.0);
        CHECK(constant.cdf(0.008) == 1.0);
    }

    TEST_CASE("the default is constantly zero") {
        Rng rng{1};
        const Distribution none;
        CHECK(none.is_constant());
        CHECK(none.sample(rng) == Duration{});
        CHECK(Distribution::exponential(Duration{}) == none);
    }

    TEST_CASE("distributions are values that know their law") {
        const Distribution exponential = Distribution::exponential(8_ms);
        CHECK(exponential.is_exponential());
        CHECK_FALSE(exponential.is_constant());
        Distribution copy = Distribution{Mixture{{exponential}, {1.0}}};
        const Distribution mixture = copy;
        CHECK(copy == mixture);
        CHECK_FALSE(copy == exponential);
        copy = exponential;
        CHECK(copy == Distribution::exponential(8_ms));
        CHECK_FALSE(copy == Distribution::exponential(9_ms));
        Rng first{9};
        Rng second{9};
        CHECK(copy.sample(first) == exponential.sample(second));
    }

    TEST_CASE("the least time is where a law begins, and no draw falls below it") {
        CHECK(Distribution::constant(50_ms).least() == 50_ms);
        CHECK(Distribution{}.least() == 0_ns);
        CHECK(Distribution::exponential(8_ms).least() == 0_ns);
        CHECK(Distribution{Uniform{2_ms, 3_ms}}.least() == 2_ms);
        CHECK(Distribution{Pareto{7_ms, 1.5}}.least() == 7_ms);
        CHECK(Distribution{Empirical{{9_ms, 4_ms, 1_ms}, {1.0, 2.0, 0.0}}}.least() == 4_ms);
        const Distribution both{
            Mixture{{Distribution::constant(5_ms), Distribution{Uniform{3_ms, 9_ms}}}, {1.0, 1.0}}};
        CHECK(both.least() == 3_ms);
        const Distribution bell{TruncatedNormal{50_ms, 1_ms}};
        CHECK(bell.least() > 40_ms);
        Rng rng{3};
        for (int i = 0; i < 10'000; ++i) REQUIRE(bell.sample(rng) >= bell.least());
    }

    TEST_CASE("no draw is negative or longer than the longest duration") {
        const Distribution wild{Pareto{1_s, 0.05}};
        Rng rng{2};
        bool reached = false;
        for (int i = 0; i < 1'000; ++i) {
            const Duration value = wild.sample(rng);
            REQUIRE(value >= 1_s);
            REQUIRE(value <= Duration::longest());
            reached = reached || value == Duration::longest();
        }
        CHECK(reached);
    }
}
