// The door of a service: shedding by priority, by queue and by waiting time, and its limits.
#include "models/service/door.hpp"

#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace archsim;
using namespace archsim::models;
using doctest::Approx;
using sim::Duration;
using sim::Instant;

namespace {

/// 15 requests a second for a server that can do 10: five urgent ones and ten others, all at set
/// times: others at 100, 200, 300 ms ..., urgent ones at 200, 400 ms ...
tests::Measured overload(const std::string& door) {
    const auto scenario = tests::read_text(R"("duration": "42s", "warm_up": "2s", "nodes": {
        "others": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                   "operations": [{"name": "look"}], "calls": ["web"]},
        "urgent": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "5/s"},
                   "operations": [{"name": "order", "priority": 3}], "calls": ["web"]},
        "web": {"kind": "service", "service_time": "100ms", "discipline": "priority",
                "admission": )" + door + "}}");
    return tests::Measured{scenarios::run_replication(scenario, 0, scenario.warm_up.length, {})};
}

}  // namespace

TEST_SUITE("resilience: admission") {
    TEST_CASE("a level turns away lower priorities while the queue is long") {
        const ShedLevel level{.below = 2, .queue = 3};
        CHECK_FALSE(level.turns_away(1, 2, Duration::hours(1)));
        CHECK(level.turns_away(1, 3, {}));
        CHECK_FALSE(level.turns_away(2, 1000, {}));
    }

    TEST_CASE("a level turns away while the last one waited long, but never from an empty queue") {
        const ShedLevel level{.below = 256, .waiting = Duration::milliseconds(50)};
        CHECK_FALSE(level.turns_away(0, 1, Duration::milliseconds(50) - Duration::nanoseconds(1)));
        CHECK(level.turns_away(255, 1, Duration::milliseconds(50)));
        CHECK_FALSE(level.turns_away(0, 0, Duration::seconds(9)));
    }

    TEST_CASE("what is shed uses up no rate, and what is refused holds no place") {
        AdmissionConfig config;
        config.shed.push_back({.below = 1, .queue = 1});
        config.rate_limit = TokenBucket::Config{.rate = sim::Rate::per_second(1.0), .burst = 1};
        config.concurrency_limit = AimdLimit::Config{.initial = 1};
        ServiceDoor door{config};
        CHECK(door.ask(Instant{}, 0, 1, {}).refused == Refused::shed);
        CHECK_FALSE(door.ask(Instant{}, 1, 1, {}).refused);
        CHECK(door.ask(Instant{}, 1, 1, {}).refused == Refused::rate_limit);
        const Instant later = Instant::at(Duration::seconds(1));
        CHECK(door.ask(later, 1, 1, {}).refused == Refused::concurrency);
        door.leave(Duration::milliseconds(1), std::nullopt);
        CHECK_FALSE(door.ask(Instant::at(Duration::seconds(2)), 1, 1, {}).refused);
    }

    TEST_CASE("the urgent ones all get served, and the others what is left of the capacity") {
        const auto found = overload(R"({"shed": [{"below": 1, "queue": 2}]})");
        CHECK(found["urgent/availability"] == 1.0);
        CHECK(found["urgent/goodput"] == Approx(5.0));
        // 10 a second are done: 5 of them for the others, who lose as many of their 10.
        CHECK(found["others/outcome/rejected"] == Approx(0.5).epsilon(0.01));
        CHECK(found["web/rejected/shed"] == Approx(5.0 / 15.0).epsilon(0.01));
        CHECK(found["web/utilisation"] == Approx(1.0));
        // Without priorities at the door as many are lost, whoever they are.
        const auto alike = overload(R"({"shed": [{"queue": 2}]})");
        CHECK(alike["web/rejected/shed"] == Approx(5.0 / 15.0).epsilon(0.01));
        CHECK(alike["others/goodput"] + alike["urgent/goodput"] == Approx(10.0));
    }

    TEST_CASE("a rate limit at the door is one of the instance") {
        const auto found = overload(R"({"rate_limit": {"kind": "fixed_window", "limit": 6}})");
        CHECK(found["web/arrivals"] == Approx(6.0));
        CHECK(found["web/rejected/rate_limit"] == Approx(9.0 / 15.0));
        CHECK_FALSE(found.all().contains("web/rejected/shed"));
    }

    TEST_CASE("a leaky bucket at the door smooths what comes in") {
        const auto found = tests::run_text(R"("duration": "1050ms", "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                      "calls": ["web"]},
            "web": {"kind": "service", "service_time": "10ms", "admission":
                    {"rate_limit": {"kind": "leaky_bucket", "rate": "5/s", "capacity": 1}}}})");
        // 100 ms at once, 200 at 300, 300 at 500 (nobody waits then any more); 400 is refused
        // while that one waits, 500 goes at 700, 600 is refused, and so on.
        CHECK(found["web/arrivals"] == Approx(5.0 / 1.05));
        CHECK(found["web/rejected/rate_limit"] == Approx(0.4));
    }

    TEST_CASE("an adaptive limit keeps the queue of an overloaded service short") {
        const auto run = [](const std::string& door) {
            return tests::run_text(R"("duration": "60s", "nodes": {
                "users": {"kind": "open_loop", "arrivals": "150/s", "calls": ["web"]},
                "web": {"kind": "service",
                        "service_time": {"kind": "exponential", "mean": "10ms"})" +
                                   door + "}}");
        };
        const auto limited = run(R"(, "admission": {"concurrency_limit":
                                     {"kind": "aimd", "slow": "200ms"}})");
        const auto open = run("");
        CHECK(open["web/queue_length/max"] > 2000.0);
        CHECK(limited["web/queue_length/max"] < 100.0);
        CHECK(limited["users/goodput"] > 90.0);
        CHECK(limited["web/rejected/concurrency"] > 0.25);
    }

    TEST_CASE("with every policy at once and a crash now and then everything still adds up") {
        // Conservation and Little's law are checked at the end of the run, and stop it if broken.
        const auto found = tests::run_text(R"("duration": "60s", "seed": 11, "nodes": {
            "users": {"kind": "open_loop", "arrivals": "120/s",
                      "operations": [{"name": "a", "deadline": "400ms"},
                                     {"name": "b", "priority": 1}],
                      "calls": [{"to": "api", "deadline": "900ms", "timeout": "300ms",
                                 "retry": {"attempts": 3, "backoff": "5ms", "jitter": true,
                                           "budget": "30%"},
                                 "hedge": {"after_quantile": 0.9, "budget": "10%"},
                                 "circuit_breaker": {"failure_rate": "60%", "window": "1s",
                                                     "open_time": "300ms", "probes": 3},
                                 "rate_limit": {"kind": "leaky_bucket", "rate": "140/s",
                                                "capacity": 20},
                                 "concurrency_limit": {"kind": "gradient"},
                                 "bulkhead": {"calls": 12, "queue": 6},
                                 "fallback": "spare", "loss": "0.5%"}]},
            "api": {"kind": "service", "instances": 2, "service_time":
                        {"kind": "exponential", "mean": "12ms"}, "drop_late": true,
                    "admission": {"shed": [{"below": 1, "queue": 5}],
                                  "concurrency_limit": "aimd",
                                  "rate_limit": {"kind": "sliding_window", "limit": 80}},
                    "calls": [{"to": "db", "bulkhead": {"calls": 2, "queue": 3},
                               "fallback": {"to": "spare", "timeout": "20ms"}}]},
            "db": {"kind": "service", "service_time": {"kind": "exponential", "mean": "12ms"}},
            "spare": {"kind": "service", "service_time": {"kind": "exponential", "mean": "4ms"}}},
            "faults": [
                {"kind": "crash", "node": "api/0", "at": "5s", "for": "1s", "every": "9s"},
                {"kind": "crash", "node": "db", "at": "8s", "for": "2s", "every": "11s"},
                {"kind": "slow", "node": "db", "factor": 9, "at": "15s", "for": "3s",
                 "every": "17s"}])");
        for (const char* name : {"users->api/retries", "users->api/hedges", "users->api/opened",
                                 "users->api/short_circuited", "users->api/crowded",
                                 "users->api/fallbacks", "users->api/timeouts", "api->db/crowded",
                                 "api->db/fallbacks", "users/degraded", "api/rejected/shed"}) {
            CAPTURE(name);
            CHECK(found[name] > 0.0);
        }
    }
}
