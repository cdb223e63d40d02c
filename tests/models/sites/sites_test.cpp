// Groups of sites by timelines worked out by hand.
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace archsim;
using doctest::Approx;

namespace {

constexpr double exact = 1e-12;

/// Writes at 0.1, 0.2 ... 10 s to a group of the sites a, b and c, which answer at once.
tests::Measured grouped(const std::string& group, const std::string& faults) {
    return tests::run_text(R"("duration": "10050ms", "nodes": {
        "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                  "operations": [{"name": "w", "type": "write"}], "calls": ["entry"]},
        "entry": {)" + group +
                           R"(},
        "a": {"kind": "service", "service_time": "0s"},
        "b": {"kind": "service", "service_time": "0s"},
        "c": {"kind": "service", "service_time": "0s"}}, "faults": [)" +
                           faults + "]");
}

const std::string a_dies = R"({"kind": "crash", "node": "a", "at": "2050ms"})";

}  // namespace

TEST_SUITE("active_passive") {
    TEST_CASE("detection and activation are what users see of a failure") {
        // Bad probes at 3 and 4 s, activated 1.5 s later: unreachable from 2.1 to 3.9, rejected
        // from 4.0 to 5.4, good again from 5.5 s on.
        const auto found = grouped(R"("kind": "active_passive", "calls": ["a", "b"],
                                      "detection": {"interval": "1s", "fall": 2},
                                      "standby": {"kind": "hot", "activation": "1500ms"})",
                                   a_dies);
        CHECK(found["users/outcome/ok"] == Approx(0.66).epsilon(exact));
        CHECK(found["users/outcome/unreachable"] == Approx(0.19).epsilon(exact));
        CHECK(found["users/outcome/rejected"] == Approx(0.15).epsilon(exact));
        CHECK(found["entry/no_site"] == Approx(0.15).epsilon(exact));
        CHECK(found["entry/site/a/share"] == Approx(0.39).epsilon(exact));
        CHECK(found["entry/site/b/share"] == Approx(0.46).epsilon(exact));
        CHECK(found["entry/failovers"] == 1.0);
        CHECK(found["entry/lost_writes"] == 0.0);
        CHECK(found["entry/outage/max"] == Approx(3.4).epsilon(1e-9));
    }

    TEST_CASE("a hot stand-by without activation takes over at the detection") {
        const auto found = grouped(R"("kind": "active_passive", "calls": ["a", "b"])", a_dies);
        CHECK(found["users/outcome/ok"] == Approx(0.91).epsilon(exact));  // all but 2.1 to 2.9 s
        CHECK(found["users/outcome/rejected"] == 0.0);
    }

    TEST_CASE("warm: what was written within the lag before the failure is lost") {
        const std::string warm = R"("kind": "active_passive", "calls": ["a", "b"],
            "standby": {"kind": "warm", "activation": "1s", "lag": "500ms"})";
        // The write of 1.5 s is there at 2.0; those of 1.6 to 2.0 s would be after 2.05.
        CHECK(grouped(warm, a_dies)["entry/lost_writes"] == 5.0);
        // Back before a probe: nobody takes over, nothing is lost.
        const auto back =
            grouped(warm, R"({"kind": "crash", "node": "a", "at": "2050ms", "for": "500ms"})");
        CHECK(back["entry/lost_writes"] == 0.0);
        CHECK(back["entry/failovers"] == 0.0);
        CHECK(back["users/outcome/ok"] == Approx(0.95).epsilon(exact));  // 2.1 to 2.5 s
        // And what was held up then is copied: a later failure loses only its own lag, 7.6 to 8 s.
        const auto again =
            grouped(warm, R"({"kind": "crash", "node": "a", "at": "2050ms", "for": "500ms"},
                     {"kind": "crash", "node": "a", "at": "8050ms"})");
        CHECK(again["entry/failovers"] == 1.0);
        CHECK(again["entry/lost_writes"] == 5.0);
    }

    TEST_CASE("cold: what was written since the last backup is lost") {
        // Backups at 1.25 s, and at 2.5 s, when there is nothing to copy from: 1.3 to 2.0 s.
        const auto found = grouped(R"("kind": "active_passive", "calls": ["a", "b"],
            "standby": {"kind": "cold", "activation": "3s", "backup_every": "1250ms"})",
                                   a_dies);
        CHECK(found["entry/lost_writes"] == 8.0);
        CHECK(found["users/outcome/rejected"] == Approx(0.30).epsilon(exact));  // 3.0 to 5.9 s
    }

    TEST_CASE("the first site serves again if the group is told to go back") {
        const std::string group = R"("kind": "active_passive", "calls": ["a", "b"],
                                     "detection": {"interval": "1s", "rise": 2})";
        const std::string fault = R"({"kind": "crash", "node": "a", "at": "2050ms", "for": "4s"})";
        // Found at 3 s; up again at 6.05 s, found at 7 and 8 s.
        CHECK(grouped(group, fault)["entry/site/a/share"] == Approx(0.29).epsilon(exact));
        const auto back = grouped(group + R"(, "fail_back": true)", fault);
        CHECK(back["entry/site/a/share"] == Approx(0.29 + 0.21).epsilon(exact));
        CHECK(back["entry/failovers"] == 1.0);
        CHECK(back["users/outcome/ok"] == Approx(0.91).epsilon(exact));
    }

    TEST_CASE("the first site serves again also if it is back before the other is ready") {
        // Found down at 3 s and back at 5 s, while the activation goes on until 6 s.
        const auto found =
            grouped(R"("kind": "active_passive", "calls": ["a", "b"],
            "fail_back": true, "standby": {"kind": "hot", "activation": "3s"})",
                    R"({"kind": "crash", "node": "a", "at": "2050ms", "for": "2s"})");
        CHECK(found["entry/failovers"] == 1.0);
        CHECK(found["users/outcome/rejected"] == Approx(0.30).epsilon(exact));
        CHECK(found["entry/site/a/share"] == Approx(0.29 + 0.41).epsilon(exact));
        CHECK(found["entry/site/b/share"] == 0.0);
    }

    TEST_CASE("what the other site has served it still has when the first fails again") {
        // b serves from 3.0 to 5.9 s; of a the writes of 1.6 to 2.0 and of 6.0 and 6.1 s are lost.
        const auto found = grouped(R"("kind": "active_passive", "calls": ["a", "b"],
            "fail_back": true, "standby": {"kind": "warm", "activation": "0s", "lag": "500ms"})",
                                   R"({"kind": "crash", "node": "a", "at": "2050ms", "for": "3s"},
                                      {"kind": "crash", "node": "a", "at": "6150ms"})");
        CHECK(found["entry/failovers"] == 2.0);
        CHECK(found["entry/lost_writes"] == 5.0 + 2.0);
    }

    TEST_CASE("a stand-by that fails while it is activated gives way to the next") {
        // b would take over at 5 s, is found down at 4 s, and c takes over at 6 s.
        const auto found = grouped(R"("kind": "active_passive", "calls": ["a", "b", "c"],
                                      "standby": {"kind": "hot", "activation": "2s"})",
                                   a_dies + R"(, {"kind": "crash", "node": "b", "at": "3500ms"})");
        CHECK(found["users/outcome/ok"] == Approx(0.20 + 0.41).epsilon(exact));
        CHECK(found["entry/site/b/share"] == 0.0);
        CHECK(found["entry/failovers"] == 1.0);
    }

    TEST_CASE("with every site down requests are rejected until one is found to be back") {
        const auto found =
            grouped(R"("kind": "active_passive", "calls": ["a", "b"])",
                    a_dies + R"(, {"kind": "crash", "node": "b", "at": "50ms", "for": "6s"})");
        // b is found down at 1 s and back at 7 s, when it takes over at once.
        CHECK(found["users/outcome/ok"] == Approx(0.20 + 0.31).epsilon(exact));
        CHECK(found["users/outcome/rejected"] == Approx(0.40).epsilon(exact));  // 3.0 to 6.9 s
    }
}

