// A balancer and the health of its backends, by timelines worked out by hand: a request every 10
// ms, the first at 10 ms, each served in 1 ms, so that counts tell when something changed.
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

using doctest::Approx;

namespace {

using namespace archsim;

/// A run of `seconds` with `instances` backends, members `more` of the balancer, and `faults`.
tests::Measured balanced(int seconds, int instances, const std::string& more,
                         const std::string& faults) {
    return tests::run_text(R"("duration": ")" + std::to_string(seconds) + R"(s", "nodes": {
        "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "100/s"},
                  "calls": ["lb"]},
        "lb": {"kind": "load_balancer", "calls": ["web"])" +
                           (more.empty() ? "" : ", " + more) + R"(},
        "web": {"kind": "service", "service_time": "1ms", "instances": )" +
                           std::to_string(instances) + R"(}}, "faults": [)" + faults + "]");
}

/// How many requests of a run of `seconds` ended unreachable.
double unreachable(const tests::Measured& found, int seconds) {
    return std::round(found["users/outcome/unreachable"] * found["users/throughput"] * seconds);
}

const std::string in_turn = R"("policy": "round_robin")";
const std::string checked = in_turn + R"(, "health_check": {})";

std::string crash(const std::string& node, const std::string& at, const std::string& length = "") {
    return R"({"kind": "crash", "node": ")" + node + R"(", "at": ")" + at + '"' +
           (length.empty() ? "" : R"(, "for": ")" + length + '"') + "}";
}

}  // namespace

TEST_SUITE("balancer") {
    TEST_CASE("probes every 2 s turn a dead backend down at the third failure") {
        // web/0 is probed at 0, 2, 4 ... s, as HAProxy does by default. Dead from 9.995 s, it fails
        // at 10, 12 and 14 s: of the requests from 10.00 to 14.00 s it has every other one, 200 or
        // 201, and none later. HAProxy measured 5.98 s from a crash just after a probe.
        const auto found = balanced(20, 2, checked, crash("web/0", "9995ms"));
        CHECK(std::abs(unreachable(found, 20) - 200.5) <= 0.5);
        CHECK(found["lb/health_changes"] == 1.0);
        const auto later = balanced(20, 2, checked, crash("web/0", "10005ms"));
        CHECK(std::abs(unreachable(later, 20) - 300.0) <= 1.0);  // down at 16 s
    }

    TEST_CASE("a backend that answers again is up at the second good probe") {
        // Dead from 9.995 s to 20.995 s: down at 14 s, good at 22 and 24 s, so out for 10 s; web/1
        // has all 1000 requests of that time, and every other one besides.
        const auto found = balanced(30, 2, checked, crash("web/0", "9995ms", "11s"));
        CHECK(found["lb/health_changes"] == 2.0);
        CHECK(std::abs(unreachable(found, 30) - 200.5) <= 0.5);
        CHECK(found["lb/backend/web/1/share"] == Approx((1000.0 + 1000.0) / 3000.0).epsilon(2e-3));
    }

    TEST_CASE("without probes a dead backend keeps its share of the requests") {
        const auto found = balanced(20, 2, in_turn, crash("web/0", "10005ms"));
        CHECK(std::abs(unreachable(found, 20) - 500.0) <= 1.0);
    }

    TEST_CASE("failures in a row eject a backend and it comes back after a longer time each time") {
        // Every ejection costs three requests. Ejections last 2, 4 and 6 s; between them it takes
        // 50 ms to fail three times again: in 10 s the fourth has not begun.
        const auto found = balanced(
            10, 2, in_turn + R"(, "ejection": {"failures": 3, "for": "2s"})", crash("web/0", "0s"));
        CHECK(found["lb/ejections"] == 3.0);
        CHECK(unreachable(found, 10) == 9.0);
    }

    TEST_CASE("an ejected backend that has recovered meanwhile stays in rotation") {
        const auto found =
            balanced(10, 2, in_turn + R"(, "ejection": {"failures": 3, "for": "2s"})",
                     crash("web/0", "1005ms", "1s"));
        CHECK(found["lb/ejections"] == 1.0);
        CHECK(unreachable(found, 10) == 3.0);
    }

    TEST_CASE("with too few healthy backends health is ignored") {
        // Three of four are down at 4.5 s at the latest. Below half the panic sends to all four.
        const std::string faults =
            crash("web/0", "0s") + "," + crash("web/1", "0s") + "," + crash("web/2", "0s");
        const auto calm = balanced(20, 4, checked, faults);
        CHECK(unreachable(calm, 20) < 450.0);
        const auto panic = balanced(20, 4, checked + R"(, "panic_threshold": "50%")", faults);
        CHECK(unreachable(panic, 20) > 1300.0);
        // At exactly the threshold there is no panic: a quarter is not below a quarter.
        const auto edge = balanced(20, 4, checked + R"(, "panic_threshold": "25%")", faults);
        CHECK(unreachable(edge, 20) == unreachable(calm, 20));
    }

    TEST_CASE("with no usable backend the request is rejected") {
        // Both are out from 4 and 5 s on; the tries before end unreachable.
        const auto found = balanced(10, 2, checked, crash("web", "0s"));
        CHECK(std::abs(found["users/outcome/rejected"] - 0.5) < 0.01);
        CHECK(std::abs(found["lb/no_backend"] - 0.5) < 0.01);
    }

    TEST_CASE("an added instance takes its share at once and a removed one finishes its work") {
        const auto added =
            balanced(20, 1, in_turn, R"({"kind": "add_instance", "node": "web", "at": "10005ms"})");
        CHECK(added["lb/backend/web/1/share"] == Approx(0.25).epsilon(0.01));
        const auto removed = balanced(
            20, 2, in_turn, R"({"kind": "remove_instance", "node": "web", "at": "10000500us"})");
        CHECK(removed["lb/backend/web/1/share"] == Approx(0.25).epsilon(0.01));
        CHECK(removed["users/availability"] == 1.0);
    }

    TEST_CASE("slow start gives a new backend its share little by little") {
        // The weight of the new one follows t / 10 s, at least 10 %, in 20 steps, so its share of
        // the 10 s is the mean of w / (1 + w) over the steps' weights 0.1, 0.1, 0.1, 0.15 ... 0.95.
        double share = 0.0;
        for (int step = 0; step < 20; ++step) {
            const double weight = std::max(0.1, 0.05 * step);
            share += weight / (1.0 + weight) / 20.0;
        }
        const auto found =
            balanced(20, 1, R"("policy": "weighted_round_robin", "slow_start": {"window": "10s"})",
                     R"({"kind": "add_instance", "node": "web", "at": "10s"})");
        CHECK(found["lb/backend/web/1/share"] == Approx(0.5 * share).epsilon(0.02));
    }
}
