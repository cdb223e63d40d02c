// What an edge does, by timelines worked out by hand: every request is sent at a known instant, so
// every latency and count below can be followed on paper.
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

using doctest::Approx;

namespace {

using namespace archsim;

/// Requests at 10/s for a second, the first at 100 ms: at 100, 200 ... 1000 ms. The run lasts 1.05
/// s, so ten are sent and those before 1 s have time to end.
tests::Measured ten_requests(const std::string& edge, const std::string& more,
                             const std::string& rest = "") {
    return tests::run_text(R"("duration": "1050ms", "nodes": {"users": {"kind": "open_loop",
        "arrivals": {"kind": "constant", "rate": "10/s"}, "calls": [)" +
                           edge + "]}, " + more + "}" + rest);
}

const std::string web_10ms = R"("web": {"kind": "service", "service_time": "10ms"})";

}  // namespace

TEST_SUITE("port") {
    TEST_CASE("a caller that times out is told so on time while the server keeps working") {
        const auto found = ten_requests(R"({"to": "web", "timeout": "5ms"})", web_10ms);
        CHECK(found["users/outcome/timed_out"] == 1.0);
        CHECK(found["users->web/timeouts"] == 1.0);
        CHECK(found["web/utilisation"] == Approx(0.1 / 1.05));
        CHECK(found["web/service_time/mean"] == Approx(0.010));
        // In flight for 5 ms each as the user sees it, 10 ms each at the server.
        CHECK(found["users/in_flight/mean"] == Approx(0.05 / 1.05));
        CHECK(found["web/in_flight/mean"] == Approx(0.10 / 1.05));
        CHECK_FALSE(found.has("users->web/latency/mean"));
    }

    TEST_CASE("an answer just before the timeout counts") {
        const auto found = ten_requests(R"({"to": "web", "timeout": "11ms"})", web_10ms);
        CHECK(found["users/outcome/ok"] == 1.0);
        CHECK(found["users/latency/max"] == Approx(0.010));
    }

    TEST_CASE("a call takes the delay there, the work and the delay back") {
        const auto found = ten_requests(R"({"to": "web", "delay": "3ms"})", web_10ms);
        CHECK(found["users/latency/mean"] == Approx(0.016));
        CHECK(found["web/sojourn_time/mean"] == Approx(0.010));
    }

    TEST_CASE("a crash answers those inside unreachable one delay later and counts them") {
        // The request of 500 ms reaches the server at 502 ms; the crash at 506 ms takes it and the
        // user learns it at 508 ms. Those of 600 and 700 ms are refused after a round trip of 4 ms.
        const auto found =
            ten_requests(R"({"to": "web", "delay": "2ms"})", web_10ms,
                         R"(, "faults": [{"kind": "crash", "node": "web", "at": "506ms",
                                          "for": "200ms"}])");
        CHECK(found["web/lost_in_crash"] == 1.0);
        CHECK(found["users/outcome/unreachable"] == Approx(0.3));
        CHECK(found["users/outcome/ok"] == Approx(0.7));
        CHECK(found["users/in_flight/mean"] ==
              Approx((7 * 0.014 + 0.008 + 2 * 0.004) / 1.05).epsilon(1e-6));
    }

    TEST_CASE("a crash loses those who wait as well as those in service") {
        // All ten arrive before the first has been served.
        const auto found = ten_requests(
            R"("web")", R"("web": {"kind": "service", "service_time": "5s", "servers": 2})",
            R"(, "faults": [{"kind": "crash", "node": "web", "at": "1020ms"}])");
        CHECK(found["web/lost_in_crash"] == 10.0);
        CHECK(found["users/outcome/unreachable"] == 1.0);
    }

    TEST_CASE("retries wait for a backoff that doubles up to its cap") {
        // Tries fail at once: pauses of 4, 8, 10 and 10 ms make 32 ms of waiting.
        const auto found = ten_requests(
            R"({"to": "web", "retry": {"attempts": 5, "backoff": "4ms", "max_backoff": "10ms"}})",
            web_10ms, R"(, "faults": [{"kind": "crash", "node": "web", "at": "0s"}])");
        CHECK(found["users/outcome/unreachable"] == 1.0);
        CHECK(found["users->web/retries"] == Approx(40.0 / 50.0));  // of all tries
        CHECK(found["users/in_flight/mean"] == Approx(0.32 / 1.05));
    }

    TEST_CASE("jitter shortens a backoff to anything between none and all of it") {
        const std::string retry = R"({"attempts": 2, "backoff": "20ms", "jitter": true})";
        const auto found = tests::run_text(R"("duration": "100s", "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                      "calls": [{"to": "web", "retry": )" +
                                           retry + "}]}, " + web_10ms + R"(},
            "faults": [{"kind": "crash", "node": "web", "at": "0s"}])");
        // 999 or 1000 uniform pauses of mean 10 ms: standard error 20 / sqrt(12 x 1000) ms.
        const double mean = found["users/in_flight/mean"] / 10.0;
        CHECK(std::abs(mean - 0.010) < 4.0 * 0.020 / std::sqrt(12.0 * 1000.0));
        CHECK(found["users/in_flight/max"] == 1.0);
    }

    TEST_CASE("a retry makes good what a short crash broke") {
        // The request of 500 ms is lost at 505 ms; its second try at 525 ms is served until 535 ms.
        const auto found = ten_requests(
            R"({"to": "web", "retry": {"attempts": 2, "backoff": "20ms"}})", web_10ms,
            R"(, "faults": [{"kind": "crash", "node": "web", "at": "505ms", "for": "10ms"}])");
        CHECK(found["users/availability"] == 1.0);
        CHECK(found["users/latency/max"] == Approx(0.035));
        CHECK(found["users->web/retries"] == Approx(1.0 / 11.0));
    }

    TEST_CASE("a budget of ten per cent bounds the amplification at 1.1") {
        const auto found = tests::run_text(R"("duration": "100s", "nodes": {
            "users": {"kind": "open_loop", "arrivals": "100/s", "calls": [{"to": "web",
                      "retry": {"attempts": 5, "budget": "10%"}}]}, )" +
                                           web_10ms + R"(},
            "faults": [{"kind": "crash", "node": "web", "at": "0s"}])");
        const double amplification = 1.0 / (1.0 - found["users->web/retries"]);  // tries a call
        CHECK(amplification <= 1.1);
        CHECK(amplification > 1.098);  // and nearly all of the budget is used
    }

    TEST_CASE("a rejection is tried again only if the edge says so") {
        const std::string full = R"("web": {"kind": "service", "service_time": "5s", "queue": 0})";
        const auto tried =
            ten_requests(R"({"to": "web", "retry": {"attempts": 3, "backoff": "1ms"}})", full);
        // Nine of ten find the server busy and try twice more.
        CHECK(tried["users->web/retries"] == Approx(18.0 / 28.0));
        const auto not_tried = ten_requests(
            R"({"to": "web", "retry": {"attempts": 3, "backoff": "1ms", "rejected": false}})",
            full);
        CHECK(not_tried["users->web/retries"] == 0.0);
        CHECK(not_tried["users/outcome/rejected"] == 1.0);
    }

    TEST_CASE("a hedge takes the first good answer and leaves the slow one working") {
        // web/0 takes 40 ms, web/1 10 ms, in turn. Whoever meets web/0 first is answered by web/1
        // at 5 + 10 ms; the turn then stands at web/0 again.
        const auto found = ten_requests(
            R"({"to": "web", "hedge": {"after": "5ms"}})",
            R"("web": {"kind": "service", "service_time": "10ms", "instances": 2})",
            R"(, "faults": [{"kind": "slow", "node": "web/0", "factor": 4, "at": "0s"}])");
        CHECK(found["users/latency/mean"] == Approx(0.015));
        CHECK(found["users/latency/max"] == Approx(0.015));
        CHECK(found["users->web/hedges"] == Approx(10.0 / 20.0));
        CHECK(found["web/0/utilisation"] == Approx(0.4 / 1.05));
        CHECK(found["web/1/utilisation"] == Approx(0.1 / 1.05));
    }

    TEST_CASE("a hedge is not sent when the answer is quick") {
        const auto found = ten_requests(R"({"to": "web", "hedge": {"after": "15ms"}})", web_10ms);
        CHECK(found["users->web/hedges"] == 0.0);
    }

    TEST_CASE("two edges to one callee draw their delays independently") {
        // Out and back over both: Erlang with four stages of 1 ms, whose 90th percentile is 6.681
        // ms and whose density there is 0.0623 per ms.
        const auto found = tests::run_text(R"("duration": "20000s", "seed": 4, "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "1/s"},
                "calls": [{"to": "web", "delay": {"kind": "exponential", "mean": "1ms"}},
                          {"to": "web", "delay": {"kind": "exponential", "mean": "1ms"}}]},
            "web": {"kind": "service", "service_time": "0s"}})");
        const double error = std::sqrt(0.9 * 0.1 / 20000.0) / 0.0623;
        CHECK(std::abs(found["users/latency/p90"] * 1e3 - 6.681) < 3.0 * error);
    }

    TEST_CASE("two subscriptions send to one node of dead letters independently") {
        // Each event fails in both at once. Its two dead letters meet within the millisecond of
        // work with P(|X - Y| < 1 ms) = 1 - e^(-1/300) for delays X and Y of mean 300 ms, and
        // then the second waits half of it on average; drawn alike, every second one waits all.
        const auto found = tests::run_text(R"("duration": "3000s", "regions": ["here", "there"],
            "network": {"within": "0s",
                "between": [["here", "there", {"kind": "exponential", "mean": "300ms"}]]},
            "nodes": {
                "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "1/s"},
                    "calls": ["events"]},
                "events": {"kind": "pub_sub", "subscriptions": ["a", "b"], "max_deliveries": 1,
                    "dead_letter": "letters"},
                "a": {"kind": "service", "calls": ["x"]}, "b": {"kind": "service", "calls": ["x"]},
                "letters": {"kind": "service", "region": "there", "service_time": "1ms"},
                "x": {"kind": "service"}},
            "faults": [{"kind": "crash", "node": "x", "at": "0s"}])");
        CHECK(found["letters/waiting_time/mean"] < 0.02e-3);
    }

    TEST_CASE("two edges that fall back to one node draw its delays independently") {
        // As above: those who are called are down and fail at once.
        const auto found = tests::run_text(R"("duration": "20000s", "seed": 4,
            "regions": ["here", "there"], "network": {"within": "0s",
                "between": [["here", "there", {"kind": "exponential", "mean": "1ms"}]]},
            "nodes": {
                "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "1/s"},
                    "calls": [{"to": "a", "fallback": "spare"}, {"to": "b", "fallback": "spare"}]},
                "a": {"kind": "service"}, "b": {"kind": "service"},
                "spare": {"kind": "service", "region": "there"}},
            "faults": [{"kind": "crash", "node": "a", "at": "0s"},
                       {"kind": "crash", "node": "b", "at": "0s"}])");
        CHECK(found["users/degraded"] == 1.0);
        const double error = std::sqrt(0.9 * 0.1 / 20000.0) / 0.0623;
        CHECK(std::abs(found["users/latency/p90"] * 1e3 - 6.681) < 3.0 * error);
    }

    TEST_CASE("messages are lost with their probability each way") {
        const auto found = tests::run_text(R"("duration": "201s", "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "50/s"},
                      "calls": [{"to": "web", "loss": "20%", "timeout": "500ms"}]},
            "web": {"kind": "service", "service_time": "1ms"}})");
        const double n = 201.0 * 50.0;
        const double both_arrive = 0.8 * 0.8;
        CHECK(std::abs(found["users/outcome/ok"] - both_arrive) <
              4.0 * std::sqrt(both_arrive * (1.0 - both_arrive) / n));
        CHECK(std::abs(found["web/arrivals"] / 50.0 - 0.8) < 4.0 * std::sqrt(0.16 / n));
    }

    TEST_CASE("a partition lets nothing through and leaves the server idle") {
        const auto found = ten_requests(
            R"({"to": "web", "timeout": "30ms"})", web_10ms,
            R"(, "faults": [{"kind": "partition", "a": ["users"], "b": ["web"], "at": "350ms",
                             "for": "400ms"}])");
        CHECK(found["users/outcome/timed_out"] == Approx(0.4));  // 400, 500, 600 and 700 ms
        CHECK(found["web/utilisation"] == Approx(0.06 / 1.05));
    }

    TEST_CASE("one-way cuts lose the request or only the answer") {
        const std::string edge = R"({"to": "web", "timeout": "30ms"})";
        const std::string tail = R"(, "one_way": true, "at": "0s"}])";
        const auto out = ten_requests(
            edge, web_10ms,
            R"(, "faults": [{"kind": "partition", "a": ["users"], "b": ["web"])" + tail);
        CHECK(out["users/outcome/timed_out"] == 1.0);
        CHECK(out["web/utilisation"] == 0.0);
        const auto back = ten_requests(
            edge, web_10ms,
            R"(, "faults": [{"kind": "partition", "a": ["web"], "b": ["users"])" + tail);
        CHECK(back["users/outcome/timed_out"] == 1.0);
        CHECK(back["web/utilisation"] == Approx(0.1 / 1.05));
    }

    TEST_CASE("a retry through a balancer goes to another backend") {
        // In turn over two, one of them dead: each first try at the dead one is made good.
        const auto found = ten_requests(
            R"("lb")",
            R"("lb": {"kind": "load_balancer", "policy": "round_robin", "calls": ["web"],
                      "retry": {"attempts": 2}},
               "web": {"kind": "service", "service_time": "10ms", "instances": 2})",
            R"(, "faults": [{"kind": "crash", "node": "web/0", "at": "0s"}])");
        CHECK(found["users/availability"] == 1.0);
        CHECK(found["lb->web/retries"] == Approx(10.0 / 20.0));
        CHECK(found["web/1/utilisation"] == Approx(0.1 / 1.05));
    }

    TEST_CASE("a write that may have been done is not called rejected because its retry was") {
        // The first try is at work for 1 s, its caller waits for 100 ms; the second finds it there.
        const auto ended = [](const std::string& type) {
            return tests::run_text(R"("duration": "20s", "nodes": {
                "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "0.2/s"},
                          "operations": [{"name": "it", "type": ")" +
                                   type + R"("}],
                          "calls": [{"to": "web", "timeout": "100ms",
                                     "retry": {"attempts": 2, "backoff": "0s"}}]},
                "web": {"kind": "service", "queue": 0, "service_time": "1s"}})");
        };
        CHECK(ended("read")["users/outcome/rejected"] == 1.0);
        CHECK(ended("write")["users/outcome/timed_out"] == 1.0);
    }
}
