// The reference partition (scenarios/regression/cap_ref_*.json) held to its closed forms within 2
// %, and the guide's pair of databases under one partition to its CAP classes. What clients saw is
// counted here from the history, by another way than the chapter "cap" does.
#include "scenarios/load.hpp"
#include "scenarios/world.hpp"
#include "tests/support/checkout.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

using namespace archsim;
using models::Access;
using models::Ending;
using models::Operation;

constexpr double keys = 1000.0;
constexpr double a = 0.06;  // writes a second and key of the side with two replicas
constexpr double b = 0.04;  // of the other
constexpr double lag = 0.050;
constexpr double cut = 60.0;  // how long the partition lasts, and the time before it
constexpr double n = (a + b) * cut;

/// Answers and stale reads by side and by third of the run: before, during and after the partition.
class SideCounts final : public models::HistorySink {
public:
    struct Cell {
        std::int64_t ended = 0;
        std::int64_t ok = 0;
        std::int64_t reads = 0;
        std::int64_t stale = 0;
        [[nodiscard]] double stale_share() const {
            return static_cast<double>(stale) / static_cast<double>(reads);
        }
    };
    void invoked(const Operation& operation) override {
        if (operation.kind == Access::read) begun_[operation.id] = newest_[operation.key];
    }
    void completed(const Operation& operation) override {
        Cell& place = cells_[operation.side][third(operation.invoked)];
        ++place.ended;
        if (operation.ending == Ending::ok) ++place.ok;
        if (operation.kind == Access::read) {
            const std::uint64_t known = begun_[operation.id];
            begun_.erase(operation.id);
            if (operation.ending != Ending::ok) return;
            ++place.reads;
            if (position(operation.version) < known) ++place.stale;
        } else if (operation.ending == Ending::ok) {
            std::uint64_t& newest = newest_[operation.key];
            newest = std::max(newest, position(operation.version));
        }
    }
    void created(const models::VersionRecord& record) override {
        if (positions_.size() <= record.version) positions_.resize(record.version + 1);
        positions_[record.version] = record.position;
    }
    void applied(const models::Application&) override {}
    void fault(const models::FaultRecord&) override {}
    void settled(std::uint64_t, models::Version) override {}

