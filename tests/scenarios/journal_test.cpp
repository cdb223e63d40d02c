// Journals: their format, what survives a cut at any byte, and what is refused.
#include "scenarios/journal.hpp"

#include "scenarios/parse.hpp"
#include "scenarios/unit_store.hpp"
#include "tests/support/mentions.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

using archsim::tests::mentions;

namespace {

using namespace archsim;
using namespace archsim::scenarios;

std::string content(const std::string& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

Journal opened(const std::string& path, Journal::Mode mode, std::string_view header = "{}") {
    auto journal = Journal::open(path, mode, header);
    REQUIRE(std::holds_alternative<Journal>(journal));
    return std::get<Journal>(std::move(journal));
}

std::string refusal(const std::string& path, Journal::Mode mode, std::string_view header = "{}") {
    auto journal = Journal::open(path, mode, header);
    REQUIRE(std::holds_alternative<JournalError>(journal));
    CHECK_FALSE(std::get<JournalError>(journal).is_io);
    return std::get<JournalError>(journal).message;
}

// Two servers against one, two replications each.
Plan small_plan() {
    const std::string text = R"({"scenario": "small", "duration": "1s", "replications": 2,
        "nodes": {"users": {"kind": "open_loop", "arrivals": "5/s", "calls": ["web"]},
                  "web": {"kind": "service", "service_time": "10ms"}}})";
    models::Sources sources;
    models::Diagnostics diagnostics;
    auto document = parse(text, sources.add("small", text), diagnostics);
    REQUIRE(document);
    auto plan = Plan::make(
        {*document, ".", VariantSpace{{{"nodes/web/instances", {"1", "2"}}}}, 1000, "test"},
        sources);
    REQUIRE(std::holds_alternative<Plan>(plan));
    return std::get<Plan>(std::move(plan));
}

// A record made by hand, so that a journal is short enough to be cut at every byte.
std::string record(const Plan& plan, UnitId unit) {
    UnitRecord made{.unit = unit};
    made.replication.events = 7;
    made.replication.simulated = sim::Duration::seconds(1);
    made.replication.metrics = {
        {"users/latency/mean", "s", 0.01 * static_cast<double>(unit.replication + 1), {}},
        {"users/latency/p99", "s", std::nullopt, {}}};
    return unit_json(plan, made);
}

}  // namespace

