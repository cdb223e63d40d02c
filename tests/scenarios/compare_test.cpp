// Paired differences and their verdicts, worked by hand, and the calibration on M/M/1.
#include "scenarios/compare.hpp"

#include "sim/statistics.hpp"
#include "tests/support/compare_trials.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>
#include <string>
#include <vector>

namespace {

using namespace archsim::scenarios;

// Replications that measured one value each of a metric.
std::vector<Replication> measured(const std::string& metric, const std::vector<double>& values,
                                  const std::string& unit = "s") {
    std::vector<Replication> all;
    for (const double value : values) {
        all.emplace_back();
        all.back().metrics.push_back({metric, unit, value, {}});
    }
    return all;
}

void add(std::vector<Replication>& all, const std::string& metric,
         std::initializer_list<double> values) {
    std::size_t i = 0;
    for (const double value : values) all[i++].metrics.push_back({metric, "s", value, {}});
}

ComparisonResult compared(const std::vector<Replication>& a, const std::vector<Replication>& b,
                          const CompareRules& rules = {},
                          const std::vector<std::string>& headline = {"u/latency/mean"}) {
    const std::vector<std::string> names{"a", "b"};
    const std::vector<std::vector<Replication>> designs{a, b};
    return compare_replications(names, designs, headline, rules);
}

Change verdict(std::initializer_list<double> a, std::initializer_list<double> b,
               const CompareRules& rules = {}, const std::string& metric = "u/latency/mean") {
    const auto result = compared(measured(metric, a), measured(metric, b), rules, {metric});
    return result.designs.front().metrics.front().change;
}

}  // namespace

