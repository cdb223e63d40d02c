// Closed forms of queueing theory against the whole product: one table of scenarios, each with the
// values that theory gives. A second is the mean service time wherever nothing else is said.
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace archsim;

namespace {

struct Truth {
    std::string metric;
    double value;
};

/// One row: the nodes of a scenario, how long it runs, and what must come out.
struct Row {
    std::string title;
    std::string nodes;
    int seconds;  ///< Measured, after a tenth of it as warm-up.
    std::vector<Truth> truths;
};

std::string users(const std::string& rate, const std::string& calls = R"("web")") {
    return R"("users": {"kind": "open_loop", "arrivals": ")" + rate + R"(", "calls": [)" + calls +
           "]}, ";
}

std::string web(const std::string& more,
                const std::string& time = R"({"kind": "exponential", "mean": "1s"})") {
    return R"("web": {"kind": "service", "service_time": )" + time +
           (more.empty() ? "" : ", " + more) + "}";
}

void check(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        CAPTURE(row.title);
        const int warm_up = row.seconds / 10;
        const scenarios::Scenario scenario =
            tests::read_text(R"("seed": 3, "duration": ")" + std::to_string(row.seconds + warm_up) +
                             R"(s", "warm_up": ")" + std::to_string(warm_up) + R"(s", "nodes": {)" +
                             row.nodes + "}");
        const auto replications = tests::replicate(scenario, 8);
        for (const Truth& truth : row.truths) {
            CAPTURE(truth.metric);
            CAPTURE(truth.value);
            const tests::Estimate found = tests::estimate_of(replications, truth.metric);
            CAPTURE(found.mean);
            CAPTURE(found.standard_error);
            CHECK(found.sigmas_from(truth.value) < 3.0);
            CHECK(found.standard_error < 0.05 * truth.value);
        }
    }
}

}  // namespace

