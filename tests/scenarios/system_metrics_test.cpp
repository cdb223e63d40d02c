// The availability of several load sources together, by hand and in a run.
#include "scenarios/system_metrics.hpp"

#include "scenarios/experiment.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <optional>
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
