// Metrics of synthetic histories against their closed forms.
#include "models/consistency/monitor.hpp"
#include "models/consistency/recorded_history.hpp"
#include "tests/support/synthetic_history.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace archsim {
namespace {

using models::ConsistencyResult;
using tests::instant_quorum;

ConsistencyResult measured(const models::RecordedHistory& history) {
    models::ConsistencyMonitor monitor;
    models::replay(history, monitor);
    const auto result = monitor.finish();
    CHECK(result.impossible.empty());
    return result;
}

// Four standard errors of a share.
double tolerance(double p, double trials) { return 4.0 * std::sqrt(p * (1.0 - p) / trials); }

TEST_SUITE("consistency closed forms") {
    TEST_CASE("reads of an instant quorum are stale as often as the replicas missed say") {
        // P(stale) = C(N - W, R) / C(N, R) e^(-R t) for catching up at rate 1.
        struct Case {
            tests::QuorumTrial trial;
            double expected;
        };
        constexpr int keys = 4000;
        for (const Case& c :
             {Case{{3, 1, 1, 0.0}, 2.0 / 3.0}, Case{{3, 1, 1, 1.0}, 2.0 / 3.0 * std::exp(-1.0)},
              Case{{3, 1, 2, 0.5}, 1.0 / 3.0 * std::exp(-0.5)},
              Case{{3, 2, 1, 0.5}, 1.0 / 3.0 * std::exp(-1.0)},
              Case{{5, 2, 2, 0.3}, 0.3 * std::exp(-0.6)}}) {
            const auto result = measured(instant_quorum(11, c.trial, keys));
            CHECK(result.staleness.stale.total == keys);
            CHECK(std::abs(*result.staleness.stale.value() - c.expected) <
                  tolerance(c.expected, keys));
            CHECK(result.linearizability.violating_keys == result.staleness.stale.count);
        }
    }

    TEST_CASE("overlapping quorums are never stale") {
        const auto result = measured(instant_quorum(12, {3, 2, 2, 0.0}, 2000));
        CHECK(result.staleness.stale.count == 0);
        CHECK(result.linearizability.linearizable());
        CHECK(*result.distance.delta == sim::Duration{});
    }

    TEST_CASE("a replica with constant lag is stale 1 - e^(-rate lag) of the time") {
        constexpr int reads = 3000;
        const auto result = measured(tests::constant_lag(13, 5.0, 0.1, 0.5, reads));
        const double stale = 1.0 - std::exp(-0.5);
        CHECK(std::abs(*result.staleness.stale.value() - stale) < tolerance(stale, reads));
        // Versions behind are Poisson with mean and variance rate x lag.
        double mean = 0.0;
        for (std::size_t k = 0; k < result.staleness.newer_versions.size(); ++k) {
            mean += static_cast<double>(k) *
                    static_cast<double>(result.staleness.newer_versions[k]) / reads;
        }
        CHECK(std::abs(mean - 0.5) < 4.0 * std::sqrt(0.5 / reads));
        const double within_one = 1.5 * std::exp(-0.5);
        CHECK(std::abs(*result.staleness.within(1).value() - within_one) <
              tolerance(within_one, reads));
    }

    TEST_CASE("the distance from linearizable of a lagging replica is the greatest age") {
        for (const double lag : {0.010, 0.100, 0.500}) {
            const auto result = measured(tests::constant_lag(14, 5.0, lag, 0.25, 2000));
            REQUIRE(result.distance.delta);
            CHECK(*result.distance.delta == result.staleness.certain_age);
            CHECK(*result.distance.delta == result.staleness.age.max());
            CHECK(*result.distance.delta <= sim::Duration::from_seconds(lag));
            CHECK(*result.distance.delta > sim::Duration::from_seconds(lag * 0.9));
            // Growing moves the start of the read as well as the end of the write, so half of
            // the shift is always enough.
            CHECK(*result.distance.gamma > sim::Duration{});
            CHECK(result.distance.gamma->count() <= (result.distance.delta->count() + 1) / 2);
        }
    }

    TEST_CASE("freshness of a lagging replica is a step at the lag") {
        // Every read within the lag after the last write misses it, every later one does not.
        const auto result = measured(tests::constant_lag(15, 2.0, 0.1, 0.2, 3000));
        const auto& steps = result.staleness.visibility;
        REQUIRE(!steps.empty());
        CHECK(*steps.front().fresh.value() == 0.0);
        CHECK(*steps.back().fresh.value() == 1.0);
        const auto until = models::time_until_fresh(steps, 0.999);
        REQUIRE(until);
        CHECK(std::abs(until->in_seconds() - 0.1) < 0.002);
    }

    TEST_CASE("both sides of a partition stay available and pay with staleness and conflicts") {
        const tests::PartitionTrial trial;
        const auto result = measured(tests::partitioned(16, trial));
        const double a = trial.writes_a;
        const double b = trial.writes_b;
        const double n = (a + b) * trial.seconds;
        const double decay = 1.0 - (1.0 - std::exp(-n)) / n;
        const double stale = (a * trial.reads_b + b * trial.reads_a) / (a + b) /
                             (trial.reads_a + trial.reads_b) * decay;
        // Reads of one key share their fate, so the keys count, not the reads; the share of stale
        // reads of one key has a standard deviation below 0.35.
        CHECK(std::abs(*result.staleness.stale.value() - stale) <
              4.0 * 0.35 / std::sqrt(trial.keys));
        const double in_conflict =
            (1.0 - std::exp(-a * trial.seconds)) * (1.0 - std::exp(-b * trial.seconds));
        CHECK(std::abs(static_cast<double>(result.losses.conflicting_keys) / trial.keys -
                       in_conflict) < tolerance(in_conflict, trial.keys));
        // The writes of the losing side; their number per key has a variance near 2.8.
        const double discarded = 2.0 * a * b / ((a + b) * (a + b)) * (n - 1.0 + std::exp(-n));
        REQUIRE(result.losses.discarded);
        CHECK(std::abs(static_cast<double>(*result.losses.discarded) / trial.keys - discarded) <
              4.0 * std::sqrt(2.8 / trial.keys));
        // Registers overwrite: a write that a later one replaced in real time is not lost.
        CHECK(result.losses.lost == 0);
        REQUIRE(result.distance.delta);
        CHECK(*result.distance.delta < sim::Duration::seconds(60));
        CHECK(*result.distance.delta > sim::Duration::seconds(55));
        CHECK(result.exposure.shared_keys > 900);
        CHECK(result.verdict.cap == models::CapClass::ap);
        CHECK(result.verdict.pacelc.substr(0, 2) == "PA");
    }

    TEST_CASE("refusing the minority side keeps the history linearizable and costs its answers") {
        tests::PartitionTrial trial;
        trial.keys = 300;
        trial.majority_only = true;
        const auto result = measured(tests::partitioned(17, trial));
        CHECK(result.linearizability.linearizable());
        CHECK(result.verdict.cap == models::CapClass::cp);
        CHECK(result.losses.lost == 0);
        CHECK(result.losses.conflicts == 0);
        for (const auto& cell : result.availability) {
            CHECK(cell.window == models::Window::during);
            CHECK(*cell.answered().value() == (cell.side == 1 ? 1.0 : 0.0));
        }
    }
}

}  // namespace
}  // namespace archsim
