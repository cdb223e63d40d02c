// There and back again: what a result says survives its document, and what is no result is refused
// at its place.
#include "reports/result_reader.hpp"

#include "reports/report.hpp"
#include "scenarios/experiment.hpp"
#include "scenarios/parse.hpp"
#include "tests/reports/example.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <limits>
#include <optional>
#include <string>

namespace {

using namespace archsim;
using namespace archsim::reports;
using Json = nlohmann::json;
using models::Code;

std::optional<scenarios::Result> read_back(const std::string& text,
                                           models::Diagnostics& diagnostics) {
    models::Sources sources;
    const std::uint32_t source = sources.add("result.json", text);
    const auto document = scenarios::parse(text, source, diagnostics);
    REQUIRE(document.has_value());
    return read_result(*document, diagnostics);
}

scenarios::Result read_good(const std::string& text) {
    models::Diagnostics diagnostics;
    const auto result = read_back(text, diagnostics);
    REQUIRE(diagnostics.all().empty());
    REQUIRE(result.has_value());
    return *result;
}

/// Example with everything that an object does not keep by itself: orders, nothing, statements.
scenarios::Result awkward_result() {
    scenarios::Result result = tests::example_result();
    result.seed = std::numeric_limits<std::uint64_t>::max();
    result.fingerprint = 0xfedc'ba98'7654'3210;
    result.status = scenarios::Status::limit;
    result.status_reason = "the limit on events was reached";
    result.simulated = sim::Duration::nanoseconds(1'234'567'891);
    result.spof.push_back({"web/~1", "a name with a slash and a tilde", 0.1});
    result.sections.insert(
        result.sections.begin(),
        {.name = "series",
         .title = "Z before A",
         .facts = {{"zeta", std::string{"text"}}, {"alpha", true}, {"beta", scenarios::Cell{}}},
         .tables = {{"values",
                     "Time first",
                     {{"time", "s"}, {"a/b~c", "ratio"}, {"Z"}},
                     {{1e-300, scenarios::Cell{}, false}, {-0.0, 0.1, std::string{"x"}}}},
                    {"empty", "", {{"y"}, {"x", "bytes"}}, {}}},
         .is_for_drawing = true});
    return result;
}

/// The only error in a document, changed from the example.
template <class Change>
models::Diagnostic error_after(Change change) {
    Json json = Json::parse(write_json(tests::example_result()));
    change(json);
    models::Diagnostics diagnostics;
    CHECK_FALSE(read_back(json.dump(), diagnostics).has_value());
    REQUIRE(diagnostics.all().size() == 1);
    return diagnostics.all().front();
}

}  // namespace

TEST_SUITE("reports: result reader") {
    TEST_CASE("a document that is read and written again has the same bytes") {
        for (const auto& result : {tests::example_result(), awkward_result()}) {
            const std::string text = write_json(result);
            const scenarios::Result again = read_good(text);
            CHECK(write_json(again) == text);
            CHECK(write_csv(again) == write_csv(result));
            CHECK(write_html(again, Style{}) == write_html(result, Style{}));
            CHECK(write_summary(again, Style{}) == write_summary(result, Style{}));
        }
    }

    TEST_CASE("what an object does not keep is kept: columns, sections and facts in their order") {
        const scenarios::Result again = read_good(write_json(awkward_result()));
        REQUIRE(again.sections.size() == 2);
        const scenarios::Section& series = again.sections[0];
        CHECK(series.name == "series");
        CHECK(series.is_for_drawing);
        REQUIRE(series.facts.size() == 3);
        CHECK(series.facts[0].name == "zeta");
        CHECK(std::holds_alternative<std::monostate>(series.facts[2].value));
        REQUIRE(series.tables.size() == 2);
        CHECK(series.tables[0].columns[0].name == "time");
        CHECK(series.tables[0].columns[1].unit == "ratio");
        CHECK(std::get<bool>(series.tables[0].rows[0][2]) == false);
        REQUIRE(series.tables[1].columns.size() == 2);
        CHECK(series.tables[1].columns[1].unit == "bytes");
        CHECK(again.simulated == sim::Duration::nanoseconds(1'234'567'891));
        CHECK(again.cost.by_node().at("db") == sim::Money::nanodollars(12'500'000'000));
        CHECK(again.cost.lines[1].quantity == 2.5);
        CHECK(again.spof[1].lost == 0.1);
    }

    TEST_CASE("a run with all its pictures comes back as the same page") {
        const scenarios::Scenario scenario = tests::read_text(R"(
            "duration": "10s", "warm_up": "1s", "seed": 5, "replications": 2,
            "nodes": {
                "users": {"kind": "open_loop", "arrivals": "50/s", "calls": ["web"]},
                "web": {"kind": "service", "service_time": {"kind": "exponential", "mean": "9ms"}}},
            "faults": [{"kind": "crash", "node": "web", "at": "3s", "for": "1s"}])");
        scenarios::ExperimentOptions options;
        options.in_detail = true;
        const scenarios::Result result = scenarios::run_experiment(scenario, options);
        const std::string text = write_json(result);
        const scenarios::Result again = read_good(text);
        CHECK(write_json(again) == text);
        CHECK(write_html(again, Style{}) == write_html(result, Style{}));
    }

    TEST_CASE("results of before, which did not tell the order of columns, are read") {
        Json json = Json::parse(write_json(tests::example_result()));
        json["cap"]["sides"].erase("columns");
        const scenarios::Result again = read_good(json.dump());
        REQUIRE(again.sections[0].tables[0].columns.size() == 2);
        CHECK(again.sections[0].tables[0].columns[0].name == "down");
        CHECK(again.sections[0].tables[0].columns[0].unit == "s");
    }

    TEST_CASE("each mistake is one error at its place") {
        const auto missing = error_after([](Json& json) { json["expect"][1].erase("bound"); });
        CHECK(missing.code == Code::missing_key);
        CHECK(missing.pointer == "/expect/1");
        const auto type =
            error_after([](Json& json) { json["metrics"]["web/utilisation"]["value"] = "x"; });
        CHECK(type.code == Code::wrong_type);
        CHECK(type.pointer == "/metrics/web~1utilisation/value");
        const auto word = error_after([](Json& json) { json["status"] = "done"; });
        CHECK(word.code == Code::unknown_name);
        CHECK(word.message.find("complete, interrupted, limit") != std::string::npos);
        const auto other = error_after([](Json& json) { json["schema"] = "archsim.result/2"; });
        CHECK(other.code == Code::bad_value);
        CHECK(other.pointer == "/schema");
        const auto unknown = error_after([](Json& json) { json["spof"][0]["nodes"] = 1; });
        CHECK(unknown.code == Code::unknown_key);
        CHECK(unknown.pointer == "/spof/0/nodes");
        const auto loose = error_after([](Json& json) { json["extra"] = 3; });
        CHECK(loose.code == Code::unknown_key);
        const auto negative = error_after([](Json& json) { json["simulated_s"] = -1; });
        CHECK(negative.code == Code::out_of_range);
        const auto rich =
            error_after([](Json& json) { json["cost"]["items"][0]["per_month"] = 1e12; });
        CHECK(rich.code == Code::out_of_range);
        const auto cells =
            error_after([](Json& json) { json["cap"]["sides"]["rows"][0]["z"] = 1; });
        CHECK(cells.pointer == "/cap/sides/rows/0");
    }

    TEST_CASE("any value in any place is refused or can be reported") {
        const Json whole = Json::parse(write_json(awkward_result()));
        const Json strange[] = {
            nullptr, true, -1, 1e308, "text", Json::array(), Json::object(), Json::array({1})};
        int refused = 0;
        int accepted = 0;
        const Json places = whole.flatten();
        for (const auto& [pointer, unused] : places.items()) {
            for (const Json& value : strange) {
                Json changed = whole;
                changed[Json::json_pointer(pointer)] = value;
                models::Diagnostics diagnostics;
                const auto result = read_back(changed.dump(), diagnostics);
                CHECK(result.has_value() != diagnostics.has_errors());
                if (!result) {
                    ++refused;
                    continue;
                }
                ++accepted;
                CHECK_FALSE(write_json(*result).empty());
                CHECK_FALSE(write_html(*result, Style{}).empty());
            }
        }
        CHECK(refused > accepted);
        CHECK(accepted > 50);
    }
}