TEST_SUITE("queues") {
    TEST_CASE("stations with an endless queue") {
        check({
            {"M/M/1 at 0.5", users("0.5/s") + web(""), 10'000, {{"users/latency/mean", 2.0}}},
            {"M/M/1 at 0.8",
             users("0.8/s") + web(""),
             20'000,
             {{"users/latency/mean", 5.0},
              {"web/waiting_time/mean", 4.0},
              {"web/in_flight/mean", 4.0},
              {"users/latency/p50", 3.465736},
              {"users/latency/p95", 14.978661},
              {"web/waiting_time/p95", 13.862944},
              {"web/utilisation", 0.8}}},
            {"M/M/2 at 1.6",
             users("1.6/s") + web(R"("servers": 2)"),
             10'000,
             {{"users/latency/mean", 2.777778}, {"web/utilisation", 0.8}}},
            {"M/M/4 at 3.2",
             users("3.2/s") + web(R"("servers": 4)"),
             5'000,
             {{"users/latency/mean", 1.745541}, {"web/waiting_time/p95", 3.098679}}},
        });
    }

    TEST_CASE("stations with few places to wait lose what finds them full") {
        check({
            {"M/M/1/5 at 0.8",
             users("0.8/s") + web(R"("queue": 4)"),
             10'000,
             {{"web/rejected", 0.0888195},
              {"users/latency/mean", 2.563065},
              {"users/goodput", 0.728944}}},
            {"M/M/1/4 at 1", users("1/s") + web(R"("queue": 3)"), 10'000, {{"web/rejected", 0.2}}},
            {"M/M/1/10 at 1.2",
             users("1.2/s") + web(R"("queue": 9)"),
             10'000,
             {{"web/rejected", 0.192586},
              {"users/latency/mean", 6.926138},
              {"users/goodput", 0.968896}}},
            {"M/M/2/5 at 3",
             users("3/s") + web(R"("queue": 3, "servers": 2)"),
             5'000,
             {{"users/outcome/rejected", 0.374422}, {"users/goodput", 1.876733}}},
            {"M/M/4/20 at 4.4",
             users("4.4/s") + web(R"("queue": 16, "servers": 4)"),
             8'000,
             {{"web/rejected", 0.108322}, {"users/latency/mean", 3.483173}}},
            {"M/M/10/10 at 8, Erlang B",
             users("8/s") + web(R"("queue": 0, "servers": 10)"),
             2'000,
             {{"web/rejected", 0.121661}}},
            {"M/D/5/5 at 3, Erlang B does not depend on the distribution",
             users("3/s") + web(R"("queue": 0, "servers": 5)", R"("1s")"),
             5'000,
             {{"web/rejected", 0.110054}}},
        });
    }

    TEST_CASE("the waiting time grows with the variance of the service") {
        const std::string arrivals = users("0.8/s");
        check({
            {"M/D/1", arrivals + web("", R"("1s")"), 15'000, {{"web/waiting_time/mean", 2.0}}},
            {"M/E2/1",
             arrivals + web("", R"({"kind": "erlang", "mean": "1s", "stages": 2})"),
             15'000,
             {{"web/waiting_time/mean", 3.0}}},
            {"M/H2/1",
             arrivals + web("", R"({"kind": "hyperexponential", "mean": "1s", "cv": 2})"),
             40'000,
             {{"web/waiting_time/mean", 10.0}}},
            {"M/G/1 with two times",
             users("0.5/s") + web("", R"({"kind": "empirical", "values": ["500ms", "5500ms"],
                                          "weights": [9, 1]})"),
             15'000,
             {{"web/waiting_time/mean", 1.625}}},
        });
    }

    TEST_CASE("disciplines") {
        check({
            {"processor sharing does not depend on the distribution",
             users("0.8/s") + web(R"("discipline": "processor_sharing")",
                                  R"({"kind": "erlang", "mean": "1s", "stages": 4})"),
             15'000,
             {{"users/latency/mean", 5.0}}},
            {"lifo has the mean of fifo",
             users("0.8/s") + web(R"("discipline": "lifo")"),
             20'000,
             {{"web/waiting_time/mean", 4.0}}},
            {"priorities, Cobham 1954",
             R"("users": {"kind": "open_loop", "arrivals": "0.8/s", "calls": ["web"],
                "operations": [{"name": "urgent", "weight": 3, "priority": 1},
                               {"name": "usual", "weight": 5}]}, )" +
                 web(R"("discipline": "priority")"),
             20'000,
             {{"users/urgent/latency/mean", 2.142857}, {"users/usual/latency/mean", 6.714286}}},
        });
    }

    TEST_CASE("arrivals that are more regular than Poisson wait less") {
        const auto in_turn = [](const std::string& rate, const std::string& instances) {
            return users(rate, R"("lb")") +
                   R"("lb": {"kind": "load_balancer", "policy": "round_robin",
                             "calls": ["web"]}, )" +
                   web(R"("instances": )" + instances);
        };
        check({
            {"E2/M/1 at 0.5", in_turn("1/s", "2"), 8'000, {{"users/latency/mean", 1.618034}}},
            {"E4/M/1 at 0.8", in_turn("3.2/s", "4"), 6'000, {{"users/latency/mean", 3.267384}}},
            {"D/M/1 at 0.8",
             R"("users": {"kind": "open_loop", "calls": ["web"],
                          "arrivals": {"kind": "constant", "rate": "0.8/s"}}, )" +
                 web(""),
             15'000,
             {{"users/latency/mean", 2.692731}}},
        });
    }

    TEST_CASE("networks of stations") {
        const auto station = [](const std::string& name, const std::string& mean,
                                const std::string& more) {
            return ", \"" + name +
                   R"(": {"kind": "service", "service_time": {"kind": "exponential", "mean": ")" +
                   mean + "\"}" + more + "}";
        };
        const auto closed = [&](const std::string& users) {
            return R"("users": {"kind": "closed_loop", "users": )" + users + R"(, "calls": ["web"],
                      "think_time": {"kind": "exponential", "mean": "5s"}}, )" +
                   web(R"("calls": ["disk"])") + station("disk", "500ms", "");
        };
        check({
            {"tandem",
             users("0.8/s") + web(R"("calls": ["next"])") + station("next", "800ms", ""),
             20'000,
             {{"users/latency/mean", 7.222222}}},
            {"closed, 1 user", closed("1"), 20'000, {{"users/throughput", 0.153846}}},
            {"closed, 10 users",
             closed("10"),
             10'000,
             {{"users/throughput", 0.955245}, {"users/latency/mean", 5.468521}}},
            {"closed, 50 users",
             closed("50"),
             10'000,
             {{"users/throughput", 1.0}, {"users/latency/mean", 45.0}}},
        });
    }
}
