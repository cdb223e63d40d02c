// Fanning out, by timelines worked out by hand: requests at 1/s, the first at 1 s.
#include "scenarios/flow.hpp"
#include "scenarios/world.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <string>

using doctest::Approx;

namespace {

using namespace archsim;

/// Three requests, at 1, 2 and 3 s, to a service that does `steps`.
tests::Measured three_posts(const std::string& steps, const std::string& feeds,
                            const std::string& rest = "") {
    return tests::run_text(R"("duration": "3900ms", "nodes": {
        "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "1/s"},
                  "calls": ["fan_out"]},
        "fan_out": {"kind": "service", "routes": {"*": [)" +
                           steps + R"(]}}, "feeds": )" + feeds + "}" + rest);
}

const std::string five_servers = R"({"kind": "service", "servers": 5, "service_time": "10ms"})";

}  // namespace

TEST_SUITE("fan-out") {
    TEST_CASE("so many receivers are called at once, and each answer lets the next one go") {
        const auto found = three_posts(
            R"({"fan_out": {"to": "feeds", "receivers": 5, "at_once": 2}})", five_servers);
        CHECK(found["users/latency/mean"] == Approx(0.030));  // waves of 2, 2 and 1
        CHECK(found["fan_out/fan_out/feeds/deliveries"] == Approx(15.0 / 3.9));
        CHECK(found["fan_out/fan_out/feeds/delay/mean"] == Approx((2 * 10 + 2 * 20 + 30) / 5000.0));
        CHECK(found["fan_out/fan_out/feeds/receivers/mean"] == Approx(5.0));
        CHECK(found["fan_out/fan_out/feeds/receivers/max"] == Approx(5.0));
        CHECK(found["fan_out/fan_out/feeds/undelivered"] == 0.0);
        CHECK(found["feeds/in_flight/max"] == 2.0);
    }

    TEST_CASE("by default one receiver is called after the other") {
        const auto found =
            three_posts(R"({"fan_out": {"to": "feeds", "receivers": 5}})", five_servers);
        CHECK(found["users/latency/mean"] == Approx(0.050));
    }

    TEST_CASE("answers that come without any delay are all counted") {
        const auto found =
            three_posts(R"({"fan_out": {"to": "feeds", "receivers": 1000, "at_once": 7}})",
                        R"({"kind": "service", "service_time": "0s"})");
        CHECK(found["users/latency/max"] == 0.0);
        CHECK(found["fan_out/fan_out/feeds/deliveries"] == Approx(3000.0 / 3.9));
    }

    TEST_CASE("one that fails does not keep the others from their calls") {
        // One server and no places: of four receivers, two at once, the first is served for 10 ms
        // and the other place fails three times.
        const auto found =
            three_posts(R"({"fan_out": {"to": "feeds", "receivers": 4, "at_once": 2}})",
                        R"({"kind": "service", "queue": 0, "service_time": "10ms"})");
        CHECK(found["users/outcome/rejected"] == 1.0);
        CHECK(found["feeds/rejected"] == Approx(0.75));
        CHECK(found["fan_out/fan_out/feeds/undelivered"] == Approx(0.75));
        CHECK(found["users/in_flight/mean"] == Approx(0.030 / 3.9));
    }

    TEST_CASE("a key with too many receivers has none of them called") {
        const auto beyond = three_posts(
            R"({"fan_out": {"to": "feeds", "receivers": 5, "up_to": 4}})", five_servers);
        CHECK(beyond["users/outcome/ok"] == 1.0);
        CHECK(beyond["fan_out/fan_out/feeds/skipped"] == 1.0);
        CHECK(beyond["fan_out/fan_out/feeds/deliveries"] == 0.0);
        CHECK(beyond["fan_out/fan_out/feeds/receivers/mean"] == Approx(5.0));
        const auto within = three_posts(
            R"({"fan_out": {"to": "feeds", "receivers": 5, "up_to": 5}})", five_servers);
        CHECK(within["fan_out/fan_out/feeds/skipped"] == 0.0);
        CHECK(within["fan_out/fan_out/feeds/deliveries"] == Approx(15.0 / 3.9));
    }

    TEST_CASE("receivers have keys of their own if there is a law for them") {
        const std::string cache = R"({"kind": "cache", "capacity": 100, "calls": ["disk"]},
            "disk": {"kind": "service", "service_time": "1ms"})";
        const auto own = three_posts(
            R"({"fan_out": {"to": "feeds", "receivers": 5, "at_once": 1,
                            "keys": {"kind": "sequential", "count": 1000}}})",
            cache);
        CHECK(own["feeds/hit_ratio"] == 0.0);  // fifteen different keys
        const auto same =
            three_posts(R"({"fan_out": {"to": "feeds", "receivers": 5, "at_once": 1}})", cache);
        CHECK(same["feeds/hit_ratio"] == Approx(14.0 / 15.0));
    }

    TEST_CASE("calls carry the operation of the step, and steps to one node are counted as one") {
        const auto found = three_posts(
            R"({"fan_out": {"to": "feeds", "receivers": 2}, "operation": "deliver"},
               {"fan_out": {"to": "feeds", "receivers": 3}, "operation": "count"})",
            R"({"kind": "service", "routes": {"deliver": [{"work": "10ms"}],
                                              "count": [{"work": "20ms"}]}})");
        CHECK(found["users/latency/mean"] == Approx(0.080));
        CHECK(found["fan_out/fan_out/feeds/deliveries"] == Approx(15.0 / 3.9));
        CHECK(found["fan_out/fan_out/feeds/receivers/mean"] == Approx(2.5));
    }

    TEST_CASE("a crash in the midst ends what is under way and sends nothing more") {
        // The post of 2 s is at its third receiver when the service crashes.
        const auto found =
            three_posts(R"({"fan_out": {"to": "feeds", "receivers": 5}})", five_servers,
                        R"(, "faults": [{"kind": "crash", "node": "fan_out", "at": "2025ms",
                             "for": "200ms"}])");
        CHECK(found["users/outcome/unreachable"] == Approx(1.0 / 3.0));
        CHECK(found["fan_out/fan_out/feeds/deliveries"] == Approx(12.0 / 3.9));
        CHECK(found["feeds/arrivals"] == Approx(13.0 / 3.9));  // the third is served all the same
    }

    TEST_CASE("a step may read where its request writes, and the other way round") {
        for (const bool posts : {false, true}) {
            const std::string type = posts ? "write" : "read";
            const std::string other = posts ? "read" : "write";
            const auto found = tests::run_text(R"("duration": "3900ms", "nodes": {
                "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "1/s"},
                          "operations": [{"name": "go", "type": ")" +
                                               type + R"("}], "calls": ["web"]},
                "web": {"kind": "service", "routes": {"*": [
                    {"call": "own"}, {"call": "turned", "type": ")" +
                                               other + R"("}]}},
                "own": {"kind": "store", "read_time": "1ms", "write_time": "4ms"},
                "turned": {"kind": "store", "read_time": "1ms", "write_time": "4ms"}})");
            CHECK(found["own/service_time/mean"] == Approx(posts ? 0.004 : 0.001));
            CHECK(found["turned/service_time/mean"] == Approx(posts ? 0.001 : 0.004));
        }
    }

    TEST_CASE("static analysis expects the mean number of calls, and none beyond up_to") {
        // P(N = 1) = (1 - 1/2) / (1 - 1/3) = 3/4, P(N = 2) = 1/4.
        const auto rate = [](const std::string& more) {
            const scenarios::Scenario scenario = tests::read_text(R"("duration": "1s", "nodes": {
                "users": {"kind": "open_loop", "arrivals": "8/s", "calls": ["fan_out"]},
                "fan_out": {"kind": "service", "routes": {"*": [{"fan_out": {"to": "feeds",
                    "receivers": {"kind": "power_law", "exponent": 2.0, "at_most": 2})" +
                                                                  more + R"(}}]}},
                "feeds": {"kind": "service", "service_time": "1ms"}})");
            const scenarios::World world{scenario, 0};
            const scenarios::Flow flow = scenarios::trace_flow(scenario, world);
            for (const scenarios::ComponentFlow& component : flow.components) {
                if (component.component->name() == "feeds") return flow.rate_at(component);
            }
            return -1.0;
        };
        CHECK(rate("") == Approx(8.0 * 1.25));
        CHECK(rate(R"(, "up_to": 1)") == Approx(8.0 * 0.75));
    }
}
