// Several primaries under random failures: nothing is lost, and all sites agree in the end.
#include "tests/support/site_value.hpp"
#include "tests/support/small_run.hpp"
#include "tests/support/steps.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace archsim;
using models::Outcome;
using sim::Duration;
using tests::held;

/// A database asked directly, whose three sites are 50 ms from one another.
scenarios::Scenario database(const std::string& members, const std::string& rest) {
    return tests::read_text(
        R"("duration": "100s", "seed": 11, "history": false, "regions": ["a", "b", "c"],
        "network": {"between": [["a", "b", "50ms"], ["a", "c", "50ms"], ["b", "c", "50ms"]]},
        "nodes": {
        "users": {"kind": "open_loop", "region": "a", "calls": [{"to": "db", "timeout": "1s"}],
                  "arrivals": {"kind": "constant", "rate": "0.0001/s"}},
        "db": {"kind": "multi_primary", "region": "a", "sites": 3,
               "site_regions": ["a", "b", "c"], )" +
        members + "}}, " + rest);
}

}  // namespace

TEST_SUITE("multi primary chaos") {
    TEST_CASE("counters and sets are the same everywhere after all faults, and exact") {
        for (std::uint64_t seed = 0; seed < 60; ++seed) {
            CAPTURE(seed);
            sim::Rng rng = sim::Rng::named(seed, "chaos", "sites");
            const bool is_set = seed % 2 == 1;
            const std::string rule =
                is_set ? R"({"kind": "set", "element_size": "10B"})" : R"("counter")";
            tests::DatabaseSteps steps{database(
                R"("lag": "5ms", "apply_time": "1ms",
                    "mode": {"kind": "async", "conflicts": )" +
                    rule + "}",
                R"("faults": [
                    {"kind": "partition", "isolate": "db/0", "at": "1s", "for": "2s"},
                    {"kind": "packet_loss", "probability": "30%", "a": ["db/1"], "b": ["db/2"],
                     "at": "500ms", "for": "4s"},
                    {"kind": "crash", "node": "db/1", "at": "3500ms", "for": "1s"},
                    {"kind": "clock_skew", "node": "db/2", "at": "1s", "offset": "10s"}])")};
            std::vector<std::pair<std::uint64_t, const tests::Asked*>> writes;
            for (std::uint64_t version = 1; version <= 60; ++version) {
                steps.wait(Duration::milliseconds(static_cast<std::int64_t>(rng.below(200))));
                const auto site = static_cast<std::size_t>(rng.below(3));
                const std::uint64_t key = rng.below(2);
                if (steps.member(site).is_up()) {
                    writes.emplace_back(key, &steps.ask(site, key, version));
                }
            }
            steps.wait(Duration::seconds(20));
            // A write that a crash has taken from a queue has no answer and has not been done.
            std::uint64_t done[2] = {0, 0};
            for (const auto& [key, write] : writes) done[key] += write->has_answer() ? 1 : 0;
            REQUIRE(done[0] + done[1] > 30);
            for (const std::uint64_t key : {0, 1}) {
                for (const std::size_t site : {0, 1, 2}) {
                    REQUIRE(held(steps, site, key).is_like(held(steps, 0, key)));
                    REQUIRE(held(steps, site, key).total() == done[key]);
                    if (!is_set) continue;
                    REQUIRE(held(steps, site, key).siblings().size() == done[key]);
                    REQUIRE(steps.read(site, key).size.count() ==
                            static_cast<std::int64_t>(10 * done[key]));
                }
            }
            REQUIRE(steps.metric("db/discarded_writes") == 0.0);
            REQUIRE(steps.metric("db/lost_writes") == 0.0);
        }
    }

    TEST_CASE("synchronous sites lose nothing under any single failure") {
        static const std::string nodes[] = {"db/0", "db/1", "db/2"};
        double refused = 0.0;
        for (std::uint64_t seed = 0; seed < 150; ++seed) {
            CAPTURE(seed);
            sim::Rng rng = sim::Rng::named(seed, "chaos", "sync sites");
            const std::string node = nodes[rng.below(3)];
            const std::string when = fmt::format(R"("at": "{}ms", "for": "{}ms"}})",
                                                 1000 + rng.below(2000), 50 + rng.below(2500));
            const std::string faults[] = {
                R"({"kind": "crash", "node": ")" + node + R"(", )" + when,
                R"({"kind": "pause", "node": ")" + node + R"(", )" + when,
                R"({"kind": "partition", "isolate": ")" + node + R"(", )" + when,
                R"({"kind": "packet_loss", "probability": "30%", "a": [")" + node +
                    R"("], "b": ["db"], )" + when};
            const auto found = tests::run_text(
                R"("duration": "12s", "network": {"within": "2ms"}, "nodes": {
                "users": {"kind": "open_loop", "arrivals": {"kind": "profile", "steps": true,
                              "points": [["0s", "60/s"], ["6s", "0/s"]]},
                          "keys": {"kind": "uniform", "count": 20},
                          "operations": [{"name": "write", "type": "write"}, {"name": "read"}],
                          "calls": [{"to": "db", "timeout": "300ms", "retry": {"attempts": 3}}]},
                "db": {"kind": "multi_primary", "sites": 3,
                       "mode": {"kind": "sync", "timeout": "250ms"}}}, "faults": [)" +
                faults[rng.below(4)] + "]");
            REQUIRE(found["consistency/linearizable"] == 1.0);
            REQUIRE(found["consistency/lost_writes"] == 0.0);
            REQUIRE(found["db/discarded_writes"] == 0.0);
            refused += found["db/conflicts"];
        }
        CHECK(refused > 50.0);
    }
}
