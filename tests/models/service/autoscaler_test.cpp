// Autoscaling by timelines worked out by hand: the time integral of the number of instances has to
// be right to the nanosecond.
#include "tests/support/small_run.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <utility>

using namespace archsim;
using doctest::Approx;

namespace {

/// Instance-nanoseconds are exact; what is left is the division by the length of the run.
constexpr double exact = 1e-12;

/// Requests every `gap` seconds from `gap` on, until `end`.
std::string evenly(double gap, double end) {
    std::string trace = "time,operation,key,size\n";
    for (int i = 1; gap * i <= end + 1e-9; ++i) trace += fmt::format("{:.3f},read,1,1\n", gap * i);
    return trace;
}

/// Runs a trace against one instance of one server with an autoscaler.
tests::Measured scaled(const std::string& trace, const std::string& service_time,
                       const std::string& autoscaler, const std::string& duration = "10s",
                       const std::string& faults = "") {
    const tests::TemporaryFolder folder;
    folder.write("trace.csv", trace);
    return tests::run_text(fmt::format(R"("duration": "{}", "nodes": {{
        "users": {{"kind": "replay", "file": "trace.csv", "calls": ["web"]}},
        "web": {{"kind": "service", "service_time": "{}", "autoscaler": {{{}}}}}}},
        "faults": [{}])",
                                       duration, service_time, autoscaler, faults),
                           folder.path());
}

}  // namespace

