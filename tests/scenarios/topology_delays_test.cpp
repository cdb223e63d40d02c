// How soon news can be at a place, and how soon it was there in a run: hand-computed.
#include "scenarios/topology_delays.hpp"

#include "models/consistency/verdict.hpp"
#include "scenarios/history.hpp"
#include "scenarios/world.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace archsim::scenarios {
namespace {

constexpr auto ms = [](std::int64_t count) { return sim::Duration::milliseconds(count); };

/// The writer stands beside the store and writes at 100, 200, ... ms. The reader is 60 ms away and
/// asks at 125, 250, ... ms, so that it reads at 185, 310, 435, 560, ... ms what was written 85,
/// 10, 35 and 60 ms before, and knows it 60 ms later: after 70 ms at the soonest.
constexpr std::string_view two_regions = R"("duration": "10s", "warm_up": "0s",
"regions": ["here", "there"],
"network": {"between": [["here", "there", "60ms"]]},
"nodes": {
  "writer": {"kind": "open_loop", "region": "here", "calls": ["db"],
             "arrivals": {"kind": "constant", "rate": "10/s"},
             "keys": {"kind": "uniform", "count": 1},
             "operations": [{"name": "write", "type": "write"}]},
  "reader": {"kind": "open_loop", "region": "there", "calls": ["db"],
             "arrivals": {"kind": "constant", "rate": "8/s"},
             "keys": {"kind": "uniform", "count": 1}},
  "db": {"kind": "store", "region": "here"}})";

struct Ended {
    explicit Ended(std::string_view text) : scenario{tests::read_text(text)}, world{scenario, 0} {
        world.start();
        world.simulation().run_until(sim::Instant::at(scenario.duration));
        world.check_end();
    }
    Scenario scenario;
    World world;
};

TEST_SUITE("news and the network") {
    TEST_CASE("a run tells how soon a client knew what another had written") {
        Ended run{two_regions};
        StoreHistory& history = *run.world.store_history();
        history.finish(&run.world.network());
        const std::vector<models::News>& news = history.result().news;
        REQUIRE(news.size() == 1);
        CHECK(news[0].from == 2);  // in the order of names
        CHECK(news[0].to == 1);
        CHECK(news[0].soonest == ms(70));
        CHECK(history.result().impossible.empty());
    }

    TEST_CASE("nothing is known sooner than messages can bring it") {
        Ended run{two_regions};
        const auto least = least_delays(run.world.network(), run.world.history().places());
        REQUIRE(least.size() == 2);
        CHECK(least[0][0] == sim::Duration{});
        CHECK(least[0][1] == ms(60));
        CHECK(least[1][0] == ms(60));
    }

    TEST_CASE("news goes the shortest way, also through a third place") {
        Ended run{R"("duration": "1s", "warm_up": "0s", "regions": ["a", "b", "c", "d"],
"network": {"within": {"kind": "uniform", "minimum": "2ms", "maximum": "3ms"},
            "between": [["a", "b", "10ms"], ["b", "c", "20ms"], ["a", "c", "50ms"],
                        ["a", "d", "1ms"], ["b", "d", "1ms"], ["c", "d", "1ms"]]},
"nodes": {
  "client_a": {"kind": "open_loop", "region": "a", "arrivals": "1/s", "calls": ["db", "relay"]},
  "client_c": {"kind": "open_loop", "region": "c", "arrivals": "1/s", "calls": ["db"]},
  "client_d": {"kind": "open_loop", "region": "d", "arrivals": "1/s", "calls": ["own"]},
  "relay": {"kind": "service", "region": "b", "service_time": "1ms", "calls": ["db"]},
  "own": {"kind": "store", "region": "d"},
  "db": {"kind": "store", "region": "c"}})"};
        const auto least = least_delays(run.world.network(), run.world.history().places());
        REQUIRE(least.size() == 3);
        CHECK(least[0][1] == ms(10 + 20 + 2));  // and not 50 + 2
        CHECK(least[1][0] == least[0][1]);
        CHECK_FALSE(least[0][2].has_value());  // no link leads there
    }

    TEST_CASE("a CDN that pushes brings news on ways of its own") {
        Ended run{R"("duration": "20s", "warm_up": "0s", "regions": ["here", "there"],
"network": {"between": [["here", "there", "60ms"]]},
"nodes": {
  "writer": {"kind": "open_loop", "region": "here", "calls": ["cdn"],
             "arrivals": {"kind": "constant", "rate": "10/s"},
             "keys": {"kind": "uniform", "count": 2},
             "operations": [{"name": "write", "type": "write"}]},
  "reader": {"kind": "open_loop", "region": "there", "calls": ["cdn"], "arrivals": "200/s",
             "keys": {"kind": "uniform", "count": 2}},
  "cdn": {"kind": "cdn", "mode": "push", "objects": 2, "propagation": "10ms", "calls": ["db"]},
  "db": {"kind": "store", "region": "here"}})"};
        const auto least = least_delays(run.world.network(), run.world.history().places());
        CHECK(least[1][0] == ms(10));
        StoreHistory& history = *run.world.store_history();
        history.finish(&run.world.network());
        REQUIRE(history.result().news.size() == 1);
        CHECK(history.result().news[0].soonest < ms(60));
        CHECK(history.result().news[0].soonest >= ms(10));
    }

    TEST_CASE("a replica that lost its memory learns what its primary knew when the letter left") {
        Ended run{R"("duration": "60s", "warm_up": "0s", "regions": ["here", "there"],
"network": {"between": [["here", "there", "60ms"]]},
"nodes": {
  "writer": {"kind": "open_loop", "region": "here", "calls": ["db"], "arrivals": "200/s",
             "keys": {"kind": "uniform", "count": 3},
             "operations": [{"name": "write", "type": "write"}]},
  "reader": {"kind": "open_loop", "region": "there", "calls": ["db"], "arrivals": "500/s",
             "keys": {"kind": "uniform", "count": 3}},
  "db": {"kind": "primary_replica", "region": "here", "replicas": 1,
         "replica_regions": ["there"], "read_from": "nearest", "durability": "memory"}},
"faults": [{"kind": "crash", "node": "db/replica/0", "at": "10s", "for": "2s"},
           {"kind": "crash", "node": "db/replica/0", "at": "20s", "for": "3s"}])"};
        StoreHistory& history = *run.world.store_history();
        history.finish(&run.world.network());
        REQUIRE(history.result().news.size() == 1);
        CHECK(history.result().news[0].soonest >= ms(60));
        CHECK(history.result().news[0].soonest < ms(70));
    }

    TEST_CASE("news that was faster than any message is an impossible result") {
        using Row = std::vector<std::optional<sim::Duration>>;
        const std::vector<Row> least{{ms(0), ms(60), std::nullopt},
                                     {ms(60), ms(0), std::nullopt},
                                     {std::nullopt, std::nullopt, ms(0)}};
        const std::vector<std::string> names{"near", "far", "away"};
        CHECK(models::impossible_news({{2, 1, ms(60)}}, least, names).empty());
        const auto found = models::impossible_news(
            {{2, 1, ms(59)}, {1, 2, ms(61)}, {1, 3, ms(1000)}}, least, names);
        REQUIRE(found.size() == 2);
        CHECK(found[0] ==
              "'near' knew what 'far' had written after 59000000 ns, sooner than the network "
              "allows: 60000000 ns.");
        CHECK(found[1] == "'away' knew what 'near' had written, and no message leads there.");
    }
}

}  // namespace
}  // namespace archsim::scenarios