    /// Side 1 or 2; third 0, 1 or 2.
    [[nodiscard]] const Cell& cell(std::size_t side, std::size_t third) const {
        return cells_[side][third];
    }
    [[nodiscard]] double unavailable() const {
        std::int64_t ended = 0;
        std::int64_t ok = 0;
        for (const auto& side : cells_) {
            for (const Cell& place : side) {
                ended += place.ended;
                ok += place.ok;
            }
        }
        return 1.0 - static_cast<double>(ok) / static_cast<double>(ended);
    }

private:
    static std::size_t third(sim::Instant at) {
        return std::min<std::size_t>(
            2, static_cast<std::size_t>(at.since_start().count() / 60'000'000'000));
    }
    [[nodiscard]] std::uint64_t position(models::Version version) const {
        return version < positions_.size() ? positions_[version] : 0;
    }
    std::array<std::array<Cell, 3>, 3> cells_{};
    std::vector<std::uint64_t> positions_;                     // by version
    std::unordered_map<std::uint64_t, std::uint64_t> newest_;  // acknowledged, by key
    std::unordered_map<std::uint64_t, std::uint64_t> begun_;   // known when a read began, by id
};

scenarios::Scenario load(const std::string& file) {
    models::Sources sources;
    models::Diagnostics diagnostics;
    auto scenario = scenarios::load_scenario(tests::checkout() + "/scenarios/" + file, {}, sources,
                                             diagnostics);
    INFO(diagnostics.format(sources));
    REQUIRE(scenario);
    return std::move(*scenario);
}

/// Runs one replication, counted by `sink`, and gives what the program itself finds to `judge`.
void run(const scenarios::Scenario& scenario, std::int64_t replication, SideCounts& sink,
         const std::function<void(const models::ConsistencyResult&)>& judge) {
    scenarios::World world{scenario, replication};
    world.history().add(sink);
    world.start();
    world.simulation().run_until(sim::Instant::at(scenario.duration));
    world.check_end();
    REQUIRE(world.watches_store());
    world.store_history()->finish();
    judge(world.store_history()->result());
}

/// Whether a mean is within 2 % of the truth.
void check_close(double found, double truth) { CHECK(std::abs(found / truth - 1.0) < 0.02); }

}  // namespace

TEST_SUITE("cap reference") {
    TEST_CASE("members that need a majority cost the smaller side its availability") {
        const scenarios::Scenario scenario = load("regression/cap_ref_cp.json");
        SideCounts sink;
        run(scenario, 0, sink, [](const models::ConsistencyResult& result) {
            CHECK(result.verdict.cap == models::CapClass::cp);
            CHECK(result.verdict.pacelc == "PC/EC");
            CHECK(result.linearizability.linearizable());
            CHECK(result.losses.conflicts == 0);
        });
        // 40 % of the operations for a third of the run; the run goes on for a while without load.
        check_close(sink.unavailable(), 0.4 * cut / 180.0);
        for (std::size_t third = 0; third < 3; ++third) {
            CHECK(sink.cell(1, third).stale == 0);
            CHECK(sink.cell(2, third).stale == 0);
            CHECK(sink.cell(1, third).ok == sink.cell(1, third).ended);
        }
    }

    TEST_CASE("replicas that answer alone pay with stale reads and discarded writes") {
        const scenarios::Scenario scenario = load("regression/cap_ref_ap.json");
        const int count = 8;
        std::array<double, 3> stale_a{};
        std::array<double, 3> stale_b{};
        std::int64_t reads_before = 0;
        double discarded = 0.0;
        double in_conflict = 0.0;
        for (int i = 0; i < count; ++i) {
            SideCounts sink;
            run(scenario, i, sink, [&](const models::ConsistencyResult& result) {
                CHECK(result.verdict.cap == models::CapClass::ap);
                CHECK(result.verdict.pacelc == "PA/EL");
                REQUIRE(result.losses.discarded);
                discarded += static_cast<double>(*result.losses.discarded) / count;
                in_conflict += static_cast<double>(result.losses.conflicting_keys) / count;
                REQUIRE(result.distance.delta);
                CHECK(result.distance.delta->in_seconds() > 0.95 * cut);
                CHECK(result.distance.delta->in_seconds() < cut + 1.5);  // hints come each second
            });
            CHECK(sink.unavailable() == 0.0);
            for (std::size_t third = 0; third < 3; ++third) {
                stale_a[third] += sink.cell(1, third).stale_share() / count;
                stale_b[third] += sink.cell(2, third).stale_share() / count;
            }
            reads_before += sink.cell(2, 0).reads;
        }
        const double during = 1.0 - (1.0 - std::exp(-n)) / n;
        check_close(stale_b[1], a / (a + b) * during);
        check_close(stale_a[1], b / (a + b) * during);
        // Rare events: to three standard errors.
        const double before = 0.6 * (1.0 - std::exp(-0.1 * lag));
        CHECK(std::abs(stale_b[0] - before) <
              3.0 * std::sqrt(before / static_cast<double>(reads_before)));
        // Beside those of the partition, writes to one key within a message's time of each other
        // are in conflict as well, in the two minutes before and after.
        const double background = keys * 2.0 * a * b * lag * 120.0;
        const double losing = 2.0 * a * b / ((a + b) * (a + b)) * (n - 1.0 + std::exp(-n));
        check_close(discarded, keys * losing + background);
        const double both = (1.0 - std::exp(-a * cut)) * (1.0 - std::exp(-b * cut));
        check_close(in_conflict, keys * (both + (1.0 - both) * background / keys));
    }

    TEST_CASE("the guide's two databases choose differently in the same partition") {
        for (const auto& [file, cap, pair] :
             {std::tuple{"guide/13_cap_cp_consensus.json", models::CapClass::cp, "PC/EC"},
              std::tuple{"guide/13_cap_ap_quorum.json", models::CapClass::ap, "PA/EL"}}) {
            const scenarios::Scenario scenario = load(file);
            SideCounts sink;
            CAPTURE(file);
            run(scenario, 0, sink, [&](const models::ConsistencyResult& result) {
                CHECK(result.verdict.cap == cap);
                CHECK(result.verdict.pacelc == pair);
            });
        }
    }
}
