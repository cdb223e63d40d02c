// Rates and laws of the streams through an architecture, worked out by hand.
#include "scenarios/flow.hpp"

#include "tests/support/scenario_text.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

using namespace archsim;
using namespace archsim::scenarios;
using tests::scenario_of;
using tests::service;
using tests::users;

namespace {

/// What a test asks of a component.
struct Seen {
    double rate = 0.0;
    double visits = 0.0;
    double load = 0.0;
    bool exact = true;
    ArrivalLaw law;
};

std::map<std::string, Seen> flow_of(const std::string& nodes, const std::string& rest = "") {
    const Scenario scenario = scenario_of(nodes, rest);
    const World world{scenario, 0};
    const Flow flow = trace_flow(scenario, world);
    std::map<std::string, Seen> seen;
    for (const ComponentFlow& component : flow.components) {
        Seen one{flow.rate_at(component), flow.visit_rate_at(component), component.load, true,
                 component.law};
        for (const std::size_t s : component.streams) one.exact &= flow.streams[s].exact;
        seen.emplace(component.component->name(), one);
    }
    return seen;
}

const ArrivalLaw poisson{ArrivalLaw::Kind::poisson, 1};
const ArrivalLaw unknown{ArrivalLaw::Kind::unknown, 1};

/// `"<name>": {...}`: a service that only follows these steps.
std::string steps(const std::string& name, const std::string& list) {
    return '"' + name + R"(": {"kind": "service", "routes": {"*": [)" + list + "]}}";
}

const std::string db = service("db", "exponential 1ms");

}  // namespace