TEST_SUITE("journal") {
    TEST_CASE("CRC-32C has the published check value, and a line the published form") {
        CHECK(crc32c("123456789") == 0xe3069283U);
        // RFC 3720, appendix B.4: 32 bytes of zeros.
        CHECK(crc32c(std::string(32, '\0')) == 0x8a9136aaU);
        CHECK(journal_line("123456789") == "9 e3069283 123456789\n");
    }

    TEST_CASE("records come back in order, at the places that were named") {
        const tests::TemporaryFolder folder;
        const std::string path = folder.path() + "/j";
        std::vector<RecordPlace> places;
        {
            Journal journal = opened(path, Journal::Mode::create);
            places.push_back(std::get<RecordPlace>(journal.append("one")));
            places.push_back(std::get<RecordPlace>(journal.append("")));
            places.push_back(std::get<RecordPlace>(journal.append("three\nlines")));
        }
        const Journal journal = opened(path, Journal::Mode::read);
        std::vector<std::string> seen;
        CHECK_FALSE(journal.each([&](RecordPlace place, std::string_view json) {
            CHECK(place.offset == places[seen.size()].offset);
            seen.emplace_back(json);
        }));
        CHECK(seen == std::vector<std::string>{"one", "", "three\nlines"});
        CHECK(std::get<std::string>(journal.read(places[2])) == "three\nlines");
        CHECK(journal.header() == "{}");
    }

    TEST_CASE("a journal is not begun twice, not mixed with another plan's and not shared") {
        const tests::TemporaryFolder folder;
        const std::string path = folder.path() + "/j";
        {
            const Journal first = opened(path, Journal::Mode::create);
            CHECK(mentions(refusal(path, Journal::Mode::resume), "another process"));
        }
        CHECK(mentions(refusal(path, Journal::Mode::create), "exists"));
        CHECK(mentions(refusal(path, Journal::Mode::resume, "{\"other\":1}"), "another plan"));
        const std::string letter = folder.write("letter.txt", "Dear reader,\n");
        CHECK(mentions(refusal(letter, Journal::Mode::resume), "not a journal"));
        CHECK(content(letter) == "Dear reader,\n");
        CHECK(mentions(refusal(letter, Journal::Mode::read), "not a journal"));
        CHECK(mentions(refusal("/dev/null", Journal::Mode::resume), "regular file"));
    }

    TEST_CASE("a changed byte ends what is taken from a journal") {
        const tests::TemporaryFolder folder;
        const std::string whole =
            journal_line("{}") + journal_line("first") + journal_line("second");
        for (std::size_t i = journal_line("{}").size(); i < whole.size(); ++i) {
            std::string changed = whole;
            changed[i] = static_cast<char>(changed[i] ^ 1);
            const std::string path = folder.write("j", changed);
            const Journal journal = opened(path, Journal::Mode::read);
            std::size_t records = 0;
            CHECK_FALSE(journal.each([&](RecordPlace, std::string_view) { ++records; }));
            CHECK(records == (i < (journal_line("{}") + journal_line("first")).size() ? 0 : 1));
        }
    }

    TEST_CASE("resuming after a cut at every byte ends with the same bytes") {
        const Plan plan = small_plan();
        const tests::TemporaryFolder folder;
        std::string whole = journal_line("{}");
        for (std::int64_t i = 0; i < plan.units(); ++i)
            whole += journal_line(record(plan, plan.unit(i)));
        for (std::size_t size = 0; size <= whole.size(); ++size) {
            CAPTURE(size);
            const std::string path = folder.write("j", whole.substr(0, size));
            UnitStore store{plan};
            REQUIRE_FALSE(store.add(opened(path, Journal::Mode::resume)));
            for (const UnitId unit : store.missing())
                REQUIRE_FALSE(store.append(record(plan, unit)));
            REQUIRE(store.missing().empty());
            REQUIRE(content(path) == whole);
        }
    }
}

