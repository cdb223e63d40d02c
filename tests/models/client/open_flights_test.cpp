// What load sources say of their operations in flight against a list that is kept of all beginnings
// and ends.
#include "models/history_recorder.hpp"
#include "scenarios/world.hpp"
#include "tests/support/scenario_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

using namespace archsim;
using models::Operation;

namespace {

class InFlight final : public models::HistorySink {
public:
    void invoked(const Operation& operation) override { open.emplace(operation.id, operation); }
    void completed(const Operation& operation) override { open.erase(operation.id); }
    void created(const models::VersionRecord&) override {}
    void applied(const models::Application&) override {}
    void fault(const models::FaultRecord&) override {}
    void settled(std::uint64_t, models::Version) override {}

    std::map<std::uint64_t, Operation> open;  // by id, so in the order of invocation
};

bool same(const Operation& a, const Operation& b) {
    return a.id == b.id && a.key == b.key && a.version == b.version && a.invoked == b.invoked &&
           a.completed == b.completed && a.invoked_order == b.invoked_order &&
           a.completed_order == b.completed_order && a.session == b.session && a.side == b.side &&
           a.place == b.place && a.kind == b.kind && a.ending == b.ending;
}

}  // namespace

TEST_SUITE("operations in flight") {
    TEST_CASE("sources know which of theirs have not ended, and which began first") {
        const std::string rest = R"("operations": [{"name": "read", "weight": 3},
                                                  {"name": "write", "type": "write"}],
                                    "keys": {"kind": "uniform", "count": 50}, "calls": ["db"]})";
        const scenarios::Scenario scenario = tests::scenario_of(
            R"("here": {"kind": "open_loop", "arrivals": "300/s", )" + rest +
            R"(, "there": {"kind": "open_loop", "arrivals": "200/s", )" + rest +
            R"(, "others": {"kind": "open_loop", "arrivals": "100/s", "calls": ["db"]},
                "db": {"kind": "store", "servers": 1000,
                       "read_time": {"kind": "exponential", "mean": "20ms"},
                       "write_time": {"kind": "exponential", "mean": "40ms"}})");
        scenarios::World world{scenario, 0};
        InFlight expected;
        world.history().add(expected);
        world.history().observe(world.component("db")->number());
        world.start();
        std::size_t most = 0;
        std::size_t times_empty = 0;
        for (int step = 0; step < 2000; ++step) {
            world.simulation().run_until(world.simulation().now() + sim::Duration::milliseconds(1));
            const std::vector<Operation> open = world.history().open();
            REQUIRE(open.size() == expected.open.size());
            REQUIRE(std::ranges::equal(open, expected.open,
                                       [](const Operation& operation, const auto& other) {
                                           return same(operation, other.second);
                                       }));
            most = std::max(most, open.size());
            if (open.empty()) {
                ++times_empty;
            } else {
                REQUIRE(world.history().horizon() == open.front().invoked_order);
            }
        }
        CHECK(most > 15);
        CHECK(times_empty > 0);
    }
}
