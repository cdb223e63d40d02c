// Which store is watched, and the metrics that its history becomes: by a history written by hand.
#include "scenarios/history.hpp"

#include "scenarios/cap.hpp"
#include "scenarios/witness.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace archsim::scenarios {
namespace {

using models::Access;
using models::Ending;
using models::Operation;

sim::Instant at(std::int64_t ms) { return sim::Instant::at(sim::Duration::milliseconds(ms)); }

/// Something that may hold data or name keys; at the end it reports what it was told to.
class Part final : public models::Component {
public:
    Part(std::string name, bool holds, bool names)
        : Component{std::move(name), "part"}, holds_{holds}, names_{names} {}
    [[nodiscard]] bool holds_data() const override { return holds_; }
    [[nodiscard]] bool names_keys() const override { return names_; }
    [[nodiscard]] bool report_settled(models::HistoryRecorder& history) override {
        for (const auto& [key, version] : settled) history.settled(key, version);
        return !settled.empty();
    }
    std::vector<std::pair<std::uint64_t, models::Version>> settled;

private:
    bool holds_;
    bool names_;
};

struct Parts {
    Part users{"users", false, true};
    Part web{"web", false, false};
    Part db{"db", true, false};
    Part other{"other", true, false};
    std::vector<models::Component*> all{&users, &web, &db, &other};
    using Edges = std::vector<std::pair<std::string, std::string>>;
    Edges one = {{"users", "web"}, {"web", "db"}};
    Edges two = {{"users", "web"}, {"web", "db"}, {"web", "other"}};
};

/// A store with one key and two sessions: session 0 writes v1 from 0 to 10 ms and v2 from 20 to
/// 30 ms; session 1 reads v2 from 40 to 45, then v1 from 50 to 55 ms: stale by 50 - 30 = 20 ms.
struct Fixture {
    Fixture() : Fixture{HistoryConfig{.sessions = true}} {}
    explicit Fixture(const HistoryConfig& config) {
        store.set_number(3);
        history = std::make_unique<StoreHistory>(config, store, recorder, metrics);
    }
    void operate(Access kind, models::Version version, std::uint32_t session, std::int64_t from,
                 std::int64_t to, std::uint8_t side = 0, Ending ending = Ending::ok) {
        Operation operation;
        operation.kind = kind;
        operation.version = kind == Access::write ? version : 0;
        operation.session = session;
        operation.side = side;
        recorder.begin(operation, at(from));
        recorder.end(operation, ending, version, at(to));
    }
    void stale_read() {
        operate(Access::write, 1, 0, 0, 10);
        operate(Access::write, 2, 0, 20, 30);
        operate(Access::read, 2, 1, 40, 45);
        operate(Access::read, 1, 1, 50, 55);
    }
    std::optional<double> operator[](const std::string& name) {
        for (const sim::MetricValue& metric : collected()) {
            if (metric.name == "consistency/" + name) return metric.value;
        }
        throw std::runtime_error("no metric " + name);
    }
    std::string reason(const std::string& name) {
        for (const sim::MetricValue& metric : collected()) {
            if (metric.name == "consistency/" + name) return metric.reason;
        }
        return "no such metric";
    }
    std::vector<sim::MetricValue> collected() {
        auto values = metrics.collect();
        history->explain(values);
        return values;
    }
    sim::Metrics metrics;
    models::HistoryRecorder recorder;
    Part store{"db", true, false};
    std::unique_ptr<StoreHistory> history;
};

TEST_SUITE_BEGIN("history of a run");

TEST_CASE_FIXTURE(Parts, "the only store that keys reach is watched without asking") {
    CHECK(watched_store({}, all, one) == &db);
}

TEST_CASE_FIXTURE(Parts, "of two stores none is watched unless one is named") {
    CHECK(watched_store({}, all, two) == nullptr);
    HistoryChoice choice;
    choice.config = HistoryConfig{.store = models::Reference{"other"}};
    CHECK(watched_store(choice, all, two) == &other);
    CHECK(watched_store(choice, all, one) == nullptr);  // out of reach
}

TEST_CASE_FIXTURE(Parts, "the record can be switched off, and needs keys") {
    CHECK(watched_store({.is_off = true}, all, one) == nullptr);
    CHECK(watched_store({}, {&web, &db}, one) == nullptr);
}

TEST_CASE_FIXTURE(Fixture, "a stale read shows in all metrics of consistency") {
    stale_read();
    store.settled = {{0, 2}};
    history->finish();
    CHECK((*this)["linearizable"] == 0.0);
    CHECK((*this)["violating_keys"] == 1.0);
    CHECK((*this)["stale_reads"] == 0.5);
    CHECK((*this)["k_staleness/mean"] == 0.5);
    CHECK((*this)["k_staleness/1"] == 1.0);
    CHECK((*this)["staleness/mean"] == doctest::Approx(0.010));
    CHECK((*this)["staleness/p50"] == 0.0);
    CHECK((*this)["staleness/max"] == doctest::Approx(0.020));
    // The last read passes if it begins at 30 ms, when v2 was acknowledged ... and no earlier than
    // that the other read of v2 ended at 45 ms does not bind, as v2's first answer was at 30 ms.
    CHECK((*this)["delta"] == doctest::Approx(0.020));
    CHECK((*this)["read_your_writes_violations"] == std::nullopt);  // nobody reads his own writes
    CHECK((*this)["monotonic_read_violations"] == 1.0);
    CHECK((*this)["conflicts"] == 0.0);
    CHECK((*this)["lost_writes"] == 0.0);
}

TEST_CASE("session guarantees are watched where the scenario asks for it, and say so") {
    Fixture by_default{HistoryConfig{}};
    by_default.stale_read();
    by_default.history->finish();
    for (const std::string name :
         {"read_your_writes", "monotonic_read", "monotonic_write", "writes_follow_reads"}) {
        CHECK(by_default[name + "_violations"] == std::nullopt);
        CHECK(by_default.reason(name + "_violations").find("{\"sessions\": true}") !=
              std::string::npos);
    }
    CHECK(by_default["stale_reads"] == 0.5);
    Fixture asked;
    asked.stale_read();
    asked.history->finish();
    CHECK(asked["monotonic_read_violations"] == 1.0);
    CHECK(asked.reason("read_your_writes_violations").find("no session came back") == 0);
}

TEST_CASE_FIXTURE(Fixture, "what cannot be measured says why") {
    stale_read();
    history->finish();
    CHECK((*this)["lost_writes"] == std::nullopt);
    CHECK(reason("lost_writes").find("not at rest") == 0);
    CHECK((*this)["convergence_time"] == std::nullopt);
    CHECK(reason("convergence_time").find("no partition healed") == 0);
    CHECK((*this)["monotonic_write_violations"] == std::nullopt);
    CHECK(reason("stale_reads").empty());
}

TEST_CASE_FIXTURE(Fixture, "a write that the final state does not know is lost") {
    recorder.created({.version = 1, .key = 0, .parent = 0, .position = 1, .created = at(5)});
    operate(Access::write, 1, 0, 0, 10);
    recorder.created({.version = 2, .key = 0, .parent = 1, .position = 2, .created = at(25)});
    operate(Access::write, 2, 0, 20, 30);
    recorder.fault(
        {.id = 1, .kind = models::FaultType::crash, .begins = true, .at = at(70), .node = 3});
    store.settled = {{0, 1}};
    history->finish();
    CHECK((*this)["lost_writes"] == 1.0);
    CHECK((*this)["recovery_point"] == doctest::Approx(0.040));  // acknowledged at 30, crash at 70
}

TEST_CASE_FIXTURE(Fixture, "a crash elsewhere is not what lost the write") {
    operate(Access::write, 1, 0, 0, 10);
    recorder.created({.version = 1, .key = 0, .parent = 0, .position = 1, .created = at(5)});
    recorder.fault(
        {.id = 1, .kind = models::FaultType::crash, .begins = true, .at = at(70), .node = 4});
    store.settled = {{0, 0}};
    history->finish();
    CHECK((*this)["lost_writes"] == 1.0);
    CHECK((*this)["recovery_point"] == std::nullopt);
}

TEST_CASE_FIXTURE(Fixture, "the chapter sums replications and shows the answers by side") {
    const auto cut = [this](bool begins, std::int64_t when) {
        recorder.fault({.id = 1,
                        .kind = models::FaultType::partition,
                        .begins = begins,
                        .at = at(when),
                        .node = 2});
    };
    operate(Access::write, 1, 0, 0, 10, 1);
    cut(true, 100);
    operate(Access::write, 2, 0, 110, 120, 1);
    operate(Access::write, 3, 1, 130, 140, 2, Ending::rejected);
    operate(Access::read, 2, 2, 150, 160, 1);
    cut(false, 200);
    history->finish();
    const CapObservation observation = observed("db", history->result());
    const Section section = cap_section(std::vector{&observation, &observation});
    const auto fact = [&](std::string_view name) {
        for (const Fact& one : section.facts) {
            if (one.name == name) return one.value;
        }
        return Cell{"no such fact"};
    };
    CHECK(fact("class") == Cell{"CP"});
    CHECK(fact("pacelc") == Cell{"PC/E?"});  // nothing was read before the partition
    CHECK(fact("linearizable") == Cell{true});
    CHECK(fact("keys") == Cell{2.0});
    const auto table = std::ranges::find(section.tables, "availability", &Table::name);
    REQUIRE(table != section.tables.end());
    // Side, operation, window, ended, answered, interval, in time, any response.
    const auto row = std::ranges::find_if(table->rows, [](const auto& cells) {
        return cells[0] == Cell{"side 2"} && cells[2] == Cell{"during"};
    });
    REQUIRE(row != table->rows.end());
    CHECK((*row)[3] == Cell{2.0});
    CHECK((*row)[4] == Cell{0.0});
    CHECK((*row)[8] == Cell{1.0});  // an error is a response, but no answer
}

TEST_CASE_FIXTURE(Fixture, "the witness tells when each of its operations began and ended") {
    stale_read();
    history->finish();
    const CapObservation observation = observed("db", history->result());
    const std::vector all{&observation};
    const auto section = witness_section(all);
    REQUIRE(section.has_value());
    CHECK(section->is_for_drawing);
    const std::vector<std::vector<Cell>>& rows = section->tables.at(0).rows;
    CHECK(rows.size() == witness_table(all).rows.size() - 1);  // the first line names the key
    const auto is_read_of = [](const char* version) {
        return [version](const auto& row) {
            return row[0] == Cell{"read"} && row[1] == Cell{version};
        };
    };
    const auto fresh = std::ranges::find_if(rows, is_read_of("v2"));
    const auto stale = std::ranges::find_if(rows, is_read_of("v1"));
    REQUIRE(fresh != rows.end());
    REQUIRE(stale != rows.end());
    CHECK((*stale)[2] == Cell{1.0});
    CHECK((*stale)[4] == Cell{0.050});
    CHECK((*stale)[5] == Cell{0.055});
    CHECK(std::get<double>((*fresh)[7]) < std::get<double>((*stale)[6]));
    const CapObservation nothing;
    CHECK_FALSE(witness_section(std::vector{&nothing}).has_value());
}

TEST_CASE("a scenario cannot ask for the history of what holds no data") {
    const std::string rest = R"("duration": "1s", "nodes": {
        "users": {"kind": "open_loop", "arrivals": "10/s", "calls": ["web"],
                  "keys": {"kind": "uniform", "count": 10}},
        "web": {"kind": "service", "service_time": "1ms"}})";
    CHECK_THROWS_WITH_AS(
        static_cast<void>(tests::read_text(rest + R"(, "history": {"store": "web"})")),
        doctest::Contains("web holds no data that a load source with keys reaches"),
        std::runtime_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(tests::read_text(rest + R"(, "history": true)")),
                         doctest::Contains("\"history\" is false or an object"),
                         std::runtime_error);
    CHECK(tests::read_text(rest + R"(, "history": false)").history.is_off);
}

TEST_SUITE_END();

}  // namespace
}  // namespace archsim::scenarios