TEST_SUITE("active_active") {
    TEST_CASE("in turn: all serve, and those that are left take the load") {
        const auto found = grouped(
            R"("kind": "active_active", "calls": ["a", "b", "c"], "route": "in_turn")", a_dies);
        // 0.1 to 2.9 s: a, b, c ... of 29 requests a has 10, of which those of 2.2, 2.5 and 2.8 s
        // are lost; then 71 for two.
        CHECK(found["users/outcome/ok"] == Approx(0.97).epsilon(exact));
        CHECK(found["entry/site/a/share"] == Approx(0.10).epsilon(exact));
        CHECK(found["entry/site/b/share"] + found["entry/site/c/share"] ==
              Approx(0.90).epsilon(exact));
        CHECK(found["entry/failovers"] == 1.0);
    }

    TEST_CASE("nearest: users go to the site of their region, and far away when it is down") {
        const auto found = tests::run_text(R"("duration": "10050ms",
            "regions": ["here", "there"], "network": {"between": [["here", "there", "50ms"]]},
            "nodes": {
            "near_users": {"kind": "open_loop", "region": "here", "calls": ["entry"],
                           "arrivals": {"kind": "constant", "rate": "10/s"}},
            "far_users": {"kind": "open_loop", "region": "there", "calls": ["entry"],
                          "arrivals": {"kind": "constant", "rate": "10/s"}},
            "entry": {"kind": "active_active", "calls": ["a", "b"], "region": "there"},
            "a": {"kind": "service", "service_time": "0s", "region": "here"},
            "b": {"kind": "service", "service_time": "0s", "region": "there"}},
            "faults": [)" + a_dies + "]");
        CHECK(found["far_users/outcome/ok"] == 1.0);
        CHECK(found["far_users/latency/max"] == 0.0);
        CHECK(found["near_users/outcome/unreachable"] == Approx(9.0 / 99.0).epsilon(exact));
        // From 3.0 s on over the ocean and back; that of 10.0 s has no answer yet at the end.
        CHECK(found["near_users/latency/max"] == Approx(0.1).epsilon(1e-3));
        CHECK(found["entry/site/b/share"] == Approx((100 + 71) / 200.0).epsilon(exact));
    }
}
