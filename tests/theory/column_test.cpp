// The theory column of whole runs: every closed form that it knows, measured by the simulator and
// compared. Fixed seeds, so that a result within the limit stays there.
#include "scenarios/experiment.hpp"
#include "tests/support/scenario_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace archsim;
using namespace archsim::scenarios;
using tests::service;

namespace {

/// Runs the nodes for 31 s and leaves out the first second, a hundred service times. The batches
/// of 1.5 s that the errors come from are long enough to be nearly independent.
Result run(const std::string& nodes) {
    Scenario scenario = tests::scenario_of(nodes, R"("warm_up": "1s")");
    scenario.duration = sim::Duration::seconds(31);
    return run_experiment(scenario, {});
}

/// Holds each entry of the column to 4 standard errors: with twenty batches a deviation follows
/// Student's t with 19 degrees of freedom, which goes beyond less than once in a thousand times.
/// What did not vary must be exact. `metrics` must be among the entries.
void check_column(const Result& result, const std::vector<std::string>& metrics) {
    constexpr double most = 4.0;
    for (const TheoryResult& theory : result.theory) {
        CAPTURE(theory.metric);
        CAPTURE(theory.formula);
        CAPTURE(theory.value);
        if (theory.deviation_sigmas) {
            CHECK(std::abs(*theory.deviation_sigmas) < most);
            continue;
        }
        const MetricResult* const metric = find_metric(result, theory.metric);
        REQUIRE(metric != nullptr);
        CHECK(metric->value == doctest::Approx(theory.value));
    }
    for (const std::string& metric : metrics) {
        CAPTURE(metric);
        CHECK(std::ranges::find(result.theory, metric, &TheoryResult::metric) !=
              result.theory.end());
    }
}

/// `"<name>": {...}`: a second, third ... source of its own.
std::string source(const std::string& name, const std::string& rate, const std::string& calls) {
    return '"' + name + R"(": {"kind": "open_loop", "arrivals": ")" + rate + R"(", "calls": [")" +
           calls + R"("]})";
}

}  // namespace

TEST_SUITE("theory column in runs") {
    TEST_CASE("infinite queues") {
        const Result result =
            run(source("a", "60/s", "mm1") + ", " + service("mm1", "exponential 10ms") + ", " +
                source("b", "120/s", "mm2") + ", " +
                service("mm2", "exponential 10ms", R"("servers": 2)") + ", " +
                source("c", "60/s", "md1") + ", " + service("md1", "10ms") + ", " +
                source("d", "60/s", "ps") + ", " +
                service("ps", "10ms", R"("discipline": "processor_sharing")"));
        check_column(result, {"mm1/waiting_time/mean", "a/latency/p99", "mm2/sojourn_time/p99",
                              "md1/waiting_time/mean", "ps/sojourn_time/mean", "b/throughput"});
    }

    TEST_CASE("servers that slow each other down") {
        // At most 4 / 1.54 = 2.6 times the work of one; 1.8 are asked for.
        const std::string slow = R"("servers": 4, "contention": 0.1, "coherency": 0.02)";
        const Result result =
            run(source("a", "180/s", "web") + ", " + service("web", "exponential 10ms", slow) +
                ", " + source("b", "180/s", "ps") + ", " +
                service("ps", "exponential 10ms", slow + R"(, "discipline": "processor_sharing")"));
        check_column(result, {"web/waiting_time/mean", "web/sojourn_time/mean", "web/utilisation",
                              "web/queue_length/mean", "a/latency/mean", "ps/sojourn_time/mean"});
    }

    TEST_CASE("finite queues and no queue") {
        const Result result = run(source("a", "120/s", "k") + ", " +
                                  service("k", "exponential 10ms", R"("queue": 4)") + ", " +
                                  source("b", "150/s", "ck") + ", " +
                                  service("ck", "exponential 10ms", R"("servers": 2, "queue": 1)") +
                                  ", " + source("c", "150/s", "loss") + ", " +
                                  service("loss", "10ms", R"("servers": 2, "queue": 0)"));
        check_column(result, {"k/rejected", "k/waiting_time/mean", "ck/rejected",
                              "ck/sojourn_time/mean", "loss/rejected", "loss/utilisation"});
    }

    TEST_CASE("turns, tandems and splits with delays") {
        const Result result = run(source("a", "120/s", "turns") + ", " +
                                  service("turns", "exponential 10ms", R"("instances": 2)") + ", " +
                                  source("b", "120/s", "lb") +
                                  R"(, "lb": {"kind": "load_balancer", "policy": "random",
                        "calls": [{"to": "left", "weight": 2, "delay": "1ms"}, "right"]}, )" +
                                  service("left", "exponential 7ms", R"("calls": ["db"])") + ", " +
                                  service("right", "exponential 10ms", R"("calls": ["db"])") +
                                  ", " + service("db", "exponential 5ms"));
        check_column(result, {"a/latency/mean", "a/latency/p99", "turns/waiting_time/mean",
                              "b/latency/mean", "db/sojourn_time/p99", "left/waiting_time/mean"});
    }

    TEST_CASE("a store that reads and writes for different times") {
        const Result result = run(R"(
            "a": {"kind": "open_loop", "arrivals": "45/s", "calls": ["db"], "operations": [
                {"name": "read", "weight": 3}, {"name": "write", "type": "write"}]},
            "db": {"kind": "store", "read_time": {"kind": "exponential", "mean": "10ms"},
                   "write_time": "20ms"})");
        check_column(result, {"db/utilisation", "db/waiting_time/mean", "a/latency/mean",
                              "a/read/latency/mean", "a/write/latency/mean", "a/throughput"});
    }

    TEST_CASE("priorities and operations of different work") {
        const std::string two = R"("operations": [{"name": "urgent", "priority": 1},
            {"name": "usual"}], "arrivals": "60/s", "kind": "open_loop")";
        const std::string routes = R"("routes": {
            "urgent": [{"work": "5ms"}],
            "usual": [{"work": {"kind": "exponential", "mean": "15ms"}}]})";
        const Result result =
            run(R"("a": {"calls": ["first"], )" + two + R"(}, "b": {"calls": ["queue"], )" + two +
                "}, " + service("first", "1ms", R"("discipline": "priority", )" + routes) + ", " +
                service("queue", "1ms", routes));
        check_column(result,
                     {"a/urgent/latency/mean", "a/usual/latency/mean", "first/waiting_time/mean",
                      "b/urgent/latency/mean", "queue/waiting_time/mean"});
    }
}
