// Experiments that look more than once, or that are interrupted after their replications.
#include "scenarios/experiment.hpp"

#include "scenarios/compare.hpp"
#include "scenarios/sequential.hpp"
#include "scenarios/trial.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

using namespace archsim;
using namespace archsim::scenarios;
using doctest::Approx;

namespace {

/// Poisson requests at exactly the rate that the expectation has as its bound, so that whatever is
/// decided is decided by chance.
Scenario at_the_bound(int seed) {
    return tests::read_text(R"("duration": "200ms", "replications": 10, "seed": )" +
                            std::to_string(seed) + R"(, "nodes": {
        "users": {"kind": "open_loop", "arrivals": "100/s", "calls": ["web"]},
        "web": {"kind": "service", "service_time": "0s"}},
        "expect": ["users/offered <= 100/s"])");
}

/// Three standard errors of a count of `trials` above the mean for `share`.
double most_of(int trials, double share) {
    return trials * share + 3.0 * std::sqrt(trials * share * (1.0 - share));
}

/// Enough events for an interruption to be seen on the way.
Scenario busy_server() {
    return tests::read_text(R"("duration": "1s", "replications": 4, "nodes": {
        "users": {"kind": "open_loop", "arrivals": "5000/s", "calls": ["web"]},
        "web": {"kind": "service", "service_time": "0.1ms"}})");
}

Scenario small_shop() {
    return tests::read_text(R"("duration": "2s", "replications": 2, "nodes": {
        "users": {"kind": "open_loop", "arrivals": "50/s", "calls": ["lb"]},
        "lb": {"kind": "load_balancer", "calls": ["web"]},
        "web": {"kind": "service", "service_time": "1ms"}})");
}

}  // namespace

TEST_SUITE("scenarios: sequential looks") {
    TEST_CASE("looks are at doubling numbers, and share the error") {
        CHECK(looks_between(10, 10) == 1);
        CHECK(looks_between(4, 64) == 5);
        CHECK(looks_between(10, 1000) == 8);  // 10, 20, 40, ..., 640, 1000
        CHECK(confidence_of_look(1) == Approx(0.95));
        CHECK(confidence_of_look(5) == Approx(0.99));
    }

    TEST_CASE(
        "an interval at another level has the quantile of its level, within what is possible") {
        MetricResult metric{.name = "u/latency/mean",
                            .unit = "s",
                            .value = 10.0,
                            .ci95 = Interval{7.2, 12.8},
                            .n = 5,
                            .standard_error = 1.0};
        // t(0.995, 4) = 4.60409.
        CHECK(interval_at(metric, 0.99)->low == Approx(10.0 - 4.60409).epsilon(1e-5));
        CHECK(interval_at(metric, 0.99)->high == Approx(10.0 + 4.60409).epsilon(1e-5));
        metric.value = 4.0;
        CHECK(interval_at(metric, 0.99)->low == 0.0);
        metric.unit = "ratio";
        metric.value = 0.9;
        metric.ci95 = Interval{0.0, 1.0};
        CHECK(interval_at(metric, 0.99)->high == 1.0);
        metric.standard_error.reset();
        CHECK_FALSE(interval_at(metric, 0.99));
    }

    TEST_CASE("a bound that is the truth is decided by chance in one of twenty at most") {
        // Four looks at 95 % each would decide about one of eight.
        constexpr int trials = 200;
        ExperimentOptions options;
        options.until_decided = true;
        options.max_replications = 80;
        int decided = 0;
        for (int seed = 1; seed <= trials; ++seed) {
            const Result result = run_experiment(at_the_bound(seed), options);
            REQUIRE(result.expect.size() == 1);
            if (result.expect[0].verdict == Verdict::undecided) {
                CHECK(result.status == Status::limit);
                CHECK(result.status_reason ==
                      "not every expectation was decided with 80 replications");
                CHECK(result.replications == 80);
            } else {
                ++decided;
            }
        }
        CAPTURE(decided);
        CHECK(decided <= most_of(trials, 0.05));
        CHECK(decided > 0);
    }

    TEST_CASE(
        "a verdict that only the last of many looks would allow is taken back with its level") {
        ExperimentOptions plain;
        ExperimentOptions strict;
        strict.until_decided = true;
        strict.max_replications = 10;  // One look, at 95 %: as without it.
        for (int seed = 1; seed <= 10; ++seed) {
            const Scenario scenario = at_the_bound(seed);
            CHECK(run_experiment(scenario, plain).expect[0].verdict ==
                  run_experiment(scenario, strict).expect[0].verdict);
        }
    }

    TEST_CASE("the most replications are a limit, even below the ten of a first look") {
        for (const std::int64_t most : {2, 3, 12}) {
            ExperimentOptions options;
            options.max_replications = most;
            options.until = {{"users/latency/mean", 1e-9}};
            const Result result = run_experiment(small_shop(), options);
            CHECK(result.replications == most);
            CHECK(result.status == Status::limit);
            CHECK(result.status_reason == "the wanted precision was not reached with " +
                                              std::to_string(most) + " replications");
        }
        ExperimentOptions plain;  // A scenario's own number is none that could be given up at.
        plain.max_replications = 1;
        CHECK(run_experiment(small_shop(), plain).replications == 2);
    }

    TEST_CASE("the first look of a search is as strict as it is among all looks") {
        // Of five looks each is at 99 %: it decides one of a hundred, not one of twenty.
        constexpr int trials = 400;
        TrialOptions options;
        options.only_first = true;
        int decided = 0;
        for (int seed = 1; seed <= trials; ++seed) {
            const Scenario scenario = at_the_bound(seed);
            const Expectation goal = scenario.expect.entries[0].expectation;
            const TrialResult trial = run_trial(scenario, {&goal, 1}, options);
            CHECK(trial.result.replications == options.first);
            CHECK(trial.verdict != Verdict::undecided);
            decided += trial.decided ? 1 : 0;
        }
        CAPTURE(decided);
        CHECK(decided <= most_of(trials, 0.01));
    }
}

