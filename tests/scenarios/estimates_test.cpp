// Metrics of the result from replications and batches, against intervals worked out by hand.
#include "scenarios/estimates.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <optional>
#include <vector>

using namespace archsim::scenarios;
using doctest::Approx;
using Values = std::vector<std::optional<double>>;

TEST_SUITE("estimates") {
    TEST_CASE("replications give a mean with its t interval") {
        const MetricResult metric = over_replications("a/x", "s", Values{1.0, 2.0, 3.0, 4.0, 5.0});
        CHECK(metric.value == 3.0);
        CHECK(metric.n == 5);
        CHECK(metric.method == Method::replications);
        CHECK(metric.ci95.value().high == Approx(3.0 + 2.776445105 * std::sqrt(0.5)));
        CHECK(metric.reason.empty());
    }

    TEST_CASE("an interval stays within what the metric can be") {
        const MetricResult ratio = over_replications("a/x", "ratio", Values{0.9, 1.0});
        CHECK(ratio.ci95.value().high == 1.0);
        CHECK(ratio.ci95.value().low == Approx(0.95 - 12.7062 * 0.05).epsilon(1e-4));
        CHECK(ratio.standard_error.value() == Approx(0.05));
        CHECK(over_replications("a/x", "s", Values{0.0, 1.0}).ci95.value().low == 0.0);
        CHECK(over_replications("a/x", "usd", Values{-1.0, 1.0}).ci95.value().low < -1.0);
    }

    TEST_CASE("a replication that measured nothing is left out and said") {
        const MetricResult some = over_replications("a/x", "s", Values{2.0, std::nullopt, 4.0});
        CHECK(some.value == 3.0);
        CHECK(some.n == 2);
        CHECK(some.reason == "measured in 2 of 3 replications");
        const MetricResult none = over_replications("a/x", "s", Values{std::nullopt}, "no lookups");
        CHECK_FALSE(none.value.has_value());
        CHECK(none.n == 0);
        CHECK(none.reason == "no lookups");
        const MetricResult one = over_replications("a/x", "s", Values{2.0});
        CHECK(one.value == 2.0);
        CHECK(one.method == Method::point);
        CHECK(one.reason == "one replication");
    }

    TEST_CASE("batches put their interval around the value of the whole run") {
        // Alternating 9 and 11: mean 10, standard error sqrt(20 / 19 / 20), t(19) = 2.093024.
        std::vector<double> batches;
        for (int i = 0; i < 20; ++i) batches.push_back(i % 2 == 0 ? 9.0 : 11.0);
        const MetricResult metric = over_batches("a/x", "s", 10.5, batches);
        CHECK(metric.value == 10.5);
        CHECK(metric.n == 20);
        CHECK(metric.method == Method::batch_means);
        CHECK(metric.ci95.value().low == Approx(10.5 - 2.093024 / std::sqrt(19.0)));
        const MetricResult few = over_batches("a/x", "s", 10.5, std::vector<double>{1, 2});
        CHECK(few.value == 10.5);
        CHECK(few.method == Method::point);
        CHECK(few.reason == "only 2 batches, 10 are needed");
    }

    TEST_CASE("theory is so many standard errors away") {
        const MetricResult metric = over_replications("a/x", "s", Values{1.0, 2.0, 3.0, 4.0, 5.0});
        const TheoryResult theory = beside_theory(metric, 2.0, "M/M/1");
        CHECK(theory.metric == "a/x");
        CHECK(theory.deviation_sigmas.value() == Approx(1.0 / std::sqrt(0.5)));
        const MetricResult exact = over_replications("a/x", "s", Values{2.0, 2.0});
        CHECK_FALSE(beside_theory(exact, 2.0, "M/M/1").deviation_sigmas.has_value());
    }
}
