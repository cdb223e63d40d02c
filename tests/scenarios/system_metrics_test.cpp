// The availability of several load sources together and the busiest station, by hand and in runs.
#include "scenarios/system_metrics.hpp"

#include "scenarios/compare.hpp"
#include "scenarios/experiment.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

using namespace archsim;
using namespace archsim::scenarios;
using doctest::Approx;

TEST_SUITE("scenarios: system metrics") {
    TEST_CASE("sources count by how many of their requests end") {
        std::vector<sim::MetricValue> metrics = {
            {"a/availability", "ratio", 0.5, {0.5, std::nullopt}},
            {"a/read/availability", "ratio", 0.0, {0.0, 0.0}},
            {"a/throughput", "1/s", 30.0, {30.0, 0.0}},
            {"b/availability", "ratio", 1.0, {1.0, 0.25}},
            {"b/throughput", "1/s", 10.0, {10.0, 10.0}}};
        add_system_availability(metrics);
        REQUIRE(metrics.size() == 6);
        const sim::MetricValue& made = metrics.back();
        CHECK(made.name == "system/availability");
        CHECK(made.unit == "ratio");
        CHECK(*made.value == Approx((0.5 * 30.0 + 10.0) / 40.0));
        REQUIRE(made.windows.size() == 2);
        CHECK(*made.windows[0] == Approx(0.625));
        CHECK(made.windows[1] == 0.25);
    }

    TEST_CASE("without an end of a request there is no value, and without a source no metric") {
        std::vector<sim::MetricValue> metrics = {{"a/availability", "ratio", std::nullopt, {}},
                                                 {"a/throughput", "1/s", 0.0, {}}};
        add_system_availability(metrics);
        REQUIRE(metrics.size() == 3);
        CHECK_FALSE(metrics.back().value);
        CHECK(metrics.back().reason == "no request ended");
        std::vector<sim::MetricValue> none = {{"web/utilisation", "ratio", 0.5, {}}};
        add_system_availability(none);
        CHECK(none.size() == 1);
    }

    TEST_CASE("the busiest station of a replication is its bottleneck, parts of one are none") {
        std::vector<sim::MetricValue> metrics = {{"web/utilisation", "ratio", 0.8, {0.7, 0.9}},
                                                 {"web/0/utilisation", "ratio", 0.95, {}},
                                                 {"store/a/utilisation", "ratio", 0.9, {0.9, 0.9}},
                                                 {"idle/utilisation", "ratio", std::nullopt, {}},
                                                 {"users/latency/mean", "s", 5.0, {}}};
        add_system_bottleneck(metrics);
        REQUIRE(metrics.size() == 6);
        CHECK(metrics.back().name == "system/bottleneck");
        CHECK(metrics.back().unit == "ratio");
        CHECK(*metrics.back().value == 0.9);
        CHECK(metrics.back().windows.size() == 2);
        std::vector<sim::MetricValue> none = {{"users/latency/mean", "s", 5.0, {}}};
        add_system_bottleneck(none);
        CHECK(none.size() == 1);
    }

    TEST_CASE(
        "a comparison and a tornado have the bottleneck, and a run that of all replications") {
        // 30 requests a second keep a station of 20 ms busy for 60 % of the time, one of 10 ms for
        // 30 %: constant work at constant times has no spread but that of the two ends.
        const auto shop = [](const char* work) {
            return tests::read_text(R"("duration": "10s", "replications": 2, "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "30/s"},
                      "calls": ["web"]},
            "web": {"kind": "service", "service_time": ")" +
                                    std::string{work} + R"("}},
            "expect": ["system/bottleneck <= 90%"])");
        };
        std::vector<Design> designs = {{"slow", shop("20ms")}, {"fast", shop("10ms")}};
        CompareOptions options;
        options.replications = 2;
        options.until = {{"system/bottleneck", 0.05}};
        options.max_replications = 4;
        const ComparisonResult result = run_comparison(designs, options);
        CHECK(result.status == Status::complete);
        const MetricComparison& one = result.designs.front().metrics.front();
        REQUIRE(one.metric == "system/bottleneck");
        CHECK(one.headline);
        CHECK(*one.reference == Approx(0.6).epsilon(0.01));
        CHECK(*one.design == Approx(0.3).epsilon(0.01));
        const Result alone = run_experiment(shop("20ms"), {});
        CHECK(find_metric(alone, "system/bottleneck")->value ==
              find_metric(alone, "web/utilisation")->value);
        CHECK(std::ranges::count(alone.metrics, "system/bottleneck", &MetricResult::name) == 1);
    }

    TEST_CASE("a scenario with a station has a bottleneck to ask for") {
        const Scenario scenario = tests::read_text(R"("duration": "1s", "nodes": {
            "users": {"kind": "open_loop", "arrivals": "1/s", "calls": ["lb"]},
            "lb": {"kind": "load_balancer", "calls": ["web"]},
            "web": {"kind": "service", "service_time": "1ms"}})");
        CHECK(has_metric(scenario, "system/bottleneck"));
        CHECK(has_metric(scenario, "system/availability"));
        CHECK_FALSE(has_metric(scenario, "system/bottlenec"));
    }

    TEST_CASE("a run reports it, and expectations may name it") {
        // Of 30 requests a second 20 meet a node that is down and 10 one that is not.
        const Result result =
            run_experiment(tests::read_text(R"("duration": "10s", "replications": 2, "nodes": {
            "a": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "20/s"},
                  "calls": ["dead"]},
            "b": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                  "calls": ["web"]},
            "dead": {"kind": "service", "service_time": "0s"},
            "web": {"kind": "service", "service_time": "0s"}},
            "faults": [{"kind": "crash", "node": "dead", "at": "0s"}],
            "expect": ["system/availability <= 40%", "system/availability >= 30%"])"),
                           {});
        const MetricResult* const metric = find_metric(result, "system/availability");
        REQUIRE(metric != nullptr);
        CHECK(*metric->value == Approx(1.0 / 3.0).epsilon(0.02));
        CHECK(result.expect[0].verdict == Verdict::pass);
        CHECK(result.expect[1].verdict == Verdict::pass);
    }
}
