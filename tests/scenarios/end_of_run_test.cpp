// Ending a run while calls are in flight: nothing may reach into what is gone already.
#include "models/document.hpp"
#include "scenarios/load.hpp"
#include "scenarios/parse.hpp"
#include "scenarios/run.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace archsim;

namespace {

/// A balancer with timeout, retry and hedge over servers that are slow enough to leave requests in
/// flight when the run ends, and a crash in the midst.
constexpr const char* text = R"({
  "scenario": "busy-end", "duration": "2s",
  "network": {"within": "3ms"},
  "nodes": {
    "users": {"kind": "open_loop", "arrivals": "400/s",
              "calls": [{"to": "lb", "timeout": "300ms",
                         "retry": {"attempts": 2, "backoff": "5ms"}}]},
    "lb": {"kind": "load_balancer", "policy": "least_connections", "calls": ["web"],
           "timeout": "100ms", "retry": {"attempts": 3, "backoff": "1ms"},
           "hedge": {"after": "20ms"}},
    "web": {"kind": "service", "instances": 3, "calls": ["db"],
            "service_time": {"kind": "exponential", "mean": "10ms"}},
    "db": {"kind": "service", "servers": 2, "queue": 20,
           "service_time": {"kind": "exponential", "mean": "8ms"}}
  },
  "faults": [{"kind": "crash", "node": "web/1", "at": "1s", "for": "500ms"},
             {"kind": "crash", "node": "lb", "at": "1.9s"}]
})";

}  // namespace

TEST_SUITE("scenarios: end of a run") {
    TEST_CASE("a run ends cleanly with calls, retries and hedges in flight") {
        models::Sources sources;
        models::Diagnostics diagnostics;
        const auto document = scenarios::parse(text, sources.add("busy-end", text), diagnostics);
        REQUIRE(document);
        const auto scenario = scenarios::read_scenario(*document, ".", sources, diagnostics);
        INFO(diagnostics.format(sources));
        REQUIRE(scenario);
        for (std::int64_t replication = 0; replication < 5; ++replication) {
            const auto result = scenarios::run_replication(*scenario, replication, {}, {});
            CHECK(result.end == sim::RunEnd::deadline);
            CHECK(result.events > 1'000);
        }
    }
}
