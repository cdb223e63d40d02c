// The policies of edges and doors in whole runs, by timelines worked out by hand: requests come at
// 100, 200 ... 1000 ms, and the run lasts until 1050 ms.
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <string>

using doctest::Approx;

namespace {

using namespace archsim;

tests::Measured ten_requests(const std::string& edge, const std::string& more,
                             const std::string& rest = "", const std::string& operation = "") {
    return tests::run_text(R"("duration": "1050ms", "nodes": {"users": {"kind": "open_loop",
        "arrivals": {"kind": "constant", "rate": "10/s"}, )" +
                           operation + R"("calls": [)" + edge + "]}, " + more + "}" + rest);
}

std::string crash(const std::string& length) {
    return R"(, "faults": [{"kind": "crash", "node": "web", "at": "0s", "for": ")" + length +
           R"("}])";
}

const std::string web_10ms = R"("web": {"kind": "service", "service_time": "10ms"})";

std::string within(const std::string& deadline) {
    return R"("operations": [{"name": "read", "deadline": ")" + deadline + R"("}], )";
}

}  // namespace

TEST_SUITE("resilience: edges") {
    TEST_CASE("a breaker opens after two failures and closes with the first good probe") {
        const std::string edge = R"({"to": "web", "circuit_breaker":
                                     {"failures": 2, "open_time": "250ms"}})";
        // 100 and 200 ms fail; open until 450 ms; the probe of 500 ms finds the server up.
        const auto closes = ten_requests(edge, web_10ms, crash("450ms"));
        CHECK(closes["users/outcome/unreachable"] == Approx(0.2));
        CHECK(closes["users/outcome/rejected"] == Approx(0.2));
        CHECK(closes["users/outcome/ok"] == Approx(0.6));
        CHECK(closes["users->web/opened"] == 1.0);
        CHECK(closes["users->web/short_circuited"] == Approx(0.2));
        // The probe of 500 ms fails: open until 750 ms, and good from 800 ms on.
        const auto again = ten_requests(edge, web_10ms, crash("550ms"));
        CHECK(again["users/outcome/unreachable"] == Approx(0.3));
        CHECK(again["users/outcome/rejected"] == Approx(0.4));
        CHECK(again["users/outcome/ok"] == Approx(0.3));
        CHECK(again["users->web/opened"] == 2.0);
    }

    TEST_CASE("a breaker sees tries, and turns the retries of a call away") {
        // Two tries of the first call fail and open it for good; its third is turned away.
        const auto found = ten_requests(R"({"to": "web", "retry": {"attempts": 3},
            "circuit_breaker": {"failures": 2, "open_time": "10s"}})",
                                        web_10ms, crash("2s"));
        CHECK(found["users/outcome/rejected"] == 1.0);
        CHECK(found["users->web/calls"] == Approx(2.0 / 1.05));
        CHECK(found["users->web/short_circuited"] == Approx(28.0 / 30.0));
    }

    TEST_CASE("timeouts are failures for a breaker") {
        const auto found = ten_requests(R"({"to": "web", "timeout": "5ms", "circuit_breaker":
                                            {"failures": 3, "open_time": "10s"}})",
                                        web_10ms);
        CHECK(found["users/outcome/timed_out"] == Approx(0.3));
        CHECK(found["users/outcome/rejected"] == Approx(0.7));
    }

    TEST_CASE("a token bucket on an edge passes its burst and then its rate") {
        // Two tokens at first, one each 200 ms: 400, 600, 800 and 1000 ms find none.
        const auto found = ten_requests(R"({"to": "web", "rate_limit":
            {"kind": "token_bucket", "rate": "5/s", "burst": 2}})",
                                        web_10ms);
        CHECK(found["users->web/limited"] == Approx(0.4));
        CHECK(found["users/outcome/rejected"] == Approx(0.4));
        CHECK(found["web/arrivals"] == Approx(6.0 / 1.05));
    }

    TEST_CASE("a leaky bucket on an edge delays, and its wait counts against the timeout") {
        const std::string bucket = R"({"kind": "leaky_bucket", "rate": "5/s", "capacity": 9})";
        // The k-th request leaves 200 ms x k after the first: it waits for 100 ms x k.
        const auto found = ten_requests(R"({"to": "web", "rate_limit": )" + bucket + "}", web_10ms);
        CHECK(found["web/arrivals"] == Approx(5.0 / 1.05));  // 100, 300, 500, 700 and 900 ms
        CHECK(found["users/latency/max"] == Approx(0.410));
        const auto hurried = ten_requests(
            R"({"to": "web", "timeout": "150ms", "rate_limit": )" + bucket + "}", web_10ms);
        CHECK(hurried["web/arrivals"] == Approx(2.0 / 1.05));
        CHECK(hurried["users/outcome/ok"] == Approx(2.0 / 9.0));  // that of 1000 ms has not ended
    }

    TEST_CASE("a bulkhead lets one call in and one wait") {
        // Work of 250 ms: 100 ms is in, 200 waits until 350, 300 is turned away, 400 waits until
        // 600, 500 is turned away, 600 waits until 850, 700 and 800 are turned away, 900 waits.
        const auto found =
            ten_requests(R"({"to": "web", "bulkhead": {"calls": 1, "queue": 1}})",
                         R"("web": {"kind": "service", "servers": 9, "service_time": "250ms"})");
        CHECK(found["users->web/crowded"] == Approx(5.0 / 9.0));
        CHECK(found["web/in_flight/max"] == 1.0);
        CHECK(found["users->web/line_time/mean"] == Approx(0.150).epsilon(0.003));
        CHECK(found["users->web/line_time/max"] == Approx(0.250));
        CHECK(found["users/outcome/rejected"] == Approx(5.0 / 8.0));
    }

    TEST_CASE("a crash of the caller empties the line of its bulkhead and its places") {
        // Work of 300 ms: 100 ms is in until 400, then 200 ms is in; 300, 400 and 500 wait. The
        // crash at 550 takes these four. 600 ms is in at once, 700 waits until 900.
        const auto found = ten_requests(
            R"("api")",
            R"("api": {"kind": "service", "servers": 9,
                       "calls": [{"to": "web", "bulkhead": {"calls": 1, "queue": 9}}]},
               "web": {"kind": "service", "servers": 9, "service_time": "300ms"})",
            R"(, "faults": [{"kind": "crash", "node": "api", "at": "550ms", "for": "10ms"}])");
        CHECK(found["users/outcome/unreachable"] == Approx(4.0 / 6.0));
        CHECK(found["api->web/line_time/max"] == Approx(0.200));
        CHECK(found["web/in_flight/max"] == 2.0);  // the callee of a crashed caller goes on
        CHECK(found["users/latency/max"] == Approx(0.300));
    }

    TEST_CASE("a deadline travels: those called further on give up at the same instant") {
        const auto found =
            ten_requests(R"("web")",
                         R"("web": {"kind": "service", "service_time": "10ms", "calls": ["db"]},
               "db": {"kind": "service", "service_time": "10ms"})",
                         "", within("15ms"));
        CHECK(found["users/outcome/timed_out"] == 1.0);
        CHECK(found["users/in_flight/mean"] == Approx(0.15 / 1.05));
        CHECK(found["web/in_flight/mean"] == Approx(0.15 / 1.05));
        CHECK(found["db/in_flight/mean"] == Approx(0.10 / 1.05));  // it goes on working
        CHECK(found["web->db/timeouts"] == 1.0);
    }

    TEST_CASE("what begins after the deadline is not sent") {
        const auto found =
            ten_requests(R"("web")",
                         R"("web": {"kind": "service", "service_time": "10ms", "calls": ["db"]},
               "db": {"kind": "service", "service_time": "10ms"})",
                         "", within("8ms"));
        CHECK(found["db/arrivals"] == 0.0);
        CHECK(found["web/utilisation"] == Approx(0.1 / 1.05));
    }

    TEST_CASE("a deadline of an edge ends all tries together, and a hopeless pause at once") {
        // Tries at 0, 20 and 40 ms; the deadline of 45 ms ends the third.
        const auto found = ten_requests(R"({"to": "web", "timeout": "10ms", "deadline": "45ms",
            "retry": {"attempts": 9, "backoff": "10ms", "multiplier": 1}})",
                                        R"("web": {"kind": "service", "servers": 99,
                                                   "service_time": "10s"})");
        CHECK(found["users/outcome/timed_out"] == 1.0);
        CHECK(found["users/in_flight/mean"] == Approx(0.45 / 1.05));
        CHECK(found["users->web/retries"] == Approx(20.0 / 30.0));
        CHECK(found["users->web/expired"] == 1.0);
        // The third try would begin at 40 ms: the call ends with the failure of the second.
        const auto hopeless = ten_requests(R"({"to": "web", "timeout": "10ms", "deadline": "35ms",
            "retry": {"attempts": 9, "backoff": "10ms", "multiplier": 1}})",
                                           R"("web": {"kind": "service", "servers": 99,
                                                      "service_time": "10s"})");
        CHECK(hopeless["users/in_flight/mean"] == Approx(0.30 / 1.05));
        CHECK(hopeless["users->web/expired"] == 0.0);
    }

    TEST_CASE("a service that drops late work does not begin what nobody waits for") {
        // Work of 150 ms, deadlines of 160 ms: the turns at 250, 400, 550, 700, 850 and 1000 ms.
        // Those of 500 and 800 ms are dropped when it would be theirs, at 700 and 1000 ms.
        const auto found = ten_requests(R"("web")",
                                        R"("web": {"kind": "service", "service_time": "150ms",
                                                   "drop_late": true})",
                                        "", within("160ms"));
        CHECK(found["web/rejected/late"] == Approx(0.2));
        CHECK(found["web/utilisation"] == Approx(0.95 / 1.05));
        CHECK(found["web/queue_length/max"] == 2.0);
    }

    TEST_CASE("a fallback answers when all tries have failed, and its answers are degraded") {
        const std::string retry = R"("retry": {"attempts": 2, "backoff": "3ms"})";
        const std::string spare = R"(, "spare": {"kind": "service", "service_time": "5ms"})";
        const auto node = ten_requests(R"({"to": "web", "fallback": "spare", )" + retry + "}",
                                       web_10ms + spare, crash("450ms"));
        CHECK(node["users/outcome/ok"] == 1.0);
        CHECK(node["users/degraded"] == Approx(0.4));
        CHECK(node["users->web/fallbacks"] == Approx(0.4));
        CHECK(node["spare/arrivals"] == Approx(4.0 / 1.05));
        CHECK(node["users/latency/mean"] == Approx((4 * 0.008 + 6 * 0.010) / 10.0));
        const auto fixed = ten_requests(R"({"to": "web", "fallback": {}, )" + retry + "}", web_10ms,
                                        crash("450ms"));
        CHECK(fixed["users/degraded"] == Approx(0.4));
        CHECK(fixed["users/latency/mean"] == Approx((4 * 0.003 + 6 * 0.010) / 10.0));
    }

    TEST_CASE("a fallback further down degrades the answer that users get") {
        const auto found = ten_requests(R"("lb")",
                                        R"("lb": {"kind": "load_balancer", "calls": ["api"]},
               "api": {"kind": "service", "calls": [{"to": "web", "fallback": {}}]}, )" +
                                            web_10ms,
                                        crash("450ms"));
        CHECK(found["users/degraded"] == Approx(0.4));
        CHECK(found["users/outcome/ok"] == 1.0);
    }

    TEST_CASE("a fallback that fails as well is the outcome") {
        const auto found = ten_requests(R"({"to": "web", "fallback": "spare"})",
                                        web_10ms + R"(, "spare": {"kind": "service", "queue": 0,
                                                                  "service_time": "10s"})",
                                        crash("2s"));
        CHECK(found["users/outcome/rejected"] == 1.0);  // of the nine that have ended
        CHECK(found["users->web/fallbacks"] == 1.0);
    }

    TEST_CASE("a budget of hedges sends one for every five calls") {
        const auto found =
            ten_requests(R"({"to": "web", "hedge": {"after": "5ms", "budget": "20%"}})",
                         R"("web": {"kind": "service", "servers": 9, "service_time": "40ms"})");
        CHECK(found["users->web/hedges"] == Approx(2.0 / 12.0));
    }

    TEST_CASE("a timeout gives up a try and its hedge, and counts both") {
        const auto found =
            ten_requests(R"({"to": "web", "timeout": "30ms", "hedge": {"after": "10ms"}})",
                         R"("web": {"kind": "service", "service_time": "1s", "servers": 100})");
        CHECK(found["users/outcome/timed_out"] == 1.0);
        CHECK(found["users->web/hedges"] == 0.5);
        CHECK(found["users->web/timeouts"] == 1.0);
    }

    TEST_CASE("a hedge is not sent into a full bulkhead") {
        const auto found = ten_requests(
            R"({"to": "web", "hedge": {"after": "5ms"}, "bulkhead": {"calls": 1, "queue": 5}})",
            R"("web": {"kind": "service", "servers": 9, "service_time": "40ms"})");
        CHECK(found["users->web/hedges"] == 0.0);
        CHECK(found["users/outcome/ok"] == 1.0);
    }

    TEST_CASE("a hedge that would wait in a leaky bucket leaves it as it was") {
        // Beats of 80 ms: a hedge after 5 ms would wait 75 ms, and the next request, 100 ms after
        // the one before, none.
        const auto found = ten_requests(
            R"({"to": "web", "hedge": {"after": "5ms"},
                "rate_limit": {"kind": "leaky_bucket", "rate": "12.5/s", "capacity": 3}})",
            R"("web": {"kind": "service", "servers": 9, "service_time": "40ms"})");
        CHECK(found["users->web/hedges"] == 0.0);
        CHECK(found["users/outcome/ok"] == 1.0);
        CHECK(found["users/latency/max"] == Approx(0.040));
    }

    TEST_CASE("metrics of policies exist only where there is such a policy") {
        const auto none = ten_requests(R"({"to": "web", "timeout": "1s"})", web_10ms);
        for (const char* name : {"opened", "short_circuited", "limited", "crowded", "expired",
                                 "fallbacks", "line_time/mean", "concurrency/mean"}) {
            CAPTURE(name);
            CHECK_FALSE(none.all().contains("users->web/" + std::string(name)));
        }
        CHECK_FALSE(none.all().contains("users/degraded"));
        CHECK_FALSE(none.all().contains("web/rejected/late"));
    }

    TEST_CASE("how a run is measured does not change when hedges are sent") {
        const auto scenario = tests::read_text(R"("duration": "20s", "nodes": {
            "users": {"kind": "open_loop", "arrivals": "100/s",
                      "calls": [{"to": "web", "hedge": {"after_quantile": 0.9}}]},
            "web": {"kind": "service", "servers": 1000,
                    "service_time": {"kind": "exponential", "mean": "100ms"}}})");
        const auto whole = scenarios::run_replication(scenario, 0, {}, {});
        const auto part = scenarios::run_replication(scenario, 0, sim::Duration::seconds(7), {});
        CHECK(whole.fingerprint == part.fingerprint);
        CHECK(tests::Measured{whole}["users->web/hedges"] > 0.05);
    }
}
