// Sessions counted by hand: who has to log in, what goes with an instance, and what a shared store
// saves.
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace archsim;
using doctest::Approx;

namespace {

/// Ten users, each of whom asks again a second after every answer.
const std::string ten_users = R"("users": {"kind": "closed_loop", "users": 10, "think_time": "1s",
    "calls": ["lb"]})";

std::string balancer(const std::string& policy) {
    return R"("lb": {"kind": "load_balancer", "policy": ")" + policy + R"(", "calls": ["web"]})";
}

const std::string three_local = R"("web": {"kind": "service", "instances": 3,
    "service_time": "2ms", "servers": 10, "sessions": {"kind": "local", "login": "8ms"}})";

const std::string three_shared = R"("web": {"kind": "service", "instances": 3,
    "service_time": "2ms", "servers": 10,
    "sessions": {"kind": "shared", "login": "8ms", "store": "sessions"}})";

std::string store(const std::string& more = "") {
    return R"("sessions": {"kind": "store", "servers": 10, "read_time": "1ms",
                           "write_time": "3ms")" +
           more + "}";
}

std::string design(const std::string& nodes, const std::string& faults = "") {
    return R"("duration": "20s", "nodes": {)" + ten_users + ", " + nodes + R"(}, "faults": [)" +
           faults + "]";
}

}  // namespace

