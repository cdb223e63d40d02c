// Faults by timelines worked out by hand: requests at known instants, and who of them fails.
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using doctest::Approx;

namespace {

using namespace archsim;

/// Requests to "web" at 10/s for ten seconds, at 100, 200 ... 10 000 ms; each takes no time.
tests::Measured hundred_requests(const std::string& faults,
                                 const std::string& web = R"("service_time": "0s")") {
    return tests::run_text(R"("duration": "10050ms", "nodes": {
        "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                  "calls": [{"to": "web", "timeout": "50ms"}]},
        "web": {"kind": "service", )" +
                           web + "}}, \"faults\": [" + faults + "]");
}

}  // namespace

TEST_SUITE("faults") {
    TEST_CASE("a fault with every and times begins so often") {
        // Down from 1050 to 2050, 4050 to 5050 and not again: 2 x 10 of 100 requests.
        const auto found = hundred_requests(
            R"({"kind": "crash", "node": "web", "at": "1050ms", "for": "1s", "every": "3s",
                "times": 2})");
        CHECK(found["users/outcome/unreachable"] == Approx(0.20));
    }

    TEST_CASE("without times it begins again to the end of the run") {
        // Down for 1 s from 1050, 4050 and 7050 ms: 30 of 100 requests; from 10 050 ms on nothing.
        const auto found = hundred_requests(
            R"({"kind": "crash", "node": "web", "at": "1050ms", "for": "1s", "every": "3s"})");
        CHECK(found["users/outcome/unreachable"] == Approx(0.30));
    }

    TEST_CASE("who crashes again before it is back is down until both crashes are over") {
        // Down from 1050 to 4050 by two that overlap, and from 5050 to 7050 by two that touch.
        const auto found = hundred_requests(
            R"({"kind": "crash", "node": "web", "at": "1050ms", "for": "2s"},
               {"kind": "crash", "node": "web", "at": "2050ms", "for": "2s"},
               {"kind": "crash", "node": "web", "at": "5050ms", "for": "1s"},
               {"kind": "crash", "node": "web", "at": "6050ms", "for": "1s"})");
        CHECK(found["users/outcome/unreachable"] == Approx(0.50));
    }

    TEST_CASE("a database survives crashes of one member that touch") {
        const auto found = tests::run_text(R"("duration": "20s", "nodes": {
            "users": {"kind": "open_loop", "calls": ["db"], "arrivals": "200/s",
                      "keys": {"kind": "uniform", "count": 3},
                      "operations": [{"name": "write", "type": "write"}]},
            "db": {"kind": "multi_primary", "sites": 2, "apply_time": "1ms"}},
            "faults": [{"kind": "crash", "node": "db/1", "at": "5s", "for": "2s"},
                       {"kind": "crash", "node": "db/1", "at": "7s", "for": "2s"}])");
        CHECK(found["consistency/lost_writes"] == 0.0);  // known only if both sites are at rest
    }

    TEST_CASE("flapping: a partition that comes and goes costs the requests in its windows") {
        // Cut off for 0.5 s from each full second and a half: 1050 ... 9050, nine times 5 requests.
        const auto found = hundred_requests(
            R"({"kind": "partition", "isolate": "web", "at": "1050ms", "for": "500ms",
                "every": "1s", "times": 9})");
        CHECK(found["users/outcome/timed_out"] == Approx(0.45));
        CHECK(found["users/outcome/ok"] == Approx(0.55));
    }

    TEST_CASE("groups cut every pair of groups, and who is in none reaches all") {
        const auto found = tests::run_text(R"("duration": "10050ms", "nodes": {
            "a": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                  "calls": [{"to": "web", "timeout": "50ms"}]},
            "b": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                  "calls": [{"to": "web", "timeout": "50ms"}]},
            "c": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                  "calls": [{"to": "web", "timeout": "50ms"}]},
            "web": {"kind": "service", "service_time": "0s"}},
            "faults": [{"kind": "partition", "groups": [["web"], ["a"], ["b"]], "at": "5050ms"}])");
        CHECK(found["a/outcome/timed_out"] == Approx(0.5));
        CHECK(found["b/outcome/timed_out"] == Approx(0.5));
        CHECK(found["c/outcome/ok"] == 1.0);
    }

    TEST_CASE("a paused node keeps what it has and goes on where it was") {
        // Work of 20 ms from each full 100 ms. The request of 1000 ms has 10 ms left when the
        // pause begins at 1010 ms, and ends at 3010 + 10 ms; those of 1100 ... 3000 ms wait.
        const auto found = tests::run_text(R"("duration": "10050ms", "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                      "calls": ["web"]},
            "web": {"kind": "service", "service_time": "20ms"}},
            "faults": [{"kind": "pause", "node": "web", "at": "1010ms", "for": "2s"}])");
        CHECK(found["users/outcome/ok"] == 1.0);
        // The request of 1000 ms; or that of 1100 ms, which is served from 3020 to 3040 ms.
        CHECK(found["users/latency/max"] == Approx(2.020));
        CHECK(found["web/lost_in_crash"] == 0.0);
    }

    TEST_CASE("a paused node without a station holds requests and answers back") {
        // The balancer is paused from 1050 to 2060 ms: the requests of 1100 ... 2000 ms wait for
        // it, and the answer to the one of 1000 ms, which web gives at 1060 ms, waits as well.
        const auto found = tests::run_text(R"("duration": "10050ms", "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                      "calls": ["lb"]},
            "lb": {"kind": "load_balancer", "policy": "round_robin", "calls": ["web"]},
            "web": {"kind": "service", "service_time": "60ms", "servers": 100}},
            "faults": [{"kind": "pause", "node": "lb", "at": "1050ms", "for": "1010ms"}])");
        CHECK(found["users/outcome/ok"] == 1.0);
        // That of 1000 ms takes 1060, that of 1100 ms 960 + 60 = 1020, that of 2000 ms 120 ms.
        CHECK(found["users/latency/max"] == Approx(1.060));
        const double delayed = 1060.0 + (1020.0 + 120.0) / 2.0 * 10.0;
        CHECK(found["users/latency/mean"] == Approx((delayed + 88.0 * 60.0) / 99.0 / 1000.0));
    }

    TEST_CASE("slow and pause at one time: after the pause it is still slow") {
        // From 1 s on all work takes twice as long: 20 ms. The pause from 2010 to 2030 ms falls
        // into the work of the request of 2000 ms, which takes 20 + 20 ms.
        const auto found = tests::run_text(R"("duration": "10050ms", "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                      "calls": ["web"]},
            "web": {"kind": "service", "service_time": "10ms"}},
            "faults": [{"kind": "slow", "node": "web", "at": "1050ms", "factor": 2.0},
                       {"kind": "pause", "node": "web", "at": "2010ms", "for": "20ms"}])");
        CHECK(found["users/latency/max"] == Approx(0.040));
        CHECK(found["users/latency/mean"] ==
              Approx((10 * 10.0 + 89 * 20.0 + 40.0) / 100.0 / 1000.0));
    }

    TEST_CASE("a zone fails as a whole, and only it") {
        const auto found = tests::run_text(R"("duration": "10050ms", "regions": ["here", "there"],
            "network": {"between": [["here", "there", "1ms"]]}, "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                      "region": "here", "calls": ["near"]},
            "others": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                       "region": "here", "calls": ["far"]},
            "near": {"kind": "service", "service_time": "0s", "instances": 2, "region": "here"},
            "far": {"kind": "service", "service_time": "0s", "instances": 2, "region": "there"}},
            "faults": [{"kind": "zone_failure", "region": "there", "at": "5050ms", "for": "1s"}])");
        CHECK(found["users/outcome/ok"] == 1.0);
        CHECK(found["others/outcome/unreachable"] == Approx(0.10).epsilon(1e-9));
    }

    TEST_CASE("what stands beside users outlives the zone that they are in") {
        // Unreachable from 5.1 to 5.9 s; at 6 s the entry finds out and sends them far away.
        const auto found = tests::run_text(R"("duration": "10050ms", "regions": ["here", "there"],
            "network": {"between": [["here", "there", "1ms"]]}, "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                      "region": "there", "calls": ["entry"]},
            "entry": {"kind": "active_active", "calls": ["near", "far"], "region": "there"},
            "near": {"kind": "service", "service_time": "0s", "region": "there"},
            "far": {"kind": "service", "service_time": "0s", "region": "here"}},
            "faults": [{"kind": "zone_failure", "region": "there", "at": "5050ms"}])");
        CHECK(found["users/outcome/unreachable"] == Approx(0.09).epsilon(1e-9));
        CHECK(found["users/outcome/ok"] == Approx(0.91).epsilon(1e-9));
    }

    TEST_CASE("what nobody calls fails with its zone as well") {
        // The only replica is down for a second, and its stand-in with the zone that it is in.
        const std::string text = R"("duration": "10050ms", "regions": ["here", "there"],
            "network": {"between": [["here", "there", "1ms"]]}, "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                      "region": "here", "calls": ["db"]},
            "db": {"kind": "quorum", "region": "here", "replicas": 1, "read_quorum": 1,
                   "write_quorum": 1, "coordinators": 1, "stand_ins": {"regions": ["there"]}}},
            "faults": [{"kind": "crash", "node": "db/0", "at": "5050ms", "for": "1s"})";
        CHECK(tests::run_text(text + "]")["users/outcome/ok"] == 1.0);
        const auto found = tests::run_text(
            text +
            R"(, {"kind": "zone_failure", "region": "there", "at": "5050ms", "for": "1s"}])");
        CHECK(found["users/outcome/rejected"] == Approx(0.10).epsilon(1e-9));
    }

    TEST_CASE("crashes at set intervals cost what arithmetic says") {
        // Up 3 s, down 1 s, and so on from 50 ms: down from 3050 to 4050 and from 7050 to 8050 ms.
        const auto found = hundred_requests(
            R"({"kind": "random_crashes", "nodes": ["web"], "at": "50ms",
                "time_to_failure": "3s", "time_to_repair": "1s"})");
        CHECK(found["users/outcome/unreachable"] == Approx(0.20));
    }

    TEST_CASE("a node that fails by chance is up MTTF / (MTTF + MTTR) of the time") {
        const auto scenario = tests::read_text(R"("duration": "4000s", "nodes": {
            "users": {"kind": "open_loop", "arrivals": "5/s", "calls": ["web"]},
            "web": {"kind": "service", "service_time": "0s"}},
            "faults": [{"kind": "random_crashes", "nodes": ["web"], "at": "0s",
                        "time_to_failure": {"kind": "exponential", "mean": "9s"},
                        "time_to_repair": {"kind": "exponential", "mean": "1s"}}])");
        const auto estimate =
            tests::estimate_of(tests::replicate(scenario, 10), "users/availability");
        CHECK(estimate.sigmas_from(0.9) < 3.0);
        CHECK(estimate.standard_error < 0.005);
    }

    TEST_CASE("a campaign does the same again for the same seed and lists what it did") {
        const std::string text = R"("duration": "60s", "seed": 7, "nodes": {
            "users": {"kind": "open_loop", "arrivals": "20/s",
                      "calls": [{"to": "web", "timeout": "100ms"}]},
            "web": {"kind": "service", "service_time": "5ms", "instances": 3}},
            "faults": [{"kind": "chaos", "nodes": ["web"], "at": "5s", "for": "40s",
                        "between": {"kind": "exponential", "mean": "2s"}, "lasting": "1s"}])";
        const auto once = scenarios::run_replication(tests::read_text(text), 0, {}, {});
        const auto again = scenarios::run_replication(tests::read_text(text), 0, {}, {});
        CHECK(once.fingerprint == again.fingerprint);
        REQUIRE(once.campaign.size() == again.campaign.size());
        REQUIRE(once.campaign.size() > 5);
        for (std::size_t i = 0; i < once.campaign.size(); ++i) {
            const auto& event = once.campaign[i];
            CHECK(event.at == again.campaign[i].at);
            CHECK(event.node == again.campaign[i].node);
            CHECK(event.at >= sim::Instant::at(sim::Duration::seconds(5)));
            CHECK(event.at < sim::Instant::at(sim::Duration::seconds(45)));
            CHECK(event.length == sim::Duration::seconds(1));
            // One at a time: the next begins when this one is over.
            if (i > 0) CHECK(event.at >= once.campaign[i - 1].at + sim::Duration::seconds(1));
        }
        const auto other = scenarios::run_replication(tests::read_text(text), 1, {}, {});
        CHECK(other.fingerprint != once.fingerprint);
    }

    TEST_CASE("what has no disk or clock cannot lose it") {
        for (const std::string kind : {"disk_stall", "clock_skew"}) {
            const std::string offset = kind == "clock_skew" ? R"(, "offset": "1s")" : "";
            CHECK_THROWS_WITH_AS(
                static_cast<void>(hundred_requests(
                    R"({"kind": ")" + kind + R"(", "node": "web", "at": "1s")" + offset + "}")),
                doctest::Contains("web/0"), std::runtime_error);
        }
    }

    TEST_CASE("times that do not fit together are refused") {
        const auto problem = [](const std::string& fault) {
            try {
                static_cast<void>(hundred_requests(fault));
            } catch (const std::runtime_error& error) {
                return std::string{error.what()};
            }
            return std::string{};
        };
        CHECK(problem(R"({"kind": "crash", "node": "web", "at": "1s", "for": "1s", "times": 2})")
                  .find("needs \"every\"") != std::string::npos);
        CHECK(problem(R"({"kind": "crash", "node": "web", "at": "1s", "for": "1s", "every": "1s"})")
                  .find("before it has ended") != std::string::npos);
        CHECK(problem(R"({"kind": "crash", "node": "web", "at": "1s", "every": "1s"})")
                  .find("has to end before") != std::string::npos);
        CHECK(
            problem(R"({"kind": "crash", "node": "web", "at": "1s", "for": "1us", "every": "2us"})")
                .find("more than 100000 times") != std::string::npos);
        CHECK(problem(R"({"kind": "add_instance", "node": "web", "at": "1s", "every": "1ms",
                          "count": 1000})")
                  .find("at most 200000 can be simulated") != std::string::npos);
        CHECK(problem(R"({"kind": "partition", "at": "1s"})").find("\"isolate\" or \"groups\"") !=
              std::string::npos);
        CHECK(problem(R"({"kind": "partition", "at": "1s", "groups": [["web"]]})")
                  .find("two groups or more") != std::string::npos);
    }
}