TEST_SUITE("compare") {
    TEST_CASE("the difference of pairs has the interval of Student's paired t") {
        // Differences 1, 2, 3: mean 2, standard error 1/sqrt(3), t(0.975, 2) = 4.30265.
        const auto result = compared(measured("u/latency/mean", {10.0, 20.0, 30.0}),
                                     measured("u/latency/mean", {11.0, 22.0, 33.0}));
        const MetricComparison& one = result.designs.front().metrics.front();
        CHECK(one.n == 3);
        CHECK(*one.reference == doctest::Approx(20.0));
        CHECK(*one.design == doctest::Approx(22.0));
        CHECK(*one.difference == doctest::Approx(2.0));
        CHECK(one.interval->low == doctest::Approx(2.0 - 4.30265 / std::sqrt(3.0)).epsilon(1e-5));
        CHECK(one.interval->high == doctest::Approx(2.0 + 4.30265 / std::sqrt(3.0)).epsilon(1e-5));
        // Every pair has the ratio 1.1, so its interval has no width.
        CHECK(*one.ratio == doctest::Approx(1.1));
        CHECK(one.ratio_interval->low == doctest::Approx(1.1));
        // Variances 100 and 121 apart, 1 in pairs: sqrt(221).
        CHECK(*one.crn_factor == doctest::Approx(std::sqrt(221.0)));
        // t = 2 sqrt(3) with 2 degrees of freedom: p = 1 - t / sqrt(t^2 + 2).
        CHECK(*one.p_value ==
              doctest::Approx(1.0 - std::sqrt(12.0) / std::sqrt(14.0)).epsilon(1e-9));
    }

    TEST_CASE("the direction of a metric decides between improved and regressed") {
        const auto slower = {1.10, 1.11, 1.09, 1.10};
        const auto faster = {1.00, 1.00, 1.01, 1.00};
        CHECK(verdict(faster, slower) == Change::regressed);
        CHECK(verdict(slower, faster) == Change::improved);
        CHECK(verdict(faster, slower, {}, "u/throughput") == Change::improved);
        CHECK(verdict(slower, faster, {}, "u/throughput") == Change::regressed);
        CHECK(verdict(slower, faster, {}, "web/utilisation") == Change::changed);
        CHECK(verdict(faster, slower, {}, "u/outcome/ok") == Change::improved);
        CHECK(verdict(faster, slower, {}, "u/outcome/timed_out") == Change::regressed);
        // A node may have the name of a metric.
        CHECK(better_of("latency/utilisation") == Better::unknown);
        CHECK(better_of("latency/throughput") == Better::higher);
    }

    TEST_CASE("without a difference the margin tells none shown from inconclusive") {
        // Differences +1, -1, +1, -1 of 100: the interval is 0 +- 1.84.
        const auto a = {100.0, 100.0, 100.0, 100.0};
        const auto b = {101.0, 99.0, 101.0, 99.0};
        CHECK(verdict(a, b) == Change::no_difference);
        CHECK(verdict(a, b, {.tolerance = 0.0, .margin = 0.01}) == Change::inconclusive);
        CHECK(verdict(a, a) == Change::no_difference);
    }

    TEST_CASE("a tolerance is only exceeded by a difference shown to be larger") {
        const auto a = {100.0, 100.0, 100.0, 100.0};
        const auto b = {103.0, 103.1, 102.9, 103.0};
        CHECK(verdict(a, b) == Change::regressed);
        CHECK(verdict(a, b, {.tolerance = 0.02, .margin = 0.05}) == Change::regressed);
        CHECK(verdict(a, b, {.tolerance = 0.04, .margin = 0.05}) == Change::no_difference);
    }

    TEST_CASE("a difference that never varies is one from three pairs on") {
        CHECK(verdict({1.0, 1.0}, {2.0, 2.0}) == Change::inconclusive);
        CHECK(verdict({1.0, 1.0, 1.0}, {2.0, 2.0, 2.0}) == Change::regressed);
    }

    TEST_CASE("equal differences of values that vary are a coincidence, judged by their signs") {
        // Requests that two rare events cost: two pairs of coins that fell alike, p = 2 * 0.5^2.
        const auto two = compared(measured("u/latency/mean", {10.0, 20.0}),
                                  measured("u/latency/mean", {6.0, 16.0}));
        const MetricComparison& one = two.designs.front().metrics.front();
        CHECK(*one.difference == -4.0);
        CHECK_FALSE(one.interval);
        CHECK_FALSE(one.crn_factor);
        CHECK(*one.p_value == doctest::Approx(0.5));
        CHECK(one.change == Change::inconclusive);
        CHECK_FALSE(holds(two, false));
        // With rounding they are as equal: 0.3 - 0.1 is not 0.6 - 0.4 in binary.
        const auto rounded = compared(measured("u/latency/mean", {0.1, 0.4}),
                                      measured("u/latency/mean", {0.3, 0.6}));
        CHECK(*rounded.designs.front().metrics.front().p_value == doctest::Approx(0.5));
        // Six of them are more than one in twenty allows: 2 * 0.5^6 = 1/32.
        const auto a = {10.0, 20.0, 11.0, 21.0, 12.0, 22.0};
        const auto b = {14.0, 24.0, 15.0, 25.0, 16.0, 26.0};
        const auto six = compared(measured("u/latency/mean", a), measured("u/latency/mean", b));
        CHECK(*six.designs.front().metrics.front().p_value == doctest::Approx(1.0 / 32.0));
        CHECK(verdict(a, b) == Change::regressed);
        // 4 of 16 is within a tolerance, and a margin, of 30 %.
        CHECK(verdict(a, b, {.tolerance = 0.3, .margin = 0.3}) == Change::no_difference);
        CHECK(verdict({10.0, 20.0}, {14.0, 24.0}, {.tolerance = 0.3, .margin = 0.3}) ==
              Change::inconclusive);
        // Nor is the same count in each pair a difference.
        CHECK(verdict({10.0, 20.0}, {10.0, 20.0}) == Change::no_difference);
    }

    TEST_CASE("two small counts of equal designs are called different once in twenty at most") {
        // All outcomes of two pairs of counts, each of so many values with the same chance: exact.
        for (const int values : {2, 3, 10}) {
            int called = 0;
            int all = 0;
            for (int outcome = 0; outcome < values * values * values * values; ++outcome) {
                const auto digit = [outcome, values](int place) {
                    int left = outcome;
                    for (int i = 0; i < place; ++i) left /= values;
                    return static_cast<double>(left % values);
                };
                const Change change =
                    verdict({digit(0), digit(1)}, {digit(2), digit(3)}, {}, "u/lost_writes");
                called +=
                    static_cast<int>(change == Change::improved || change == Change::regressed);
                ++all;
            }
            CAPTURE(values);
            CAPTURE(called);
            CHECK(called <= all / 20);
            CHECK((called > 0) == (values == 10));
        }
    }

    TEST_CASE("what does not vary differs for sure from three pairs on, and money from two") {
        const auto p_of = [](const std::vector<double>& a, const std::vector<double>& b) {
            return *compared(measured("u/depth/max", a), measured("u/depth/max", b))
                        .designs.front()
                        .metrics.front()
                        .p_value;
        };
        CHECK(p_of({4, 4}, {5, 5}) == doctest::Approx(1.0 / 8.0));
        CHECK(p_of({4, 4, 4}, {5, 5, 5}) == doctest::Approx(1.0 / 32.0));
        // An instance more costs $20 a month, whatever the requests cost in each run.
        const auto cheap = measured("cost/per_month", {31.37, 28.93}, "usd");
        const auto dear = measured("cost/per_month", {51.37, 48.93}, "usd");
        const auto bill = compared(cheap, dear);
        const MetricComparison& month = bill.designs.front().metrics.front();
        CHECK(*month.p_value == 0.0);
        REQUIRE(month.interval);
        CHECK(month.interval->low == doctest::Approx(20.0));
        CHECK(month.change == Change::regressed);
    }

    TEST_CASE("values are adjusted after Holm within the headline metrics") {
        // Raw p of t = d / se with 3 degrees of freedom; two metrics, so the smaller one doubles.
        auto a = measured("u/latency/mean", {10.0, 10.0, 10.0, 10.0});
        auto b = measured("u/latency/mean", {11.0, 12.0, 11.0, 12.0});
        const double alone = *compared(a, b).designs.front().metrics.front().p_value;
        add(a, "u/latency/p99", {10.0, 10.0, 10.0, 10.0});
        add(b, "u/latency/p99", {11.0, 9.0, 11.0, 9.0});
        const auto both = compared(a, b, {}, {"u/latency/mean", "u/latency/p99"});
        CHECK(*both.designs.front().metrics[0].p_value == doctest::Approx(2.0 * alone));
        CHECK(*both.designs.front().metrics[1].p_value == doctest::Approx(1.0));
        // One that is no headline metric is in another family.
        const auto apart = compared(a, b);
        CHECK(*apart.designs.front().metrics[0].p_value == doctest::Approx(alone));
        CHECK_FALSE(apart.designs.front().metrics[1].headline);
    }

    TEST_CASE("metrics of one design only are named, and missing values fail the comparison") {
        auto a = measured("u/latency/mean", {1.0, 1.0, 1.0});
        auto b = measured("u/latency/mean", {1.0, 1.0, 1.0});
        add(a, "x/depth/mean", {1.0, 1.0, 1.0});
        add(b, "y/depth/mean", {1.0, 1.0, 1.0});
        const auto good = compared(a, b);
        CHECK(good.designs.front().only_in_reference == std::vector<std::string>{"x/depth/mean"});
        CHECK(good.designs.front().only_here == std::vector<std::string>{"y/depth/mean"});
        CHECK(holds(good, false));
        b[0].metrics[0].value.reset();
        b[1].metrics[0].value.reset();
        const auto bad = compared(a, b);
        CHECK(bad.designs.front().metrics.front().change == Change::no_data);
        CHECK_FALSE(holds(bad, true));
    }

    TEST_CASE("a headline metric that a design does not have is no data, not good news") {
        // The same design with its load source under another name shares nothing that decides.
        auto a = measured("u/latency/mean", {1.0, 2.0, 3.0});
        add(a, "u/offered", {1.0, 1.0, 1.0});
        const auto result = compared(a, measured("v/latency/mean", {9.0, 9.0, 9.0}));
        REQUIRE(result.designs.front().metrics.size() == 1);
        const MetricComparison& one = result.designs.front().metrics.front();
        CHECK(one.metric == "u/latency/mean");
        CHECK(one.headline);
        CHECK(one.change == Change::no_data);
        CHECK(*one.reference == doctest::Approx(2.0));
        CHECK_FALSE(one.design);
        CHECK_FALSE(holds(result, true));
    }

    TEST_CASE("a node that only the reference has is what is compared, not missing data") {
        auto a = measured("u/latency/mean", {1.0, 1.0, 1.0});
        auto b = a;
        const std::vector<std::string> of_node{"cache/hit_ratio", "cost/cache", "u->cache/retries"};
        const std::vector<std::string> needed{"cost/per_month", "db/reads", "system/availability"};
        std::vector<std::string> headline{"u/latency/mean"};
        for (const auto& names : {of_node, needed}) {
            for (const std::string& name : names) {
                add(a, name, {0.5, 0.5, 0.5});
                headline.push_back(name);
            }
        }
        add(b, "db/writes", {0.5, 0.5, 0.5});
        const DesignComparison made = compared(a, b, {}, headline).designs.front();
        CHECK(made.only_in_reference.size() == 6);
        std::vector<std::string> without_data;
        for (const MetricComparison& one : made.metrics) {
            if (one.change == Change::no_data) without_data.push_back(one.metric);
        }
        CHECK(without_data == needed);
        headline.resize(4);
        CHECK(holds(compared(a, b, {}, headline), false));
    }

    TEST_CASE("Student's t, two-sided, has the values of the tables") {
        CHECK(archsim::sim::student_t_two_sided(12.706204736, 1) == doctest::Approx(0.05));
        CHECK(archsim::sim::student_t_two_sided(-2.262157163, 9) == doctest::Approx(0.05));
        CHECK(archsim::sim::student_t_two_sided(0.0, 5) == doctest::Approx(1.0));
    }
}