TEST_SUITE("units of a plan") {
    TEST_CASE("a record says all that a replication measured") {
        const Plan plan = small_plan();
        UnitWorker worker{plan, {}};
        const auto json = worker.run({1, 1});
        REQUIRE(json);
        const auto read = read_unit(plan, *json);
        REQUIRE(read);
        CHECK(read->unit == UnitId{1, 1});
        CHECK(unit_json(plan, *read) == *json);
        const Scenario scenario = std::get<Scenario>(plan.scenario(1));
        const Replication direct = run_replication(scenario, 1, {}, {});
        CHECK(read->replication.fingerprint == direct.fingerprint);
        REQUIRE(read->replication.metrics.size() == direct.metrics.size());
        for (std::size_t i = 0; i < direct.metrics.size(); ++i) {
            CHECK(read->replication.metrics[i].name == direct.metrics[i].name);
            CHECK(read->replication.metrics[i].value == direct.metrics[i].value);
        }
    }

    TEST_CASE("any number of threads makes the same records") {
        const Plan plan = small_plan();
        std::vector<UnitId> all;
        for (std::int64_t i = 0; i < plan.units(); ++i) all.push_back(plan.unit(i));
        std::vector<std::map<UnitId, std::string>> runs;
        for (const unsigned jobs : {1U, 2U, 4U}) {
            auto& records = runs.emplace_back();
            CHECK(run_units(plan, all, {.jobs = jobs}, [&](UnitId unit, const std::string& json) {
                      records[unit] = json;
                      return true;
                  }) == UnitsEnd::complete);
        }
        CHECK(runs[0].size() == 4);
        CHECK(runs[0] == runs[1]);
        CHECK(runs[0] == runs[2]);
    }

    TEST_CASE("work stops when a record cannot be kept, and when it is interrupted") {
        const Plan plan = small_plan();
        const std::vector<UnitId> all{{0, 0}, {0, 1}, {1, 0}, {1, 1}};
        int taken = 0;
        CHECK(run_units(plan, all, {}, [&](UnitId, const std::string&) { return ++taken < 2; }) ==
              UnitsEnd::stopped);
        CHECK(taken == 2);
        const std::atomic<bool> interrupt{true};
        CHECK(run_units(plan, all, {.interrupt = &interrupt},
                        [](UnitId, const std::string&) { return true; }) == UnitsEnd::interrupted);
    }

    TEST_CASE("a unit that failed is tried again, and one that was done is not") {
        const Plan plan = small_plan();
        UnitStore store{plan};
        REQUIRE_FALSE(store.add(std::get<Journal>(Journal::temporary("{}"))));
        REQUIRE_FALSE(store.append(unit_json(plan, {.unit = {0, 1}, .error = "out of memory"})));
        REQUIRE_FALSE(store.append(record(plan, {1, 0})));
        CHECK(store.failed() == 1);
        CHECK(store.missing() == std::vector<UnitId>{{0, 0}, {0, 1}, {1, 1}});
        CHECK(std::get<Result>(store.result(0)).status == Status::limit);
        REQUIRE_FALSE(store.append(record(plan, {0, 1})));
        REQUIRE_FALSE(store.append(record(plan, {0, 0})));
        CHECK(store.failed() == 0);
        const Result result = std::get<Result>(store.result(0));
        CHECK(result.status == Status::complete);
        CHECK(*find_metric(result, "users/latency/mean")->value == doctest::Approx(0.015));
        CHECK_FALSE(find_metric(result, "users/latency/p99")->value);
    }

    TEST_CASE("foreign and contradicting records are refused") {
        const Plan plan = small_plan();
        UnitStore store{plan};
        REQUIRE_FALSE(store.add(std::get<Journal>(Journal::temporary("{}"))));
        CHECK(store.append("{\"plan_hash\":\"0\"}"));
        REQUIRE_FALSE(store.append(record(plan, {0, 0})));
        CHECK_FALSE(store.append(record(plan, {0, 0})));
        std::string other = record(plan, {0, 0});
        other.replace(other.find("0.01"), 4, "0.02");
        const auto problem = store.append(other);
        REQUIRE(problem);
        CHECK(mentions(problem->message, "not deterministic"));
    }

    TEST_CASE("shards share out every unit once") {
        const Plan plan = small_plan();
        for (std::int64_t count = 1; count <= 8; ++count) {
            std::vector<UnitId> all;
            for (std::int64_t index = 0; index < count; ++index) {
                for (const UnitId unit : UnitStore{plan}.missing({index, count}))
                    all.push_back(unit);
            }
            std::ranges::sort(all);
            CHECK(all == UnitStore{plan}.missing());
        }
    }

    TEST_CASE("a plan is the same after a journey through JSON, and another one after a change") {
        const Plan plan = small_plan();
        models::Diagnostics diagnostics;
        const auto value = parse(plan.to_value().to_json(), 0, diagnostics);
        REQUIRE(value);
        const auto again = Plan::from_value(*value);
        REQUIRE(again);
        CHECK(again->hash() == plan.hash());
        CHECK(again->variant_id(1) == plan.variant_id(1));
        CHECK(again->settings(1) == std::vector<std::string>{"nodes/web/instances=2"});
        models::Value changed = *value;
        changed.set("version", models::Value::string("newer"));
        CHECK(Plan::from_value(changed)->hash() != plan.hash());
        changed.erase("variants");
        CHECK_FALSE(Plan::from_value(changed));
    }

    TEST_CASE("the order of keys and white space do not change names, content does") {
        const auto canonical = [](const char* text) {
            models::Diagnostics diagnostics;
            return canonical_json(*parse(text, 0, diagnostics));
        };
        CHECK(canonical(R"({"a": {"c": 1, "b": [2, 1]}})") ==
              canonical(R"({ "a" : {"b":[2,1], "c":1} })"));
        CHECK(canonical(R"({"a": [1, 2]})") != canonical(R"({"a": [2, 1]})"));
    }
}