TEST_SUITE("autoscaler") {
    TEST_CASE("target utilisation: metric delay, start-up time and cooldown on the nanosecond") {
        // 80 ms of work at 0.1, 0.2 ... 5.0 s. The look at 1 s sees 0.72 busy servers (the request
        // of that instant comes after it), which asks for 2; heard at 1.3, there at 3.3 s. Looks
        // at 2 to 5 s see 0.8, which still asks for 2. Those from 6 s on see 0.08 and ask for 1:
        // too early at 6.3, 5 s after the change; at 7.3 s one instance goes.
        const auto found = scaled(evenly(0.1, 5.0), "80ms",
                                  R"("policy": {"kind": "target_utilisation", "target": "50%"},
                                     "max": 4, "interval": "1s", "metric_delay": "300ms",
                                     "start_up": "2s", "scale_in_cooldown": "6s")");
        const double integral = 1 * 3.3 + 2 * (7.3 - 3.3) + 1 * (10 - 7.3);
        CHECK(found["web/instances/mean"] == Approx(integral / 10).epsilon(exact));
        CHECK(found["web/instances/max"] == 2.0);
        CHECK(found["web/scale_outs"] == 1.0);
        CHECK(found["web/scale_ins"] == 1.0);
        CHECK(found["web/flaps"] == 1.0);
        // 50 requests of 80 ms over the capacity: the second instance counts while it is there.
        CHECK(found["web/utilisation"] == Approx(50 * 0.08 / integral).epsilon(exact));
    }

    TEST_CASE("a metric delay longer than the interval: looks are heard one by one") {
        // As above, heard 2.5 s after each look: out at 3.5, in at 8.5 s (the look of 6 s).
        const auto found = scaled(evenly(0.1, 5.0), "80ms",
                                  R"("policy": {"kind": "target_utilisation", "target": "50%"},
                                     "max": 4, "interval": "1s", "metric_delay": "2500ms")");
        CHECK(found["web/instances/mean"] == Approx((3.5 + 2 * 5.0 + 1.5) / 10).epsilon(exact));
    }

    TEST_CASE("within the tolerance nothing changes") {
        // 0.8 / 0.75 is 6.7 % too much: more than 5 %, less than 10 %.
        for (const auto& [tolerance, outs] : {std::pair{"5%", 1.0}, std::pair{"10%", 0.0}}) {
            const auto found =
                scaled(evenly(0.1, 10.0), "80ms",
                       fmt::format(R"("policy": {{"kind": "target_utilisation", "target": "75%",
                                          "tolerance": "{}"}}, "max": 4, "interval": "1s")",
                                   tolerance));
            CHECK(found["web/scale_outs"] == outs);
        }
    }

    TEST_CASE("step: the highest bound that holds counts, and a cooldown spaces the steps") {
        // 30/s of 80 ms keep two instances busy. Looks at 1 s (one added), 2 and 3 s (too early),
        // 4 s (all at work: three added, as far as the limit lets them), and then the most are
        // there.
        const auto found = scaled(evenly(1.0 / 30.0, 10.0), "80ms",
                                  R"("policy": {"kind": "step", "steps": [{"above": "70%"},
                                                    {"above": "100.0%", "instances": 3}]},
               "max": 4, "interval": "1s", "scale_out_cooldown": "2500ms")");
        CHECK(found["web/instances/mean"] == Approx((1 * 1 + 2 * 3 + 4 * 6) / 10.0).epsilon(exact));
        CHECK(found["web/scale_outs"] == 2.0);
        CHECK(found["web/flaps"] == 0.0);
    }

    TEST_CASE("bounds close together flap, and the flaps are counted") {
        // 0.8 busy servers: one instance is at 80 %, two are at 40 %. Out at 1 s, in at 2 s ...
        const std::string policy =
            R"("policy": {"kind": "step", "steps": [{"above": "70%"}, {"below": "60%"}]},
               "max": 4, "interval": "1s")";
        const auto found = scaled(evenly(0.1, 11.0), "80ms", policy, "10500ms");
        CHECK(found["web/scale_outs"] == 5.0);
        CHECK(found["web/scale_ins"] == 5.0);
        CHECK(found["web/flaps"] == 9.0);
        // 1 to 2 s ... 9 to 10 s there are two.
        CHECK(found["web/instances/mean"] == Approx((10.5 + 5.0) / 10.5).epsilon(exact));
        const auto calm =
            scaled(evenly(0.1, 11.0), "80ms", policy + R"(, "flap_window": "900ms")", "10500ms");
        CHECK(calm["web/scale_ins"] == 5.0);
        CHECK(calm["web/flaps"] == 0.0);
        const auto cooled =
            scaled(evenly(0.1, 11.0), "80ms", policy + R"(, "scale_in_cooldown": "4s")", "10500ms");
        CHECK(cooled["web/scale_ins"] == 2.0);  // out at 1, in at 5, out at 6, in at 10
        CHECK(cooled["web/flaps"] == 3.0);
    }

    TEST_CASE("an instance that starts is given up before one that serves") {
        // Busy until 1 s asks for two, one ready at 6 s; at 2 s there is no load any more.
        const auto found = scaled(evenly(0.1, 1.0), "80ms",
                                  R"("policy": {"kind": "target_utilisation", "target": "50%"},
                                     "max": 4, "interval": "1s", "start_up": "5s")");
        CHECK(found["web/instances/mean"] == 1.0);
        CHECK(found["web/instances/max"] == 1.0);
        CHECK(found["web/scale_outs"] == 1.0);
        CHECK(found["web/scale_ins"] == 1.0);
    }

    TEST_CASE("queue depth counts who waits and who is served") {
        // Ten requests of 1 s at 0.5 s, all at the first instance: one less each second. Of four
        // for each instance: 10 at 1 s ask for 3, 8 at 3 s for 2, 4 at 7 s for 1.
        std::string trace = "time,operation,key,size\n";
        for (int i = 0; i < 10; ++i) trace += "0.5,read,1,1\n";
        const auto found = scaled(trace, "1s",
                                  R"("policy": {"kind": "queue_depth", "per_instance": 4},
                                     "max": 5, "interval": "1s")");
        const double integral = 1 * 1 + 3 * 2 + 2 * 4 + 1 * 3;
        CHECK(found["web/instances/mean"] == Approx(integral / 10).epsilon(exact));
        CHECK(found["web/instances/max"] == 3.0);
    }

    TEST_CASE("a schedule holds from its times on and begins anew each day") {
        // A day of 6 s: three instances from 2 to 5 s and from 8 s on.
        const auto found = scaled(evenly(0.1, 1.0), "1ms",
                                  R"("policy": {"kind": "schedule", "every": "6s", "entries": [
                                        {"at": "2s", "instances": 3},
                                        {"at": "5s", "instances": 1}]},
                                     "max": 3, "interval": "1s")");
        CHECK(found["web/instances/mean"] == Approx((2 + 9 + 3 + 6) / 10.0).epsilon(exact));
    }

    TEST_CASE("a prediction follows the trend before the load is there") {
        // 10, 20, 30 ... requests in the seconds 1, 2, 3 ...: a rate of 10 (t + 1/2) in the middle
        // of each. Two seconds after the look at k it will be 10 (k + 5/2), which takes k + 3
        // instances of 10/s, from the second look on; the first knows no trend and sees 10/s.
        std::string trace = "time,operation,key,size\n";
        for (int second = 0; second < 6; ++second) {
            const int count = 10 * (second + 1);
            for (int i = 0; i < count; ++i) {
                trace += fmt::format("{:.6f},read,1,1\n", second + (i + 0.5) / count);
            }
        }
        const auto found = scaled(trace, "0s",
                                  R"("policy": {"kind": "predictive", "per_instance": "10/s",
                                                "ahead": "2s", "window": 3},
                                     "max": 20, "interval": "1s")",
                                  "5500ms");
        const double integral = 2 * 1 + 5 + 6 + 7 + 8 * 0.5;
        CHECK(found["web/instances/mean"] == Approx(integral / 5.5).epsilon(exact));
    }

    TEST_CASE("the limits hold, also against what others add and remove") {
        const std::string policy = R"("policy": {"kind": "queue_depth", "per_instance": 100},
                                      "min": 1, "max": 2, "interval": "1s")";
        // Three more at 2.5 s: the look of 3 s takes three away again.
        const auto found = scaled(evenly(0.1, 1.0), "1ms", policy, "10s",
                                  R"({"kind": "add_instance", "node": "web", "count": 3,
                                      "at": "2500ms"})");
        CHECK(found["web/instances/mean"] == Approx((10 + 3 * 0.5) / 10).epsilon(exact));
        CHECK(found["web/instances/max"] == 4.0);
        // The last one goes at 2.5 s: the look of 3 s brings one back.
        const auto gone = scaled(evenly(0.1, 1.0), "1ms", policy, "10s",
                                 R"({"kind": "remove_instance", "node": "web", "at": "2500ms"})");
        CHECK(gone["web/instances/mean"] == Approx(9.5 / 10).epsilon(exact));
    }

    TEST_CASE("instances that a deployment has taken out are not missing") {
        // Waves of two at 2.5 and 5.5 s, each out for 3 s; no look in between may replace them.
        for (const int max : {4, 9}) {
            const auto found = tests::run_text(fmt::format(
                R"("duration": "10s", "nodes": {{
                    "users": {{"kind": "open_loop", "calls": ["web"],
                               "arrivals": {{"kind": "constant", "rate": "10/s"}}}},
                    "web": {{"kind": "service", "service_time": "1ms", "instances": 4,
                             "autoscaler": {{"policy": {{"kind": "queue_depth", "per_instance": 9}},
                                             "min": 4, "max": {}, "interval": "1s"}}}}}},
                   "faults": [{{"kind": "deploy", "node": "web", "at": "2500ms", "wave_time": "3s",
                                "strategy": {{"kind": "rolling", "wave": 2}}}}])",
                max));
            CAPTURE(max);
            CHECK(found["web/scale_outs"] == 0.0);
            CHECK(found["web/scale_ins"] == 0.0);
            CHECK(found["web/instances/max"] == 4.0);
            CHECK(found["web/instances/mean"] == Approx((4 * 4.0 + 2 * 6.0) / 10).epsilon(exact));
        }
    }

    TEST_CASE("while some are out for a deployment the others are not removed below the fewest") {
        // Nearly no load asks for one instance at the looks of 3, 6 and 9 s. At 3 s two of four are
        // out and one of the others is spare.
        const auto found = tests::run_text(
            R"("duration": "10s", "nodes": {
                "users": {"kind": "open_loop", "calls": ["web"],
                          "arrivals": {"kind": "constant", "rate": "10/s"}},
                "web": {"kind": "service", "service_time": "1ms", "instances": 4,
                        "autoscaler": {"policy": {"kind": "queue_depth", "per_instance": 9},
                                       "min": 1, "max": 4, "interval": "3s"}}},
               "faults": [{"kind": "deploy", "node": "web", "at": "2500ms", "wave_time": "2s",
                           "watch": "9s", "strategy": {"kind": "rolling", "wave": 2}}])");
        // Four until 2.5, two until the look of 3 s, one until 4.5, three until the look of 6 s.
        CHECK(found["web/instances/mean"] ==
              Approx((4 * 2.5 + 2 * 0.5 + 1 * 1.5 + 3 * 1.5 + 1 * 4) / 10).epsilon(exact));
        CHECK(found["web/scale_ins"] == 2.0);
    }

    TEST_CASE("those that are removed finish what they work on") {
        // Two instances from 1 s on; the second is taken away at 3 s with work until 4.2 s.
        const auto found = scaled("time,operation,key,size\n1.1,read,1,1\n1.2,read,1,1\n", "3s",
                                  R"("policy": {"kind": "schedule", "entries": [
                                        {"at": "1s", "instances": 2},
                                        {"at": "3s", "instances": 1}]},
                                     "max": 3, "interval": "1s")");
        CHECK(found["users/outcome/ok"] == 1.0);
        CHECK(found["users/latency/max"] == Approx(3.0));
        CHECK(found["web/utilisation"] == Approx(6.0 / (10 + 2 + 1.2)).epsilon(exact));
    }
}