TEST_SUITE("scenarios: interrupted experiments") {
    TEST_CASE("replications that had just begun do not count beside whole ones") {
        std::atomic<bool> interrupt{false};
        ExperimentOptions options;
        options.run.interrupt = &interrupt;
        options.until = {{"users/latency/mean", 1e-6}};  // never: another batch is begun
        options.progress = [&interrupt](std::int64_t) { interrupt = true; };
        const Result result = run_experiment(busy_server(), options);
        CHECK(result.status == Status::interrupted);
        CHECK(result.status_reason == "interrupted after 10 of 20 replications");
        CHECK(result.replications == 10);
        CHECK(result.simulated == sim::Duration::seconds(1));
        CHECK(find_metric(result, "users/offered")->n == 10);
    }

    TEST_CASE("of replications that were all cut the longest is kept") {
        std::atomic<bool> interrupt{true};
        ExperimentOptions options;
        options.run.interrupt = &interrupt;
        const Result result = run_experiment(busy_server(), options);
        CHECK(result.status == Status::interrupted);
        CHECK(result.replications == 1);
        CHECK(result.simulated < sim::Duration::seconds(1));
    }

    TEST_CASE("an interrupted comparison is one of whole pairs") {
        std::atomic<bool> interrupt{true};
        CompareOptions options;
        options.run.interrupt = &interrupt;
        std::vector<Design> designs = {{"a", busy_server()}, {"b", busy_server()}};
        const ComparisonResult result = run_comparison(designs, options);
        CHECK(result.status == Status::interrupted);
        CHECK(result.replications == 0);
        CHECK(result.designs.front().metrics.empty());
    }

    TEST_CASE("an interruption while details are gathered leaves none and says so") {
        std::atomic<bool> interrupt{false};
        ExperimentOptions options;
        options.run.interrupt = &interrupt;
        options.in_detail = true;
        options.progress = [&interrupt](std::int64_t) { interrupt = true; };
        const Result result = run_experiment(small_shop(), options);
        CHECK(result.replications == 2);
        CHECK(result.status == Status::interrupted);
        CHECK(result.status_reason.find("details") != std::string::npos);
        CHECK(find_section(result.sections, "series") == nullptr);
        CHECK(find_metric(result, "users/latency/mean")->value);
    }

    TEST_CASE("an interruption while nodes are killed leaves no half of a table") {
        std::atomic<bool> interrupt{false};
        ExperimentOptions options;
        options.run.interrupt = &interrupt;
        options.kill_nodes = true;
        options.progress = [&interrupt](std::int64_t) { interrupt = true; };
        const Result result = run_experiment(small_shop(), options);
        CHECK(result.status == Status::interrupted);
        CHECK(find_section(result.sections, "blast_radius") == nullptr);
        interrupt = false;
        options.progress = {};
        CHECK(find_section(run_experiment(small_shop(), options).sections, "blast_radius") !=
              nullptr);
    }
}
