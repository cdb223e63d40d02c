// Expectations: what is understood, what is refused and where, and the three-valued verdict.
#include "scenarios/expect.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace archsim;
using namespace archsim::scenarios;

namespace {

Expectation parsed(std::string_view text) {
    auto result = parse_expectation(text);
    CAPTURE(std::string{text});
    REQUIRE(std::holds_alternative<Expectation>(result));
    return std::get<Expectation>(result);
}

ExpectProblem refused(std::string_view text) {
    auto result = parse_expectation(text);
    CAPTURE(std::string{text});
    REQUIRE(std::holds_alternative<ExpectProblem>(result));
    return std::get<ExpectProblem>(result);
}

Result with_metric(MetricResult metric) {
    Result result{.scenario = "s"};
    result.metrics = {std::move(metric)};
    return result;
}

Verdict verdict_of(std::string_view text, Interval interval) {
    return judge(parsed(text),
                 with_metric(
                     {.name = "m", .unit = "", .value = interval.low, .ci95 = interval, .n = 10}))
        .verdict;
}

}  // namespace

TEST_SUITE("expect") {
    TEST_CASE("metric, comparison and bound are taken apart") {
        const Expectation expectation = parsed("users/latency/p99 <= 40ms");
        CHECK(expectation.metric == "users/latency/p99");
        CHECK(expectation.comparison == Comparison::at_most);
        CHECK(expectation.bound == 0.04);
        CHECK(expectation.unit == "s");
        CHECK(expectation.expr == "users/latency/p99 <= 40ms");
    }

    TEST_CASE("blanks are optional and the arrow of an edge is no comparison") {
        CHECK(parsed("a/b<3").bound == 3.0);
        CHECK(parsed("  a/b  >=  3 ").metric == "a/b");
        const Expectation edge = parsed("web->db/retries > 5/s");
        CHECK(edge.metric == "web->db/retries");
        CHECK(edge.comparison == Comparison::more);
        CHECK(parsed("users/latency/p99.9 == 1s").metric == "users/latency/p99.9");
    }

    TEST_CASE("a bound is the nearest number to what is written") {
        CHECK(parsed("m < 35ms").bound == 0.035);
        CHECK(parsed("m < 99.9%").bound == 0.999);
        CHECK(parsed("m < 1.5m").bound == 90.0);
        CHECK(parsed("m < 1500/s").bound == 1500.0);
        CHECK(parsed("m < 1500/s").unit == "1/s");
        CHECK(parsed("m < 2KiB").bound == 2048.0);
        CHECK(parsed("m < 100Mbps").bound == 12.5e6);
        CHECK(parsed("m < 100Mbps").unit == "bytes/s");
        CHECK(parsed("cost/per_month < $1200.50").bound == 1200.5);
        CHECK(parsed("cost/per_month < $100").unit == "usd");
        CHECK(parsed("consistency/linearizable == true").bound == 1.0);
        CHECK(parsed("m > -2e-3").bound == -0.002);
    }

    TEST_CASE("what cannot be understood is refused where it starts") {
        CHECK(refused("users/latency/p99").message == "an expectation needs a comparison");
        CHECK(refused("a b < 3").message == "'a b' is not the path of a metric");
        CHECK(refused("< 3").message == "'' is not the path of a metric");
        CHECK(refused("a//b < 3").offset == 0);
        CHECK(refused("a/ < 3").message == "'a/' is not the path of a metric");
        CHECK(refused("m = 3").offset == 2);
        CHECK(refused("m = 3").message == "unknown comparison");
        CHECK(refused("m != 3").offset == 2);
        CHECK(refused("m <= ").offset == 5);
        CHECK(refused("m <= fast").offset == 5);
        for (const char* text :
             {"m < inf", "m < nan", "m < 1e400", "m < $", "m < 0x10", "m < +3", "m < .5", "m < -"})
            CHECK(refused(text).offset == 4);
        CHECK(refused("m < 3parsecs").code == models::Code::bad_expectation);
        CHECK(refused("m < 3parsecs").message == "'3parsecs' is not a bound");
        CHECK(refused("m < 101%").code == models::Code::out_of_range);
        CHECK(refused("m < $3/h").code == models::Code::bad_expectation);
    }

    TEST_CASE("a bound must have the dimension of its metric") {
        CHECK(unit_problem(parsed("m < 40ms"), "s").empty());
        CHECK(unit_problem(parsed("m < 0.7"), "ratio").empty());
        CHECK(unit_problem(parsed("m < 70%"), "ratio").empty());
        CHECK(unit_problem(parsed("m < 3"), "count").empty());
        CHECK(unit_problem(parsed("m < 3"), "s") ==
              "m is measured in s: write the bound like 40ms");
        CHECK(unit_problem(parsed("m < 3s"), "") ==
              "m is measured in plain numbers: write the bound like 3");
        CHECK_FALSE(unit_problem(parsed("m < 40ms"), "1/s").empty());
        CHECK_FALSE(unit_problem(parsed("m < 40%"), "count").empty());
    }

    TEST_CASE("the whole interval decides") {
        CHECK(verdict_of("m <= 5", {3, 5}) == Verdict::pass);
        CHECK(verdict_of("m < 5", {3, 5}) == Verdict::undecided);
        CHECK(verdict_of("m <= 4", {3, 5}) == Verdict::undecided);
        CHECK(verdict_of("m <= 3", {3, 5}) == Verdict::undecided);
        CHECK(verdict_of("m < 3", {3, 5}) == Verdict::fail);
        CHECK(verdict_of("m >= 3", {3, 5}) == Verdict::pass);
        CHECK(verdict_of("m > 3", {3, 5}) == Verdict::undecided);
        CHECK(verdict_of("m > 5", {3, 5}) == Verdict::fail);
        CHECK(verdict_of("m == 4", {4, 4}) == Verdict::pass);
        CHECK(verdict_of("m == 4", {3, 5}) == Verdict::undecided);
        CHECK(verdict_of("m == 6", {3, 5}) == Verdict::fail);
    }

    TEST_CASE("without an interval the value decides and the note says why") {
        const Result result = with_metric({.name = "m",
                                           .unit = "s",
                                           .value = 0.03,
                                           .n = 1,
                                           .reason = "only 3 batches, 10 are needed"});
        const ExpectResult judged = judge(parsed("m <= 40ms"), result);
        CHECK(judged.verdict == Verdict::pass);
        CHECK(judged.observed == 0.03);
        CHECK(judged.note ==
              "decided by one value without an interval: only 3 batches, 10 are needed");
        CHECK(judge(parsed("m <= 20ms"), result).verdict == Verdict::fail);
    }

    TEST_CASE("what was not measured has no data and a reason") {
        const Result result = with_metric({.name = "m", .unit = "ratio", .reason = "no lookups"});
        const ExpectResult absent = judge(parsed("m >= 70%"), result);
        CHECK(absent.verdict == Verdict::no_data);
        CHECK(absent.note == "no lookups");
        CHECK_FALSE(absent.observed.has_value());
        CHECK(judge(parsed("n >= 70%"), result).verdict == Verdict::no_data);
        CHECK(judge(parsed("m >= 70ms"), result).note ==
              "m is measured in ratio: write the bound like 70%");
    }

    TEST_CASE("expectations hold together only if each one does") {
        Result result = with_metric(
            {.name = "m", .unit = "s", .value = 2.0, .ci95 = Interval{1.0, 3.0}, .n = 10});
        judge_all(std::vector{parsed("m < 4s"), parsed("m <= 2s")}, result);
        REQUIRE(result.expect.size() == 2);
        CHECK(result.expect[1].comparison == "<=");
        CHECK_FALSE(all_hold(result, false));
        CHECK(all_hold(result, true));
        judge_all(std::vector{parsed("m < 1s")}, result);
        CHECK_FALSE(all_hold(result, true));
        judge_all({}, result);
        CHECK(all_hold(result, false));
    }

    TEST_CASE("metrics are found by their whole path") {
        Result result{.scenario = "s"};
        for (const char* name : {"b/x", "a/x", "a/x/p99"})
            result.metrics.push_back({.name = name, .unit = "s", .value = 1.0});
        sort_by_name(result);
        REQUIRE(find_metric(result, "a/x") != nullptr);
        CHECK(find_metric(result, "a/x")->name == "a/x");
        CHECK(find_metric(result, "a/x/p99")->name == "a/x/p99");
        CHECK(find_metric(result, "a") == nullptr);
        CHECK(find_metric(result, "zzz") == nullptr);
    }
}
