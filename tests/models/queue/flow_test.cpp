// What static analysis knows of queues: the load reaches those who consume, by topic and group.
#include "scenarios/flow.hpp"

#include "scenarios/world.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace archsim;

namespace {

/// Requests a second at a node; -1 if there is no such node.
double rate_at(const scenarios::Flow& flow, std::string_view name) {
    for (const scenarios::ComponentFlow& component : flow.components) {
        if (component.component->name() == name) return flow.rate_at(component);
    }
    return -1.0;
}

}  // namespace

TEST_SUITE("queue flow") {
    TEST_CASE("consumers of a group share the rate by their places, and each group gets all") {
        const scenarios::Scenario scenario = tests::read_text(R"("duration": "1s", "nodes": {
            "users": {"kind": "open_loop", "arrivals": "80/s", "calls": ["q"],
                      "operations": [{"name": "post", "weight": 3}, {"name": "like"}]},
            "q": {"kind": "message_queue", "dead_letter": "dead", "consumers": [
                {"to": "small", "concurrency": 1, "group": "a"},
                {"to": "large", "concurrency": 3, "group": "a"},
                {"to": "posts", "group": "b", "topics": ["post"]}]},
            "dead": {"kind": "message_queue"},
            "small": {"kind": "service", "service_time": "10ms"},
            "large": {"kind": "service", "service_time": "10ms"},
            "posts": {"kind": "service", "service_time": "10ms"}})");
        const scenarios::World world{scenario, 0};
        const scenarios::Flow flow = scenarios::trace_flow(scenario, world);
        CHECK(rate_at(flow, "q") == doctest::Approx(80.0));
        CHECK(rate_at(flow, "small") == doctest::Approx(20.0));
        CHECK(rate_at(flow, "large") == doctest::Approx(60.0));
        CHECK(rate_at(flow, "posts") == doctest::Approx(60.0));
        CHECK(rate_at(flow, "dead") == doctest::Approx(0.0));
        CHECK(flow.forks);
    }

    TEST_CASE("only a queue without a limit surely answers its publishers at once") {
        for (const bool limited : {false, true}) {
            const std::string limit = limited ? R"("limit": 3, )" : "";
            const scenarios::Scenario scenario = tests::read_text(R"("duration": "1s", "nodes": {
                "users": {"kind": "open_loop", "arrivals": "80/s", "calls": ["q"]},
                "q": {"kind": "message_queue", )" + limit + R"("consumers": ["worker"]},
                "worker": {"kind": "service", "service_time": "10ms"}})");
            const scenarios::World world{scenario, 0};
            const scenarios::Flow flow = scenarios::trace_flow(scenario, world);
            for (const scenarios::Stream& stream : flow.streams) {
                if (flow.components[stream.component].is_source) CHECK(stream.sure == !limited);
            }
        }
    }
}
