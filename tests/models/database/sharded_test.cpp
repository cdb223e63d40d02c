// A sharded database under traffic: shares by closed form, what resharding moves and how long it
// takes by arithmetic, and that no write is lost whatever happens meanwhile.
#include "models/consistency/linearizability.hpp"
#include "scenarios/world.hpp"
#include "sim/rng.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

using doctest::Approx;

namespace {

using namespace archsim;

/// Four stores and a spare one behind `db`, with these further members of `db`; 1000 keys.
std::string sharded(const std::string& more, const std::string& keys, int rate,
                    const std::string& faults, int seconds = 10) {
    std::string stores;
    for (int i = 0; i < 5; ++i) {
        stores += fmt::format(
            R"(, "s{}": {{"kind": "store", "read_time": "1ms", "write_time": "1ms"}})", i);
    }
    return fmt::format(
        R"("duration": "{}s", "nodes": {{
             "users": {{"kind": "open_loop", "arrivals": "{}/s", "keys": {}, "calls": ["db"],
                        "operations": [{{"name": "read", "type": "read"}},
                                       {{"name": "write", "type": "write"}}]}},
             "db": {{"kind": "sharded", "keys": 1000, {},
                     "shards": ["s0", "s1", "s2", "s3", {{"to": "s4", "joined": false}}]}}{}}},
           "faults": [{}])",
        seconds, rate, keys, more, stores, faults);
}

const std::string uniform = R"({"kind": "uniform", "count": 1000})";
const std::string zipf = R"({"kind": "zipf", "count": 1000, "skew": 1})";

std::string reshard(const std::string& at) {
    return R"({"kind": "reshard", "node": "s4", "group": "db", "at": ")" + at + R"("})";
}

double harmonic(int n) {
    double sum = 0.0;
    for (int i = 1; i <= n; ++i) sum += 1.0 / i;
    return sum;
}

/// Judges the operations of a run on the component called `db`.
class Judge final : public models::HistorySink {
public:
    void invoked(const models::Operation& operation) override { checker_.invoked(operation); }
    void completed(const models::Operation& operation) override { checker_.completed(operation); }
    void created(const models::VersionRecord&) override {}
    void applied(const models::Application&) override {}
    void fault(const models::FaultRecord&) override {}
    void settled(std::uint64_t, models::Version) override {}
    [[nodiscard]] auto verdict() const { return checker_.verdict(); }

private:
    models::LinearizabilityChecker checker_;
};

/// The number of the component `db`: components are numbered in the order of their names, and the
/// names of all others come after it.
constexpr std::uint32_t number_of_db = 1;

/// Random faults while keys move: crashes of shards, slow shards, shards that leave and come back.
std::string random_faults(sim::Rng& rng) {
    std::string faults = reshard("1s");
    for (int i = 0; i < 4; ++i) {
        const auto shard = rng.below(5);
        const auto at = 500 + rng.below(4000);
        switch (rng.below(4)) {
            case 0:
                faults += fmt::format(
                    R"(, {{"kind": "crash", "node": "s{}", "at": "{}ms", "for": "{}ms"}})", shard,
                    at, 50 + rng.below(800));
                break;
            case 1:
                faults += fmt::format(
                    R"(, {{"kind": "slow", "node": "s{}", "factor": 10, "at": "{}ms",
                           "for": "500ms"}})",
                    shard, at);
                break;
            case 2:
                faults += fmt::format(R"(, {{"kind": "leave", "node": "s{}", "group": "db",
                                             "at": "{}ms"}})",
                                      shard, at);
                break;
            default:
                faults += fmt::format(R"(, {{"kind": "join", "node": "s{}", "group": "db",
                                             "at": "{}ms"}})",
                                      shard, at);
        }
    }
    return faults;
}

}  // namespace

