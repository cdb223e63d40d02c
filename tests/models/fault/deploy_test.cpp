// Deployments by timelines worked out by hand.
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <string>

using namespace archsim;
using doctest::Approx;

namespace {

constexpr double exact = 1e-12;

/// Requests of 10 ms at 0.05, 0.1 ... s to the instances of "web" in turn.
tests::Measured deployed(int instances, const std::string& duration, const std::string& deploy,
                         const std::string& more_faults = "") {
    return tests::run_text(fmt::format(R"("duration": "{}", "nodes": {{
        "users": {{"kind": "open_loop", "arrivals": {{"kind": "constant", "rate": "20/s"}},
                  "calls": ["web"]}},
        "web": {{"kind": "service", "service_time": "10ms", "instances": {}}}}},
        "faults": [{{"kind": "deploy", "node": "web", "at": "1s", {}}}{}])",
                                       duration, instances, deploy, more_faults));
}

}  // namespace

TEST_SUITE("deploy") {
    TEST_CASE("rolling: one wave at a time, each out, in and watched") {
        // Out at 1, 4 and 7 s for 2 s each, watched for 1 s after that; over at 10 s.
        const std::string deploy = R"("wave_time": "2s", "watch": "1s")";
        const auto found = deployed(3, "12020ms", deploy);
        CHECK(found["web/deploy/waves"] == 3.0);
        CHECK(found["web/deploy/completed"] == 1.0);
        CHECK(found["web/deploy/rolled_back"] == 0.0);
        CHECK(found["web/deploy/errors"] == 0.0);
        CHECK(found["users/outcome/ok"] == 1.0);
        // 240 requests of 10 ms; of three servers one is missing for 6 s.
        CHECK(found["web/utilisation"] == Approx(2.4 / (3 * 12.02 - 6)).epsilon(exact));
        // The first new instance is third in turn from 3 s on: 20 requests in a second.
        CHECK(deployed(3, "9999999us", deploy)["web/deploy/completed"] == 0.0);
        CHECK(deployed(3, "10000001us", deploy)["web/deploy/completed"] == 1.0);
    }

    TEST_CASE("waves of several, the last one smaller, without a watch one after the other") {
        // Five instances in waves of two: out at 1, 2 and 3 s for 1 s; 2 + 2 + 1 server-seconds.
        const auto found = deployed(5, "6020ms", R"("wave_time": "1s",
                                                    "strategy": {"kind": "rolling", "wave": 2})");
        CHECK(found["web/deploy/waves"] == 3.0);
        CHECK(found["web/deploy/completed"] == 1.0);
        CHECK(found["web/utilisation"] == Approx(1.2 / (5 * 6.02 - 5)).epsilon(exact));
    }

    TEST_CASE("an alarm at the end of the watch rolls back") {
        // The first new instance is in rotation from 3 to 4.5 s: a third of 30 requests fail. Then
        // it is taken out, and at 6.5 s one of the version before stands there.
        const std::string deploy = R"("wave_time": "2s", "watch": "1500ms",
                                      "release": {"errors": "100%"}, "alarm": {"errors": "50%"})";
        const auto found = deployed(3, "12020ms", deploy);
        CHECK(found["web/deploy/waves"] == 2.0);
        CHECK(found["web/deploy/rolled_back"] == 1.0);
        CHECK(found["web/deploy/completed"] == 0.0);
        CHECK(found["web/deploy/errors"] == 1.0);
        CHECK(found["web/deploy/requests"] * 12.02 == Approx(10.0));
        CHECK(found["users/outcome/failed"] == Approx(10.0 / 240.0).epsilon(exact));
        CHECK(found["web/utilisation"] == Approx(2.4 / (3 * 12.02 - 4)).epsilon(exact));
    }

    TEST_CASE("without an alarm a bad version stays") {
        const auto found = deployed(1, "12020ms", R"("wave_time": "2s",
                                                     "release": {"errors": "100%"})");
        // Nobody serves from 1 to 3 s; from 3 s on all fail: 0.05 to 0.95 s are good.
        CHECK(found["users/outcome/ok"] == Approx(19.0 / 240.0).epsilon(exact));
        CHECK(found["users/outcome/failed"] == Approx(181.0 / 240.0).epsilon(exact));
        CHECK(found["web/deploy/completed"] == 1.0);
    }

    TEST_CASE("errors are drawn with the share that the version has") {
        const auto found = deployed(1, "1000s", R"("wave_time": "1s",
                                                   "release": {"errors": "10%"})");
        const double requests = 20 * 998.0;
        CHECK(found["web/deploy/errors"] ==
              Approx(0.1).epsilon(3 * std::sqrt(0.1 * 0.9 / requests) / 0.1));
    }

    TEST_CASE("canary: a share first, which alone is watched, then the rest") {
        // A quarter of ten is three: out at 1 s for 1 s, watched to 4 s; then four and three more.
        const std::string deploy = R"("wave_time": "1s", "watch": "2s",
            "strategy": {"kind": "canary", "share": "25%", "wave": 4}, "alarm": {"errors": "1%"})";
        const auto found = deployed(10, "8020ms", deploy);
        CHECK(found["web/deploy/waves"] == 3.0);
        CHECK(found["web/deploy/completed"] == 1.0);
        CHECK(found["web/utilisation"] == Approx(1.6 / (10 * 8.02 - 10)).epsilon(exact));
        CHECK(deployed(10, "5999999us", deploy)["web/deploy/completed"] == 0.0);
        CHECK(deployed(10, "6000001us", deploy)["web/deploy/completed"] == 1.0);
    }

    TEST_CASE("a canary that is too slow is the only wave that ever ran") {
        // Work of 10 ms takes 30; a mean of more than 20 ms is an alarm, of more than 40 is none.
        const std::string deploy = R"("wave_time": "1s", "watch": "2s",
            "strategy": {"kind": "canary", "share": "10%"}, "release": {"slower": 3}, "alarm": )";
        const auto bad = deployed(10, "8020ms", deploy + R"({"latency": "20ms"})");
        CHECK(bad["web/deploy/waves"] == 2.0);
        CHECK(bad["web/deploy/rolled_back"] == 1.0);
        // Of 40 requests from 2 to 4 s the canary had a tenth.
        CHECK(bad["web/deploy/requests"] * 8.02 == Approx(4.0));
        CHECK(bad["users/latency/max"] == Approx(0.030));
        const auto good = deployed(10, "20s", deploy + R"({"latency": "40ms"})");
        CHECK(good["web/deploy/waves"] == 10.0);
        CHECK(good["web/deploy/completed"] == 1.0);
    }

    TEST_CASE("an instance that is added has the version that is all over") {
        // During the deployment (1 to 3 s) an instance of the version before, which is replaced
        // too; after it one of the new version.
        const std::string deploy = R"("wave_time": "1s", "release": {"errors": "100%"})";
        const auto during = deployed(
            1, "8020ms", deploy, R"(, {"kind": "add_instance", "node": "web", "at": "1500ms"})");
        CHECK(during["web/deploy/waves"] == 2.0);
        const auto after = deployed(1, "8020ms", deploy,
                                    R"(, {"kind": "add_instance", "node": "web", "at": "4s"})");
        CHECK(after["web/deploy/waves"] == 1.0);
        // All from 2 s on fail, at both instances.
        CHECK(after["users/outcome/failed"] == Approx(121.0 / 160.0).epsilon(exact));
    }

    TEST_CASE("a second deployment rolls back to the first") {
        // The first ends at 2 s. The second fails, is in from 5 to 6 s, and goes back by 7 s.
        const auto found = deployed(
            1, "10020ms", R"("wave_time": "1s", "release": {"slower": 2})",
            R"(, {"kind": "deploy", "node": "web", "at": "4s", "wave_time": "1s", "watch": "1s",
                  "release": {"errors": "100%"}, "alarm": {"errors": "0%"}})");
        CHECK(found["web/deploy/completed"] == 1.0);
        CHECK(found["web/deploy/rolled_back"] == 1.0);
        CHECK(found["users/outcome/failed"] == Approx(20.0 / 200.0).epsilon(exact));
        // Slow again from 7 s on: 10 ms for 19 + 20 requests, 20 ms for 40 + 61.
        const double busy = (19 + 20) * 0.010 + (40 + 61) * 0.020;
        CHECK(found["web/utilisation"] == Approx(busy / (10.02 - 3)).epsilon(exact));
    }
}
