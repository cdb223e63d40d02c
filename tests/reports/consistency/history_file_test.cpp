// The text form of histories: what it accepts, refuses and keeps.
#include "reports/consistency/history_file.hpp"

#include "models/consistency/check_history.hpp"
#include "models/consistency/monitor.hpp"
#include "tests/support/checkout.hpp"
#include "tests/support/synthetic_history.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace archsim {
namespace {

using models::Access;
using models::Ending;

struct Reading {
    reports::HistoryFile file;
    std::string problems;
};

Reading read(std::string text) {
    models::Sources sources;
    const auto source = sources.add("h.ndjson", std::move(text));
    models::Diagnostics diagnostics;
    Reading reading{reports::read_history(sources, source, diagnostics), {}};
    reading.problems = diagnostics.format(sources);
    return reading;
}

bool complains(const std::string& text, std::string_view about) {
    const std::string problems = read(text).problems;
    const bool found = problems.find(about) != std::string::npos;
    if (!found) MESSAGE(problems);
    return found;
}

TEST_SUITE("history files") {
    TEST_CASE("a history of another system is read with its own keys, values and sessions") {
        const auto [file, problems] = read(
            "{\"history\": \"archsim.history/1\", \"time\": \"ms\"}\n"
            "{\"op\": \"read\", \"key\": \"x\", \"value\": null, \"start\": 0, \"end\": 1}\n"
            "\n"
            "{\"op\": \"write\", \"key\": \"x\", \"value\": \"a\", \"start\": 2, \"end\": 3.5,"
            " \"session\": \"c1\"}\n"
            "{\"op\": \"write\", \"key\": \"y\", \"value\": \"a\", \"start\": 2.25}\n"
            "{\"op\": \"read\", \"key\": \"x\", \"value\": [1, 2], \"start\": 4, \"end\": 5}\n");
        CHECK(problems.empty());
        REQUIRE(file.history.operations.size() == 4);
        const auto& first = file.history.operations[0];
        CHECK(first.version == models::initial_version);
        CHECK(first.ending == Ending::ok);
        const auto& write = file.history.operations[1];
        CHECK(write.kind == Access::write);
        CHECK(write.completed == sim::Instant::at(sim::Duration::microseconds(3500)));
        CHECK(write.session != first.session);
        const auto& pending = file.history.operations[2];
        CHECK(pending.ending == Ending::in_flight);
        CHECK(pending.key != write.key);
        CHECK(pending.version != write.version);
        CHECK(file.names.keys == std::vector<std::string>{"\"x\"", "\"y\""});
        CHECK(file.names.values[write.version] == "\"a\"");
        CHECK(file.names.sessions[write.session] == "\"c1\"");
        CHECK(file.names.lines == std::vector<std::size_t>{2, 4, 5, 6});
        const auto verdict = models::check_history(file.history.operations);
        REQUIRE(verdict.witnesses.size() == 1);
        CHECK(verdict.witnesses[0].violation == models::Violation::phantom);
    }

    TEST_CASE("the example in the description of the format gives what is said of it") {
        std::ifstream description{tests::checkout() + "/reports/consistency/README.md"};
        std::string text;
        bool inside = false;
        for (std::string line; std::getline(description, line);) {
            if (line.substr(0, 3) == "```") {
                inside = line == "```json";
            } else if (inside) {
                text += line + "\n";
            }
        }
        const auto [file, problems] = read(text);
        CHECK(problems.empty());
        REQUIRE(file.history.operations.size() == 3);
        models::ConsistencyMonitor monitor;
        models::replay(file.history, monitor);
        const auto result = monitor.finish();
        CHECK(result.linearizability.violating_keys == 1);
        CHECK(result.staleness.stale.count == 1);
        CHECK(*result.distance.delta == sim::Duration::milliseconds(3));
    }

    TEST_CASE("sequence numbers take the place of times") {
        const auto [file, problems] = read(
            "{\"history\":\"archsim.history/1\",\"time\":\"sequence\"}\n"
            "{\"op\":\"write\",\"key\":1,\"value\":1,\"start\":0,\"end\":1}\n");
        CHECK(problems.empty());
        CHECK_FALSE(file.has_times);
    }

    TEST_CASE("what is written reads back the same") {
        auto original = tests::partitioned(3, {.keys = 5, .majority_only = true});
        original.operations[1].ending = Ending::indeterminate;
        original.operations[2].ending = Ending::in_flight;
        original.applied.push_back(
            {1, original.created[0].version, sim::Instant::at(sim::Duration::seconds(2)), 1, 3});
        std::string text = reports::history_header();
        for (const auto& record : original.faults) text += reports::to_line(record);
        for (const auto& record : original.created) text += reports::to_line(record);
        for (const auto& record : original.applied) text += reports::to_line(record);
        for (const auto& operation : original.operations) text += reports::to_line(operation);
        for (const auto& [key, version] : original.settled) {
            text += reports::settled_line(key, version);
        }
        const auto [file, problems] = read(text);
        CHECK(problems.empty());
        std::string again = reports::history_header();
        for (const auto& record : file.history.faults) again += reports::to_line(record);
        const auto second = models::with_dense_ids(file.history.operations);
        const auto first = models::with_dense_ids(original.operations);
        REQUIRE(second.size() == first.size());
        for (std::size_t i = 0; i < first.size(); ++i) {
            CHECK(second[i].kind == first[i].kind);
            CHECK(second[i].ending == first[i].ending);
            CHECK(second[i].invoked_order == first[i].invoked_order);
            CHECK(second[i].side == first[i].side);
            CHECK(file.names.keys[second[i].key] == std::to_string(first[i].key));
            if (first[i].ending != Ending::ok && first[i].kind == Access::read) continue;
            const std::string value =
                first[i].version == 0 ? "null" : std::to_string(first[i].version);
            CHECK(file.names.values[second[i].version] == value);
        }
        CHECK(text.substr(0, again.size()) == again);
        CHECK(file.history.created.size() == original.created.size());
        CHECK(file.history.created[0].position == original.created[0].position);
        CHECK(file.history.settled.size() == original.settled.size());
        REQUIRE(file.history.applied.size() == 1);
        CHECK(file.history.applied[0].replicas == 3);
    }

    TEST_CASE("problems are reported where they are") {
        CHECK(complains("{\"op\":\"write\",\n", "h.ndjson:1:15: error[syntax]"));
        CHECK(complains("\n  {\"op\":\"delete\",\"key\":1,\"value\":1,\"start\":0,\"end\":1}",
                        "h.ndjson:2:4: error[unknown_name]"));
        CHECK(complains("{\"op\":\"read\",\"key\":1,\"value\":1,\"start\":3,\"end\":1}",
                        "\"end\" comes before \"start\""));
        CHECK(complains("{\"op\":\"read\",\"key\":1,\"value\":1,\"start\":-1,\"end\":1}",
                        "h.ndjson:1:32: error[out_of_range]"));
        CHECK(
            complains("{\"op\":\"read\",\"value\":1,\"start\":0,\"end\":1}", "\"key\" is missing"));
        CHECK(complains("{\"op\":\"read\",\"key\":1,\"value\":1,\"start\":0,\"end\":1,\"x\":1}",
                        "error[unknown_key]"));
        CHECK(complains("{\"op\":\"read\",\"op\":\"read\",\"key\":1,\"start\":0}",
                        "error[duplicate_key]"));
        CHECK(complains("[1]\n", "a line is one JSON object"));
        CHECK(complains("{\"op\":\"write\",\"key\":1,\"value\":null,\"start\":0,\"end\":1}",
                        "null is the value before the first write"));
        CHECK(
            complains("{\"op\":\"read\",\"key\":1,\"start\":0,\"end\":1}", "\"value\" is missing"));
        CHECK(complains("{\"history\":\"archsim.history/1\",\"time\":\"fortnight\"}",
                        "error[unknown_name]"));
    }

    TEST_CASE("a value written twice to one key is refused with the first place") {
        CHECK(
            complains("{\"op\":\"write\",\"key\":1,\"value\":7,\"start\":0,\"end\":1}\n"
                      "{\"op\":\"write\",\"key\":2,\"value\":7,\"start\":2,\"end\":3}\n"
                      "{\"op\":\"write\",\"key\":1,\"value\":7,\"start\":4,\"end\":5}\n",
                      "h.ndjson:3:23: error[duplicate_name]: the value was written to this key "
                      "in line 1 already"));
    }

    TEST_CASE("sequence numbers are given throughout or not at all") {
        CHECK(
            complains("{\"op\":\"read\",\"key\":1,\"value\":null,\"start\":0,\"end\":1}\n"
                      "{\"op\":\"read\",\"key\":1,\"value\":null,\"start\":2,\"end\":3,"
                      "\"order\":[0,1]}\n",
                      "error[conflicting_keys]"));
        CHECK(
            complains("{\"op\":\"read\",\"key\":1,\"value\":null,\"start\":2,\"end\":3,"
                      "\"order\":[5,1]}\n",
                      "must be [start, end], rising"));
    }
}

}  // namespace
}  // namespace archsim