TEST_SUITE("sharded") {
    TEST_CASE("with ranges the shard of the popular keys gets what Zipf's law says") {
        // Shard i holds ranks 250 i + 1 to 250 (i + 1) of 1000, drawn in proportion to 1 / rank:
        // (H_250(i + 1) - H_250i) / H_1000 = 0.815, 0.093, 0.054, 0.038 of the requests.
        const auto found = tests::run_text(sharded(R"("placement": "range")", zipf, 2000, ""));
        double before = 0.0;
        double largest = 0.0;
        for (int i = 0; i < 4; ++i) {
            const double until = harmonic(250 * (i + 1)) / harmonic(1000);
            const double share = until - before;
            before = until;
            largest = std::max(largest, share);
            const double error = std::sqrt(share * (1.0 - share) / 20'000.0);
            CHECK(std::abs(found[fmt::format("db/shard/{}/share", i)] - share) < 3.0 * error);
        }
        CHECK(largest == Approx(0.8150).epsilon(1e-3));
        CHECK(found["db/imbalance"] == Approx(4.0 * found["db/shard/0/share"]));
    }

    TEST_CASE(
        "hashing spreads keys but not the heat of one key: a directory can pin it elsewhere") {
        // A directory deals keys in turn: shard 0 has keys 0, 4, 8 ... whose ranks are 1, 5, 9 ...
        double first = 0.0;
        for (int rank = 1; rank <= 1000; rank += 4) first += 1.0 / rank;
        first /= harmonic(1000);
        const double error = std::sqrt(first * (1.0 - first) / 20'000.0);
        const auto dealt = tests::run_text(sharded(R"("placement": "directory")", zipf, 2000, ""));
        CHECK(std::abs(dealt["db/shard/0/share"] - first) < 3.0 * error);
        // With the hottest key pinned to shard 3 and one other key moved to even the numbers out,
        // shard 0 loses 1 / H_1000 = 13 %, less what little the least popular of its new keys has.
        const auto pinned = tests::run_text(
            sharded(R"("placement": {"kind": "directory", "pinned": [{"key": 0, "to": "s3"}]})",
                    zipf, 2000, ""));
        const double lighter = dealt["db/shard/0/share"] - pinned["db/shard/0/share"];
        // Key 3, of rank 4, comes in exchange: 1 - 1/4 of the weight of the hottest key.
        CHECK(std::abs(lighter - 0.75 / harmonic(1000)) < 3.0 * 1.5 * error);
    }

    TEST_CASE("a shard that joins gets its share of the keys at the given rate") {
        // A move takes a read and a write of 1 ms each, so the rate decides: 200 keys at 100/s.
        const auto found = tests::run_text(sharded(
            R"("placement": "directory", "migration_rate": "100/s")", uniform, 10, reshard("1s")));
        CHECK(found["db/keys_moved"] == 0.2);
        CHECK(found["db/shard/4/keys"] == 200.0);
        CHECK(found["db/shard/0/keys"] == 200.0);
        CHECK(found["db/resharding_time"] == Approx(2.0).epsilon(0.01));
    }

    TEST_CASE("hash moves four keys of five, a ring about one of five") {
        const auto moved = [](const std::string& placement) {
            return tests::run_text(sharded(R"("placement": ")" + placement + '"', uniform, 10,
                                           reshard("1s")))["db/keys_moved"];
        };
        const double error = std::sqrt(0.8 * 0.2 / 1000.0);
        CHECK(std::abs(moved("hash") - 0.8) < 3.0 * error);
        CHECK(std::abs(moved("jump") - 0.2) < 3.0 * error);
        CHECK(std::abs(moved("ring") - 0.2) < 3.0 * std::hypot(error, 0.0141));
        CHECK(moved("range") == 0.125);  // half of a quarter
    }

    TEST_CASE("a request for a key in motion waits until it has moved") {
        // One key moves from a to b from 1.5 s on, by a read of 500 ms and a write of 1 ms. The
        // read that comes at 1 / 0.55 = 1.818 s and the write at 2 s find it in motion; the write
        // at 1 s does not.
        const auto found = tests::run_text(R"("duration": "2500ms", "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "1/s"},
                      "operations": [{"name": "write", "type": "write"}], "calls": ["db"],
                      "keys": {"kind": "uniform", "count": 1}},
            "late": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "0.55/s"},
                     "calls": ["db"], "keys": {"kind": "uniform", "count": 1}},
            "db": {"kind": "sharded", "keys": 1, "shards": ["a", {"to": "b", "joined": false}]},
            "a": {"kind": "store", "read_time": "500ms", "write_time": "1ms"},
            "b": {"kind": "store", "read_time": "1ms", "write_time": "1ms"}},
            "faults": [{"kind": "join", "node": "b", "group": "db", "at": "1500ms"},
                       {"kind": "leave", "node": "a", "group": "db", "at": "1501ms"}])");
        CHECK(found["db/copies"] == 1.0);
        CHECK(found["db/shard/1/keys"] == 1.0);
        CHECK(found["db/waited"] == Approx(2.0 / 3.0));
        // Served by b in 1 ms when the copy is done, at 2.001 or 2.002 s.
        CHECK(found["late/latency/mean"] == Approx(2.0035 - 1.0 / 0.55).epsilon(0.01));
    }

    TEST_CASE("no acknowledged write is lost while keys move, whatever shards crash or leave") {
        int copies = 0;
        int waited = 0;
        for (std::uint64_t seed = 1; seed <= 25; ++seed) {
            sim::Rng rng{seed};
            const char* const placements[] = {"hash", "range", "directory", "ring", "rendezvous"};
            const auto scenario = tests::read_text(sharded(
                fmt::format(R"("placement": "{}", "retry_after": "20ms")", placements[seed % 5]),
                R"({"kind": "zipf", "count": 200, "skew": 0.9})", 600, random_faults(rng), 8));
            scenarios::World world{scenario, static_cast<std::int64_t>(seed)};
            Judge judge;
            world.history().add(judge);
            world.history().observe(number_of_db);
            world.start();
            world.simulation().run_until(sim::Instant::at(scenario.duration));
            world.check_end();
            world.metrics().close_window(world.simulation().now());
            const auto verdict = judge.verdict();
            CHECK(verdict.linearizable());
            CHECK(verdict.reads > 1000);
            CHECK(verdict.writes > 1000);
            for (const sim::MetricValue& metric : world.metrics().collect()) {
                if (metric.name == "db/copies") copies += static_cast<int>(*metric.value);
                if (metric.name == "db/waited") waited += *metric.value > 0.0 ? 1 : 0;
            }
        }
        CHECK(copies > 1000);
        CHECK(waited > 10);
    }

    TEST_CASE("a crash of the router interrupts a resharding, which goes on when it is back") {
        const auto found = tests::run_text(sharded(
            R"("placement": "directory", "migration_rate": "100/s")", uniform, 100,
            reshard("1s") + R"(, {"kind": "crash", "node": "db", "at": "2s", "for": "3s"})"));
        CHECK(found["db/keys_moved"] == 0.2);
        CHECK(found["db/resharding_time"] == Approx(5.0).epsilon(0.01));
    }

    TEST_CASE("a request for a key that there is not fails and is counted") {
        const auto found = tests::run_text(
            sharded(R"("placement": "hash")", R"({"kind": "uniform", "count": 2000})", 100, ""));
        CHECK(found["db/unknown_key"] == found["users/outcome/failed"]);
        CHECK(std::abs(found["db/unknown_key"] - 0.5) < 3.0 * 0.5 / std::sqrt(1000.0));
    }
}
