// Message queues against closed forms: loss by a limit, blocking after service, Little's law.
#include "models/theory/queueing.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

using namespace archsim;
using models::theory::finite_queue;

namespace {

/// Sixteen replications of the nodes, a tenth of the time as warm-up.
std::vector<scenarios::Replication> replicate(const std::string& nodes, int seconds) {
    const scenarios::Scenario scenario = tests::read_text(
        fmt::format(R"("seed": 5, "duration": "{}s", "warm_up": "{}s", "nodes": {{)",
                    seconds + seconds / 10, seconds / 10) +
        nodes + "}");
    return tests::replicate(scenario, 16);
}

void check(const std::vector<scenarios::Replication>& replications, const std::string& metric,
           double truth) {
    const tests::Estimate found = tests::estimate_of(replications, metric);
    CAPTURE(metric);
    CAPTURE(truth);
    CAPTURE(found.mean);
    CAPTURE(found.standard_error);
    CHECK(found.sigmas_from(truth) < 3.0);
    CHECK(found.standard_error < 0.05 * truth);
}

std::string queue_and_worker(int limit, int servers, const std::string& full) {
    return fmt::format(R"("q": {{"kind": "message_queue", "limit": {}, "when_full": "{}",
                                 "consumers": [{{"to": "worker", "concurrency": {}}}]}},
                          "worker": {{"kind": "service", "servers": {},
                                      "service_time": {{"kind": "exponential", "mean": "1s"}}}})",
                       limit, full, servers, servers);
}

}  // namespace

TEST_SUITE("message queue theory") {
    TEST_CASE("a queue that drops the newest is M/M/c/K") {
        struct Row {
            double rate;
            int servers;
            int places;
        };
        for (const Row& row : {Row{0.8, 1, 4}, Row{1.5, 1, 6}, Row{2.5, 3, 5}}) {
            CAPTURE(row.rate);
            const auto truth =
                finite_queue({.arrival_rate = row.rate, .servers = row.servers}, row.places);
            const auto found =
                replicate(fmt::format(R"("users": {{"kind": "open_loop", "arrivals": "{}/s",
                                          "calls": ["q"]}}, )",
                                      row.rate) +
                              queue_and_worker(row.places, row.servers, "drop_newest"),
                          3000);
            check(found, "q/loss", truth.loss);
            check(found, "q/throughput", truth.throughput);
            check(found, "q/depth/mean", truth.mean_in_system);
            check(found, "q/age/mean", truth.mean_sojourn);
        }
    }

    TEST_CASE("blocking after service: a producer that is never idle before a queue that blocks") {
        // The one user is a server of rate 2 that is blocked while the queue has no room. With K
        // places the number produced and not yet consumed, the blocked one included, is the chain
        // of M/M/1/(K+1) (two stations in tandem: Perros, "Queueing Networks with Blocking", 1994).
        // For equal rates and K = 1 the throughput is the well-known 2/3.
        for (const int places : {1, 3}) {
            const auto truth = finite_queue({.arrival_rate = 2.0}, places + 1);
            const auto found = replicate(R"("users": {"kind": "closed_loop", "users": 1,
                    "think_time": {"kind": "exponential", "mean": "500ms"}, "calls": ["q"]}, )" +
                                             queue_and_worker(places, 1, "block"),
                                         3000);
            check(found, "q/throughput", truth.throughput);
            // Blocked for the share of time in which K + 1 are there, once for each message.
            const double blocked = truth.loss / truth.throughput;
            check(found, "q/blocked_time", blocked);
            for (const auto& replication : found) {
                CHECK(tests::Measured{replication}["q/depth/max"] <= places);
            }
        }
        CHECK(finite_queue({.arrival_rate = 1.0}, 2).throughput == doctest::Approx(2.0 / 3.0));
    }

    TEST_CASE("mean depth is throughput times mean age") {
        const auto replications =
            replicate(R"("users": {"kind": "open_loop", "arrivals": "0.7/s", "calls": ["q"]},
                         "q": {"kind": "message_queue", "consumers": ["worker"],
                               "delay": {"kind": "uniform", "minimum": "0s", "maximum": "4s"}},
                         "worker": {"kind": "service", "service_time": "1s"})",
                      3000);
        const tests::Estimate depth = tests::estimate_of(replications, "q/depth/mean");
        const tests::Estimate age = tests::estimate_of(replications, "q/age/mean");
        const tests::Estimate rate = tests::estimate_of(replications, "q/throughput");
        // The ends of the run: what is there at the end has no age yet, that of the warm-up has.
        CHECK(depth.mean == doctest::Approx(age.mean * rate.mean).epsilon(0.01));
        CHECK(depth.mean > 0.7 * 3.0);  // the delay alone is 2 s on average, and the work 1 s
    }
}