TEST_SUITE("sessions") {
    TEST_CASE("a crash loses the sessions that are pinned to the instance, and no other") {
        // In turn: users 0, 3, 6, 9 on web/0, three each on the others. While web/0 is down, from
        // 5.5 s to 8.5 s, its users are sent there all the same; back again they log in anew.
        const auto found = tests::run_text(
            design(balancer("session") + ", " + three_local,
                   R"({"kind": "crash", "node": "web/0", "at": "5500ms", "for": "3s"})"));
        CHECK(found["web/sessions/lost"] == 4.0);
        CHECK(found["web/sessions/logins"] == 14.0);
        CHECK(found["web/sessions/repeated_logins"] == 4.0);
        CHECK(found["web/sessions/moved"] == 0.0);
        CHECK(found["web/sessions/live/max"] == 10.0);
        CHECK(found["web/1/sessions/max"] == 3.0);
    }

    TEST_CASE("taking an instance out loses its sessions, and their users log in elsewhere") {
        const auto found = tests::run_text(
            design(balancer("session") + ", " + three_local,
                   R"({"kind": "remove_instance", "node": "web", "at": "5500ms"})"));
        CHECK(found["web/sessions/lost"] == 3.0);
        CHECK(found["web/sessions/logins"] == 13.0);
        CHECK(found["web/sessions/repeated_logins"] == 3.0);
        CHECK(found["users/availability"] == 1.0);
        CHECK(found["web/sessions/live/max"] == 10.0);
    }

    TEST_CASE("a deployment logs everybody out whose session was in memory") {
        const auto found = tests::run_text(R"("duration": "20s", "nodes": {)" + ten_users + ", " +
                                           balancer("session") + R"(,
            "web": {"kind": "service", "servers": 10, "sessions": "local"}},
            "faults": [{"kind": "deploy", "node": "web", "at": "5500ms", "wave_time": "2s",
                        "strategy": {"kind": "rolling", "wave": 1}}])");
        CHECK(found["web/sessions/lost"] == 10.0);
        CHECK(found["web/sessions/logins"] == 20.0);
    }

    TEST_CASE("without stickiness users log in again and again") {
        // One user, two instances in turn: every request meets the one that does not know him.
        const auto found = tests::run_text(R"("duration": "10500ms", "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "1/s"},
                      "sessions": 1, "calls": ["lb"]},
            "lb": {"kind": "load_balancer", "policy": "round_robin", "calls": ["web"]},
            "web": {"kind": "service", "instances": 2, "service_time": "2ms",
                    "sessions": {"kind": "local", "login": "8ms"}}})");
        CHECK(found["web/sessions/logins"] == 10.0);
        CHECK(found["web/sessions/moved"] == 9.0);
        CHECK(found["web/sessions/repeated_logins"] == 9.0);
        CHECK(found["web/sessions/lost"] == 0.0);
        CHECK(found["users/latency/mean"] == Approx(0.010).epsilon(1e-9));
        CHECK(found["web/sessions/live/max"] == 1.0);
    }

    TEST_CASE("a login is extra work for the first request, and no other") {
        // Ten requests of one user, the first of 8 + 2 ms: 28 ms of work in 10.5 s.
        const auto found = tests::run_text(R"("duration": "10500ms", "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "1/s"},
                      "sessions": 1, "calls": ["web"]},
            "web": {"kind": "service", "service_time": "2ms",
                    "sessions": {"kind": "local", "login": "8ms"}}})");
        CHECK(found["users/latency/max"] == Approx(0.010).epsilon(1e-9));
        CHECK(found["users/latency/p50"] == Approx(0.002).epsilon(1e-3));
        CHECK(found["web/utilisation"] == Approx(0.028 / 10.5));
    }

    TEST_CASE("with a shared store a crash loses no session") {
        const auto found = tests::run_text(
            design(balancer("round_robin") + ", " + three_shared + ", " + store(),
                   R"({"kind": "crash", "node": "web/0", "at": "5500ms", "for": "3s"})"));
        CHECK(found["web/sessions/lost"] == 0.0);
        CHECK(found["web/sessions/logins"] == 10.0);
        CHECK(found["web/sessions/repeated_logins"] == 0.0);
        CHECK(found["web/sessions/live/max"] == 10.0);
        // 1 ms to read, 8 ms to log in, 3 ms to write, 2 ms of work; later 1 + 2 ms.
        CHECK(found["users/latency/max"] == Approx(0.014).epsilon(1e-9));
        CHECK(found["users/latency/p50"] == Approx(0.003).epsilon(1e-3));
    }

    TEST_CASE("a login that ends when its instance is out already is in the store all the same") {
        const auto found = tests::run_text(R"("duration": "3s", "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "1/s"},
                      "sessions": 1, "calls": ["web"]},
            "web": {"kind": "service", "instances": 2,
                    "sessions": {"kind": "shared", "login": "500ms", "store": "sessions"}},
            "sessions": {"kind": "store"}},
            "faults": [{"kind": "remove_instance", "node": "web", "count": 2, "at": "1200ms"}])");
        CHECK(found["web/sessions/logins"] == 1.0);
        CHECK(found["web/sessions/live/max"] == 1.0);
    }

    TEST_CASE("a store that forgets loses all of them") {
        const auto found = tests::run_text(design(
            balancer("round_robin") + ", " + three_shared + ", " + store(R"(, "durable": false)"),
            R"({"kind": "crash", "node": "sessions", "at": "5500ms", "for": "100ms"})"));
        CHECK(found["web/sessions/lost"] == 10.0);
        CHECK(found["web/sessions/logins"] == 20.0);
        CHECK(found["web/sessions/repeated_logins"] == 10.0);
    }

    TEST_CASE("while the store is down nobody gets in, and nobody logs in again") {
        const auto found = tests::run_text(
            design(balancer("round_robin") + ", " + three_shared + ", " + store(),
                   R"({"kind": "crash", "node": "sessions", "at": "5500ms", "for": "2s"})"));
        CHECK(found["users/outcome/unreachable"] > 0.05);
        CHECK(found["web/sessions/logins"] == 10.0);
        CHECK(found["web/sessions/lost"] == 0.0);
    }

    TEST_CASE("users of two load sources are not taken for one another") {
        const auto found = tests::run_text(R"("duration": "10500ms", "nodes": {
            "readers": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "1/s"},
                    "sessions": 1, "calls": ["web"]},
            "writers": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "1/s"},
                      "sessions": 1, "calls": ["web"]},
            "web": {"kind": "service", "sessions": "local"}})");
        CHECK(found["web/sessions/logins"] == 2.0);
        CHECK(found["web/sessions/live/max"] == 2.0);
    }

    TEST_CASE("stickiness can be uneven") {
        // Three users on two instances: two and one, 1.33 times the mean.
        const auto found = tests::run_text(R"("duration": "20s", "warm_up": "5s", "nodes": {
            "users": {"kind": "closed_loop", "users": 3, "think_time": "1s", "calls": ["lb"]},
            "lb": {"kind": "load_balancer", "policy": "session", "calls": ["web"]},
            "web": {"kind": "service", "instances": 2, "service_time": "1ms",
                    "sessions": "local"}})");
        CHECK(found["web/sessions/imbalance"] == Approx(4.0 / 3.0).epsilon(1e-3));
    }
}