TEST_SUITE("compare on M/M/1") {
    using namespace archsim::tests;

    TEST_CASE("equal designs with other seeds are called different in at most one of twenty") {
        for (const double load : {0.5, 0.9}) {
            CAPTURE(load);
            const CompareTrials made = run_compare_trials(
                {.load = load, .replications = 5, .seconds = 8.0, .warm_up = 1.0}, 100);
            CHECK(static_cast<double>(made.called) <= calls_allowed(100));
            CHECK(static_cast<double>(made.covered_mean) >= coverage_required(100));
            CHECK(static_cast<double>(made.covered_p99) >= coverage_required(100));
        }
    }

    TEST_CASE("a faster server is seen, and its true gain lies in the interval") {
        const CompareTrials made = run_compare_trials(
            {.load = 0.5, .speed_up = 2.0, .replications = 10, .seconds = 10.0, .warm_up = 1.0},
            30);
        CHECK(made.called == 30);
        CHECK(static_cast<double>(made.covered_mean) >= coverage_required(30));
    }

    TEST_CASE("common random numbers shorten the interval") {
        const TrialSetup setup{.load = 0.5, .speed_up = 1.1, .replications = 20};
        const double factor = measured_crn_factor(setup);
        MESSAGE("interval shorter by a factor of " << factor);
        CHECK(factor > 2.0);
    }
}