TEST_SUITE("flow") {
    TEST_CASE("rates multiply by chances and repetitions") {
        const auto seen = flow_of(users("100/s", R"(["front"])") + ", " +
                                  steps("front", R"({"work": "1ms", "times": 3},
                {"chance": "20%", "then": [{"call": "db", "times": 5}, {"call": "log"}],
                 "else": [{"call": "log", "times": 2}]})") +
                                  ", " + db + ", " + service("log", "1ms"));
        CHECK(seen.at("front").rate == doctest::Approx(100.0));
        CHECK(seen.at("front").visits == doctest::Approx(300.0));
        CHECK(seen.at("front").load == doctest::Approx(0.3));
        CHECK(seen.at("db").rate == doctest::Approx(100.0));
        CHECK(seen.at("log").rate == doctest::Approx(100.0 * (0.2 + 0.8 * 2.0)));
        CHECK(seen.at("db").exact);
        CHECK(seen.at("front").law == unknown);
        CHECK(seen.at("db").law == unknown);
    }

    TEST_CASE("an overloaded station passes on what it can do, and not exactly") {
        const auto seen = flow_of(
            users("300/s", R"(["front"])") + ", " +
            service("front", "exponential 10ms", R"("instances": 2, "calls": ["db"])") + ", " + db);
        CHECK(seen.at("front").load == doctest::Approx(3.0));
        CHECK(seen.at("front").exact);
        CHECK(seen.at("db").rate == doctest::Approx(200.0));
        CHECK_FALSE(seen.at("db").exact);
        CHECK(seen.at("db").law == unknown);
    }

    TEST_CASE("operations are thinned and renamed on their way") {
        const auto seen = flow_of(
            R"("users": {"kind": "open_loop", "arrivals": "100/s", "calls": ["front"],
                 "operations": [{"name": "read", "weight": 9}, {"name": "write"}]},
               "front": {"kind": "service", "routes": {
                 "read": [{"call": "cache", "operation": "get"}],
                 "write": [{"call": "db"}]}}, )" +
            service("cache", "exponential 1ms") + ", " +
            R"("db": {"kind": "service", "routes": {"write": [{"work": "2ms"}]}})");
        CHECK(seen.at("cache").rate == doctest::Approx(90.0));
        CHECK(seen.at("cache").law == poisson);
        CHECK(seen.at("db").rate == doctest::Approx(10.0));
        CHECK(seen.at("db").load == doctest::Approx(0.02));
        CHECK(seen.at("db").law == poisson);
    }

    TEST_CASE("a step may write for a request that reads, and the other way round") {
        const auto seen =
            flow_of(users("100/s", R"(["front"])") + ", " +
                    steps("front", R"({"call": "log", "type": "write"}, {"call": "log"},
                                                    {"call": "index", "type": "write"})") +
                    R"(, "log": {"kind": "store", "read_time": "1ms", "write_time": "4ms"},
            "index": {"kind": "relational", "read_time": "1ms", "write_time": "2ms"})");
        CHECK(seen.at("log").rate == doctest::Approx(200.0));
        CHECK(seen.at("log").load == doctest::Approx(0.1 + 0.4));
        CHECK(seen.at("index").load == doctest::Approx(0.2));
    }

    TEST_CASE("an M/M/c station passes a Poisson stream on, others do not") {
        const auto behind = [](const std::string& front) {
            return flow_of(users("100/s", R"(["front"])") + ", " + front + ", " + db).at("db").law;
        };
        const std::string call = R"("calls": ["db"])";
        CHECK(behind(service("front", "exponential 1ms", call)) == poisson);
        CHECK(behind(service("front", "exponential 1ms", R"("servers": 3, )" + call)) == poisson);
        CHECK(behind(service("front", "exponential 1ms", R"("discipline": "lifo", )" + call)) ==
              poisson);
        CHECK(behind(service("front", "1ms", R"("discipline": "processor_sharing", )" + call)) ==
              poisson);
        CHECK(behind(service("front", "0s", call)) == poisson);
        CHECK(behind(service("front", "1ms", call)) == unknown);
        CHECK(behind(service("front", "exponential 1ms", R"("queue": 5, )" + call)) == unknown);
        CHECK(behind(service("front", "exponential 1ms", R"("instances": 2, )" + call)) == unknown);
        CHECK(behind(steps("front", R"({"call": "db"}, {"work": "1ms"})")) == poisson);
        CHECK(behind(steps("front", R"({"work": "1ms"}, {"call": "db"})")) == unknown);
    }

    TEST_CASE("work after a call comes by the law of the answers") {
        const auto front = [](const std::string& store) {
            return flow_of(users("100/s", R"(["front"])") + ", " +
                           steps("front", R"({"call": "db"}, {"work": "1ms"})") + ", " + store)
                .at("front")
                .law;
        };
        CHECK(front(db) == poisson);
        CHECK(front(service("db", "1ms")) == unknown);
    }

    TEST_CASE("a call in a list starts when those before it have been answered") {
        const auto second = [](const std::string& first) {
            return flow_of(users("100/s", R"(["first", "db"])") + ", " + first + ", " + db)
                .at("db")
                .law;
        };
        CHECK(second(service("first", "exponential 1ms")) == poisson);
        CHECK(second(service("first", "1ms")) == unknown);
    }

    TEST_CASE("turns split a Poisson stream over all backends of the rotation") {
        const auto seen = flow_of(users("90/s", R"(["lb"])") +
                                  R"(, "lb": {"kind": "load_balancer",
                                "calls": [{"to": "a", "weight": 5}, "b"]}, )" +
                                  service("a", "exponential 1ms", R"("instances": 2)") + ", " +
                                  service("b", "exponential 1ms"));
        const ArrivalLaw third{ArrivalLaw::Kind::in_turn, 3};
        CHECK(seen.at("a").law == third);
        CHECK(seen.at("b").law == third);
        // Round robin looks at no weight: each of the three backends gets a third.
        CHECK(seen.at("a").rate == doctest::Approx(60.0));
        CHECK(seen.at("b").rate == doctest::Approx(30.0));
    }

    TEST_CASE("random splits keep to the weights and stay Poisson, and may meet again") {
        const auto split = [](const std::string& policy) {
            return flow_of(users("100/s", R"(["lb"])") + R"(, "lb": {"kind": "load_balancer",
                  "policy": ")" +
                           policy + R"(", "calls": [{"to": "a", "weight": 3}, "b"]}, )" +
                           service("a", "exponential 1ms", R"("calls": ["db"])") + ", " +
                           service("b", "exponential 1ms", R"("calls": ["db"])") + ", " + db);
        };
        const auto random = split("random");
        CHECK(random.at("a").rate == doctest::Approx(75.0));
        CHECK(random.at("a").law == poisson);
        CHECK(random.at("db").rate == doctest::Approx(100.0));
        CHECK(random.at("db").law == poisson);
        CHECK(split("round_robin").at("db").law == unknown);
        const auto by_state = split("least_connections");
        CHECK_FALSE(by_state.at("a").exact);
        CHECK(by_state.at("a").law == unknown);
    }

    TEST_CASE("independent sources merge into a Poisson stream") {
        const auto seen = flow_of(users("100/s", R"(["db"])") +
                                  R"(, "more": {"kind": "open_loop", "arrivals": "50/s",
                                                "calls": ["db"]}, )" +
                                  db);
        CHECK(seen.at("db").rate == doctest::Approx(150.0));
        CHECK(seen.at("db").law == poisson);
    }

    TEST_CASE("two sources that visit the same stations in opposite order keep their laws") {
        const auto seen = flow_of(users("100/s", R"(["db", "web"])") +
                                  R"(, "more": {"kind": "open_loop", "arrivals": "50/s",
                                                "calls": ["web", "db"]}, )" +
                                  db + ", " + service("web", "exponential 1ms"));
        CHECK(seen.at("db").law == poisson);
        CHECK(seen.at("web").law == poisson);
    }

    TEST_CASE("priorities are followed to every station") {
        const Scenario scenario = scenario_of(
            R"("users": {"kind": "open_loop", "arrivals": "100/s", "calls": ["front"],
                 "operations": [{"name": "a", "priority": 7}, {"name": "b"}]}, )" +
            steps("front", R"({"call": "db", "operation": "same"})") + ", " + db);
        const World world{scenario, 0};
        const Flow flow = trace_flow(scenario, world);
        const ComponentFlow& last = flow.components.back();
        REQUIRE(last.streams.size() == 2);
        CHECK(flow.streams[last.streams[0]].priority == 7);
        CHECK(flow.streams[last.streams[1]].priority == 0);
        CHECK(flow.streams[last.streams[0]].per_second == doctest::Approx(50.0));
    }
}
