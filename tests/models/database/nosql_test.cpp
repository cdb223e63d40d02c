// The node "nosql": what each call of each profile costs, by arithmetic, and what it keeps.
#include "models/database/nosql_config.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

using doctest::Approx;

namespace {

using namespace archsim;

/// One request a second of `operation`, and what a mean one takes in ms at a database with these
/// members.
double milliseconds(const std::string& db, const std::string& operation = "read") {
    const auto measured = tests::run_text(fmt::format(
        R"("duration": "10s", "history": false, "nodes": {{
            "users": {{"kind": "open_loop", "calls": ["db"],
                       "arrivals": {{"kind": "constant", "rate": "1/s"}},
                       "operations": [{{"name": "{}"{}}}]}},
            "db": {{"kind": "nosql", "get_time": "1ms", "put_time": "2ms", {}}}}})",
        operation, operation == "write" ? R"(, "type": "write")" : "", db));
    return 1e3 * measured["users/latency/mean"];
}

std::string with(const std::string& profile, const std::string& operation) {
    return R"("profile": )" + profile + R"(, "operations": {"read": )" + operation + "}";
}

}  // namespace

TEST_SUITE("nosql") {
    TEST_CASE("what a call costs") {
        const std::string documents = R"({"kind": "document", "part_time": "100us"})";
        const std::string rows = R"({"kind": "column_family", "row_time": "10us"})";
        const std::string graph = R"({"kind": "graph", "edge_time": "20us"})";
        CHECK(milliseconds(R"("profile": "key_value")") == Approx(1.0));
        CHECK(milliseconds(R"("profile": "key_value")", "write") == Approx(2.0));
        CHECK(milliseconds(with("\"key_value\"", R"({"call": "put"})")) == Approx(2.0));
        CHECK(milliseconds(with(documents, R"({"items": 30})")) == Approx(1.0 + 3.0));
        CHECK(milliseconds(with(documents, R"({"call": "put", "items": 30})")) ==
              Approx(2.0 + 3.0));
        CHECK(milliseconds(with(rows, R"({"call": "scan", "items": 50})")) == Approx(1.0 + 0.5));
        // Two levels of three: 3 + 9 edges. A vertex alone has none.
        CHECK(milliseconds(with(graph, R"({"call": "traverse", "depth": 2, "fan_out": 3})")) ==
              Approx(1.0 + 12 * 0.02));
        CHECK(milliseconds(with(graph, R"({"call": "get"})")) == Approx(1.0));
    }

    TEST_CASE("a join costs one query in SQL, one traversal in a graph, N + 1 calls elsewhere") {
        // The names of 50 followers, 0.5 ms away each way.
        const std::string around = R"("duration": "10s", "history": false,
            "network": {"within": "0.5ms"}, "nodes": {
            "users": {"kind": "open_loop", "calls": [{"to": "web", "delay": "0s"}],
                      "arrivals": {"kind": "constant", "rate": "1/s"},
                      "operations": [{"name": "followers"}]},
            "web": {"kind": "service", "routes": {"followers": [)";
        const auto latency = [&around](const std::string& steps, const std::string& db) {
            const auto run = tests::run_text(around + steps + R"(]}}, "db": {)" + db + "}}");
            return 1e3 * run["users/latency/mean"];
        };
        const std::string keys = R"("kind": "nosql", "profile": "key_value", "get_time": "0.1ms")";
        CHECK(latency(R"({"call": "db", "times": 51})", keys) == Approx(51 * (1.0 + 0.1)));
        CHECK(latency(R"({"call": "db"})",
                      R"("kind": "nosql", "profile": {"kind": "graph", "edge_time": "10us"},
                         "get_time": "0.1ms",
                         "operations": {"followers": {"call": "traverse", "fan_out": 50}})") ==
              Approx(1.0 + 0.1 + 0.5));
        CHECK(latency(R"({"call": "db"})",
                      R"("kind": "relational", "statement_time": "0.1ms", "read_time": "10us",
                         "transactions": {"followers": {"statements": [{"read": 0, "rows": 51}],
                             "keys": {"kind": "uniform", "count": 100000}}})") ==
              Approx(1.0 + 0.1 + 0.51));
    }

    TEST_CASE("explain states what each profile guarantees") {
        const std::string text = models::NosqlConfig::spec().explain();
        for (const models::SpecBase* profile :
             {static_cast<const models::SpecBase*>(&models::KeyValueProfile::spec()),
              static_cast<const models::SpecBase*>(&models::DocumentProfile::spec()),
              static_cast<const models::SpecBase*>(&models::ColumnFamilyProfile::spec()),
              static_cast<const models::SpecBase*>(&models::GraphProfile::spec())}) {
            CAPTURE(profile->name());
            REQUIRE(!profile->assumptions().empty());
            CHECK(profile->assumptions().front().starts_with("Guarantees: "));
            for (const std::string& sentence : profile->assumptions()) {
                CHECK(text.find(sentence) != std::string::npos);
            }
        }
    }

    TEST_CASE("edges of a traversal") {
        models::NosqlOperationConfig traversal;
        traversal.call = models::NosqlCall::traverse;
        traversal.depth = 3;
        traversal.fan_out = 10;
        CHECK(traversal.edges() == 1110.0);
        traversal.fan_out = 1;
        CHECK(traversal.edges() == 3.0);
    }

    TEST_CASE("one key is a register, and a crash takes all keys that are not durable") {
        for (const bool durable : {true, false}) {
            const auto measured = tests::run_text(fmt::format(
                R"("duration": "20s", "seed": 3,
                   "faults": [{{"kind": "crash", "node": "db", "at": "10s", "for": "1s"}}],
                   "nodes": {{
                    "users": {{"kind": "open_loop", "calls": ["db"], "arrivals": "200/s",
                        "keys": {{"kind": "uniform", "count": 20}},
                        "operations": [{{"name": "read"}}, {{"name": "write", "type": "write"}}]}},
                    "db": {{"kind": "nosql", "profile": "document", "servers": 2,
                        "get_time": {{"kind": "exponential", "mean": "2ms"}}, "put_time": "3ms",
                        "durable": {}}}}})",
                durable));
            CHECK(measured["consistency/linearizable"] == (durable ? 1.0 : 0.0));
            CHECK(measured["db/lost_writes"] == (durable ? 0.0 : 20.0));
        }
    }

    TEST_CASE("a get on behalf of an operation that writes is no write") {
        const auto measured = tests::run_text(
            R"("duration": "10s", "seed": 3, "nodes": {
                "users": {"kind": "open_loop", "calls": ["db"], "arrivals": "100/s",
                    "keys": {"kind": "uniform", "count": 5},
                    "operations": [{"name": "read"}, {"name": "look", "type": "write"}]},
                "db": {"kind": "nosql", "profile": "key_value",
                       "operations": {"look": {"call": "get"}}}})");
        CHECK(measured["users/availability"] == 1.0);
        CHECK(measured["consistency/linearizable"] == 1.0);
        CHECK(!measured.has("consistency/lost_writes"));
    }
}
