// Comparisons, sweeps and searches as text, Markdown and JSON.
#include "reports/compare.hpp"

#include "reports/search.hpp"
#include "reports/sweep.hpp"
#include "scenarios/parse.hpp"
#include "tests/support/mentions.hpp"
#include "tests/support/scenario_text.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

using archsim::tests::mentions;

namespace {

using namespace archsim;
using scenarios::Change;

scenarios::ComparisonResult example() {
    scenarios::MetricComparison one{.metric = "users/latency/mean", .unit = "s"};
    one.headline = true;
    one.n = 10;
    one.reference = 0.02;
    one.design = 0.03;
    one.difference = 0.01;
    one.interval = scenarios::Interval{0.009, 0.011};
    one.ratio = 1.5;
    one.ratio_interval = scenarios::Interval{1.4, 1.6};
    one.p_value = 0.001;
    one.change = Change::regressed;
    scenarios::MetricComparison other{.metric = "web/utilisation", .unit = "ratio"};
    scenarios::ComparisonResult result{.reference = "a|b.json"};
    result.replications = 10;
    result.crn_factor = 4.0;
    result.designs = {{.name = "<img src=x>.json", .metrics = {one, other}}};
    return result;
}

models::Value parsed(const std::string& text) {
    models::Diagnostics diagnostics;
    auto value = scenarios::parse(text, 0, diagnostics);
    REQUIRE(value);
    return *std::move(value);
}

}  // namespace

TEST_SUITE("comparison reports") {
    TEST_CASE("the text says verdict, difference, ratio and what pairing was worth") {
        const std::string text = reports::write_comparison(example(), {}, false);
        CHECK(mentions(text, "regressed"));
        CHECK(mentions(text, "+10 ms (+9 ms to +11 ms)"));
        CHECK(mentions(text, "1.5 (1.4 to 1.6)"));
        CHECK(mentions(text, "4 times as short (median), worth 16 times the replications"));
        CHECK_FALSE(mentions(text, "web/utilisation"));
        CHECK(mentions(reports::write_comparison(example(), {}, true), "web/utilisation"));
    }

    TEST_CASE("pairing that made intervals longer says so") {
        auto result = example();
        result.crn_factor = 0.8;
        const std::string text = reports::method_of(result);
        CHECK(mentions(text, "pairing makes the intervals 1.25 times as long (median)."));
        CHECK_FALSE(mentions(text, "short"));
    }

    TEST_CASE("a partial comparison gives its reason once, and names that one design lacks") {
        auto result = example();
        result.status = scenarios::Status::interrupted;
        result.status_reason = "interrupted after 3 of 10 replications";
        CHECK(mentions(reports::method_of(result), "; interrupted after 3 of 10 replications."));
        result.status_reason.clear();
        CHECK(mentions(reports::method_of(result), "; interrupted."));
        result.designs[0].only_in_reference = {"cache/hit_ratio"};
        result.designs[0].only_here = {"queue/a_b"};
        CHECK(mentions(
            reports::write_comparison(result, {}, false),
            "  only in the reference: cache/hit_ratio\n  only in this design: queue/a_b\n"));
        CHECK(mentions(reports::write_comparison_markdown(result),
                       "only in this design: queue/a\\_b\n"));
    }

    TEST_CASE("names stay text in Markdown") {
        const std::string text = reports::write_comparison_markdown(example());
        CHECK_FALSE(mentions(text, "<img"));
        CHECK(mentions(text, "&lt;img src=x&gt;.json against a\\|b.json"));
        CHECK(mentions(text, "<details><summary>1 other metrics</summary>"));
    }

    TEST_CASE("the JSON has its schema, and null where nothing was measured") {
        const models::Value json = parsed(reports::write_comparison_json(example()));
        CHECK(json.find("schema")->text() == "archsim.compare/1");
        CHECK(json.at("/designs/0/metrics/users~1latency~1mean/verdict")->text() == "regressed");
        CHECK(json.at("/designs/0/metrics/users~1latency~1mean/ci95/1")->as_real() == 0.011);
        CHECK(json.at("/designs/0/metrics/web~1utilisation/difference")->is_null());
        CHECK(json.at("/designs/0/metrics/web~1utilisation/verdict")->text() == "no_data");
    }
}

