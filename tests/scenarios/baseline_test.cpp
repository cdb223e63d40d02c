// Baselines: what they keep, and what counts as a change.
#include "scenarios/baseline.hpp"

#include "scenarios/parse.hpp"
#include "tests/reports/example.hpp"

#include <doctest/doctest.h>

namespace {

using namespace archsim;
using namespace archsim::scenarios;

Result measured(double mean, double standard_error, int n, const char* name = "u/latency/mean") {
    Result result;
    result.metrics = {
        {.name = name, .unit = "s", .value = mean, .n = n, .standard_error = standard_error}};
    return result;
}

Change change(const BaselineMetric& before, const Result& now,
              const char* name = "u/latency/mean") {
    return against_baseline({{name, before}}, now).front().change;
}

}  // namespace

TEST_SUITE("baseline") {
    TEST_CASE("a baseline is the same after a journey through JSON") {
        Result result = tests::example_result();
        sort_by_name(result);
        Baseline baseline;
        baseline["a/b.json"] = baseline_of(result);
        CHECK(baseline["a/b.json"].contains("users/latency/p99"));
        CHECK_FALSE(baseline["a/b.json"].contains("web/waiting_time/mean"));
        const std::string text = write_baseline(baseline);
        models::Diagnostics diagnostics;
        const auto document = parse(text, 0, diagnostics);
        REQUIRE(document);
        const auto again = read_baseline(*document);
        REQUIRE(again);
        CHECK(write_baseline(*again) == text);
        CHECK(again->at("a/b.json").at("users/latency/p99").value == 0.0381);
        CHECK_FALSE(read_baseline(models::Value::object()));
    }

    TEST_CASE("a change is one that Welch's t shows") {
        // t = 2 / sqrt(0.6^2 + 0.8^2) = 2 with about 17 degrees of freedom: p = 0.06.
        CHECK(change({"s", 10.0, 0.6, 10}, measured(12.0, 0.8, 10)) == Change::no_difference);
        // t = 3: p = 0.008.
        CHECK(change({"s", 10.0, 0.6, 10}, measured(13.0, 0.8, 10)) == Change::regressed);
        CHECK(change({"s", 10.0, 0.6, 10}, measured(7.0, 0.8, 10)) == Change::improved);
        CHECK(change({"s", 10.0, 0.6, 10}, measured(7.0, 0.8, 10, "u/throughput"),
                     "u/throughput") == Change::regressed);
    }

    TEST_CASE("without an error on either side any difference counts") {
        CHECK(change({"s", 10.0, std::nullopt, 1}, measured(10.0, 0.0, 1)) ==
              Change::no_difference);
        CHECK(change({"s", 10.0, std::nullopt, 1}, measured(10.1, 0.0, 1)) == Change::regressed);
    }

    TEST_CASE("a metric that is gone, or has another unit, is no data") {
        CHECK(change({"s", 10.0, 0.1, 10}, Result{}) == Change::no_data);
        CHECK(change({"ratio", 10.0, 0.1, 10}, measured(10.0, 0.1, 10)) == Change::no_data);
    }

    TEST_CASE("many metrics of which one is a little off are no change") {
        // Alone p = 0.008 is called; among ten it is not.
        BaselineMetrics before{{"u/latency/mean", {"s", 10.0, 0.6, 10}}};
        Result now = measured(13.0, 0.8, 10);
        for (int i = 0; i < 9; ++i) {
            const std::string name = "u/same/" + std::to_string(i);
            before[name] = {"s", 1.0, 0.1, 10};
            now.metrics.push_back(
                {.name = name, .unit = "s", .value = 1.0, .n = 10, .standard_error = 0.1});
        }
        sort_by_name(now);
        CHECK(against_baseline(before, now).front().change == Change::no_difference);
    }
}