TEST_SUITE("sweep reports") {
    TEST_CASE("each variant is asked for once, in order, and written before the next") {
        scenarios::PlanSource source;
        source.document =
            tests::document_of(tests::users("1/s") + ", " + tests::service("web", "5ms"));
        source.space = scenarios::VariantSpace{{{"nodes/web/instances", {"1", "2", "3"}}}};
        auto plan = scenarios::Plan::make(std::move(source), {});
        REQUIRE(std::holds_alternative<scenarios::Plan>(plan));
        std::int64_t asked = 0;
        std::int64_t written = 0;
        const reports::Sweep sweep{
            std::get<scenarios::Plan>(plan),
            [&](std::int64_t variant) -> std::optional<scenarios::Result> {
                CHECK(variant == asked++);
                CHECK(written >= variant);
                scenarios::Result result;
                result.metrics = {{.name = "=web/x", .unit = "s", .value = 0.5}};
                return result;
            },
            scenarios::Status::complete,
            {"=web/x"}};
        std::string text;
        const auto write = [&](std::string_view piece) {
            text += piece;
            ++written;
            return true;
        };
        CHECK(reports::write_sweep_json(sweep, {}, write));
        const models::Value json = parsed(text);
        CHECK(json.find("schema")->text() == "archsim.sweep/1");
        CHECK(json.find("variants")->items().size() == 3);
        CHECK(json.at("/variants/2/settings/nodes~1web~1instances")->text() == "3");
        text.clear();
        asked = written = 0;
        CHECK(reports::write_sweep_csv(sweep, {}, write));
        // A spreadsheet must not take a name for a formula.
        CHECK(mentions(text, ",2,'=web/x,0.5,"));
        asked = 0;
        CHECK_FALSE(reports::write_sweep_csv(sweep, {}, [](std::string_view) { return false; }));
        CHECK(asked == 0);
    }
}

TEST_SUITE("search reports") {
    TEST_CASE("an answer comes first, and its JSON can be read") {
        scenarios::CapacityAnswer answer;
        answer.found = true;
        answer.value = 1.5;
        answer.holds_at = 1.5;
        answer.fails_at = 1.52;
        answer.points = {{1.5, scenarios::Verdict::pass, true, 8, {0.01}}};
        const reports::CapacityWords words{"load factor", {"u/latency/p99 <= 20ms"}, {"s"}};
        const std::string text = reports::write_capacity(answer, words, {});
        CHECK(text.starts_with("holds up to load factor = 1.5\n"));
        CHECK(mentions(text, "shown to hold at 1.5, shown to fail at 1.52"));
        CHECK(parsed(reports::write_capacity_json(answer, words)).at("/value")->as_real() == 1.5);
        answer = {};
        answer.reason = "nothing holds";
        CHECK(mentions(reports::write_capacity(answer, words, {}), "no answer: nothing holds"));
        CHECK(parsed(reports::write_capacity_json(answer, words)).at("/value")->is_null());
    }

    TEST_CASE("the longest bar of a tornado is on top") {
        scenarios::Sensitivity result{.metric = "u/x", .unit = "s", .base = 1.0};
        result.rows = {{"a", "1", "2"}, {"b", "1", "2"}};
        result.rows[0].span = 2.0;
        result.rows[1].span = 1.0;
        const std::string text = reports::write_sensitivity(result, {.unicode = false});
        CHECK(mentions(text, std::string(30, '#') + "\n"));
        CHECK(mentions(text, " " + std::string(15, '#') + "\n"));
        CHECK(parsed(reports::write_sensitivity_json(result)).at("/rows/1/pointer")->text() == "b");
    }
}
