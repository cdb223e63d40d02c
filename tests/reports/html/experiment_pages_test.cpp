// Pages of searches: every design stands where its numbers say, and no name becomes markup.
#include "reports/html/experiment_pages.hpp"

#include "tests/support/mentions.hpp"
#include "tests/support/scenario_text.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

using namespace archsim;
using tests::mentions;

namespace {

scenarios::OptimizeResult three_designs() {
    scenarios::OptimizeResult result;
    result.cost_unit = "usd";
    result.objectives = {{"cost", "usd", true}, {"users/availability", "ratio", false}};
    const auto design = [&](const char* setting, double cost, double availability, bool on_front) {
        scenarios::Candidate candidate;
        candidate.settings = {setting};
        candidate.cost = cost;
        candidate.verdict = scenarios::Verdict::pass;
        candidate.objectives = {cost, availability};
        candidate.on_front = on_front;
        result.candidates.push_back(candidate);
    };
    design("nodes/web/instances=1", 10.0, 0.9, true);
    design("nodes/web/policy=<b>", 20.0, 0.99, true);
    design("nodes/web/instances=3", 30.0, 0.95, false);
    result.best = 1;
    return result;
}

/// In Portuguese.
constexpr reports::Style portuguese{
    .colour = false, .unicode = true, .language = models::Language::portuguese};

/// What the variants of a sweep on a page come to.
struct SweepCase {
    std::vector<scenarios::Variation> variations;
    scenarios::Status status = scenarios::Status::complete;
    std::int64_t whole = 1'000'000;  ///< Variants from this one on did not run.
    reports::Style style{};
};

/// The page of a sweep in which the metric of variant number n is n and a half seconds.
std::string page_of(SweepCase wanted) {
    scenarios::PlanSource source;
    source.document = tests::document_of(tests::users("1/s") + ", " + tests::service("web", "5ms"));
    source.space = scenarios::VariantSpace{std::move(wanted.variations)};
    const auto plan = scenarios::Plan::make(std::move(source), {});
    REQUIRE(std::holds_alternative<scenarios::Plan>(plan));
    const reports::Sweep sweep{
        std::get<scenarios::Plan>(plan),
        [&](std::int64_t variant) -> std::optional<scenarios::Result> {
            scenarios::Result result{.scenario = "shop"};
            result.metrics = {
                {.name = "web/a&b", .unit = "s", .value = 0.5 + static_cast<double>(variant)},
                {.name = "web/gone", .unit = "s", .reason = "none"}};
            if (variant < wanted.whole) return result;
            result.status = scenarios::Status::limit;
            result.status_reason = "not all replications ran";
            return result;
        },
        wanted.status,
        {"web/a&b", "web/gone"}};
    std::string page;
    CHECK(reports::write_sweep_html(sweep, wanted.style, [&](std::string_view piece) {
        page += piece;
        return true;
    }));
    return page;
}

}  // namespace

TEST_SUITE("experiment pages") {
    TEST_CASE("a search shows the chosen design, the front and every design") {
        const std::string page = reports::write_optimum_html(three_designs(), "shop", {});
        CHECK(page.starts_with("<!doctype html>"));
        CHECK(mentions(page, "web/policy=&lt;b&gt;: cost $20"));
        CHECK_FALSE(mentions(page, "<b>"));
        CHECK(mentions(page, "id=\"pareto-1\""));
        CHECK(mentions(page, "no other is better in everything"));
        CHECK(mentions(page, "<td>web/instances=3</td><td class=\"pass\">\xe2\x9c\x93 pass</td>"));
        CHECK(mentions(page, "default-src 'none'"));
        CHECK(mentions(page, "data-scatter"));
        // What the read-out says of a design: its cost, its worth, its place, its settings.
        CHECK(mentions(page, R"("$30.00","95 %",)"));
        CHECK(mentions(page, R"(,"web/instances=3"])"));
        CHECK_FALSE(
            mentions(page, ">0 %</text>"));  // availabilities of 90 % and more fill the axis
    }

    TEST_CASE("one slow design does not hide the others, and what nobody measured has no chart") {
        auto result = three_designs();
        result.objectives = {{"cost", "usd", true}, {"p99", "s", true}, {"stale", "s", true}};
        for (auto& one : result.candidates) one.objectives.resize(3);
        result.candidates[0].objectives[1] = 2.0;
        result.candidates[1].objectives[1] = 0.02;
        result.candidates[2].objectives[1] = 0.05;
        const std::string page = reports::write_optimum_html(result, "shop", {});
        CHECK(mentions(page, ">100 ms</text>"));  // a decade of a log axis from 10 ms to 10 s
        CHECK(mentions(page, "id=\"pareto-1\""));
        CHECK_FALSE(mentions(page, "id=\"pareto-2\""));
    }

    TEST_CASE("a sweep has a chart for each metric and a curve for each of the other values") {
        const std::string page = page_of({{{"nodes/web/discipline", {"fifo", "lifo"}},
                                           {"nodes/users/arrivals", {"2/s", "4/s", "8/s"}}}});
        CHECK(mentions(page, "id=\"sweep-0\""));
        CHECK(mentions(page, "web/a&amp;b"));
        CHECK_FALSE(mentions(page, "web/a&b"));
        CHECK(mentions(page, ">web/discipline fifo<"));
        CHECK(mentions(page, ">web/discipline lifo<"));
        // Rates lie along x, so the first chart has two curves of three points.
        CHECK(mentions(page, ">users/arrivals</text>"));
        CHECK(mentions(page, ">8/s</text>"));
        CHECK(mentions(page, "<td>8/s</td><td class=\"n\">5.5 s</td><td class=\"n\">n/a</td>"));
    }

    TEST_CASE("times along x stand where they are long, in whatever unit they are written") {
        const std::string page = page_of({{{"nodes/web/service_time", {"500us", "1ms", "4ms"}}}});
        // Marks from 0 to 4 ms lie between 64 and 628: 564 times an eighth, a quarter, the whole.
        CHECK(mentions(page,
                       R"([134.5,"500 us","500 ms"],[205,"1 ms","1.5 s"],[628,"4 ms","2.5 s"])"));
    }

    TEST_CASE("what is no quantity lies along x by name, each at one place for every curve") {
        const std::string page = page_of({{{"nodes/web/discipline", {"fifo", "lifo"}},
                                           {"nodes/web/queue", {"5", "unbounded"}}}});
        for (const char* point : {R"([205,"fifo","500 ms",)", R"([487,"lifo","2.5 s",)",
                                  R"([205,"fifo","1.5 s",)", R"([487,"lifo","3.5 s",)"}) {
            INFO(point);
            CHECK(mentions(page, point));
        }
    }

    TEST_CASE("headings speak the language that was asked for") {
        const std::string page = reports::write_optimum_html(three_designs(), "shop", portuguese);
        CHECK(mentions(page, "<html lang=\"pt-BR\">"));
        CHECK(mentions(page, "<th>projeto</th><th>veredito</th>"));
        CHECK(mentions(page, "nenhum outro é melhor em tudo"));
        CHECK_FALSE(mentions(page, "no other is better"));
        CHECK(mentions(page, "users/availability em função de custo</h3>"));
        CHECK(mentions(page, "web/policy=&lt;b&gt;: custo $20"));
        CHECK(mentions(page, "<th class=\"n\">custo</th>"));
        const std::string sweep = page_of(
            {.variations = {{"nodes/web/servers", {"1"}}}, .whole = 0, .style = portuguese});
        CHECK(mentions(sweep, "<h1>varredura de shop</h1>"));
        CHECK(mentions(sweep, "1 variante, 1 replicação cada"));
        CHECK(mentions(sweep, "<th>expectativas</th>"));
    }

    TEST_CASE("a sweep that is not whole says so, and nothing of what did not run") {
        const std::vector<scenarios::Variation> sizes = {{"nodes/web/servers", {"1", "2", "3"}}};
        const std::string whole = page_of({sizes});
        CHECK_FALSE(mentions(whole, "class=\"banner"));
        CHECK(mentions(whole, "3 variants, 1 replication each"));
        const std::string cut = page_of({sizes, scenarios::Status::interrupted, 1});
        CHECK(mentions(cut,
                       "<p class=\"banner undecided\">This result is partial: not all replications "
                       "ran (2/3 variants)</p>"));
        CHECK(mentions(cut, "<td class=\"no_data\">"));
        CHECK_FALSE(mentions(cut, "fail</td>"));
        CHECK(mentions(page_of({sizes, scenarios::Status::interrupted}),
                       "This result is partial: interrupted (0/3 variants)"));
    }

    TEST_CASE("what is left to the table is counted under the chart") {
        std::vector<std::string> queues;
        for (int i = 1; i <= 11; ++i) queues.push_back(std::to_string(i));
        const auto page_with = [&] {
            return page_of(
                {{{"nodes/users/arrivals", {"2/s", "4/s"}}, {"nodes/web/queue", queues}}});
        };
        CHECK(mentions(page_with(), "3 more in the table only</figcaption>"));
        queues.resize(8);
        CHECK_FALSE(mentions(page_with(), "more in the table"));
    }

    TEST_CASE("a sweep is called after its scenario and says what holds") {
        scenarios::PlanSource source;
        source.document =
            tests::document_of(tests::users("1/s") + ", " + tests::service("web", "5ms"));
        source.space = scenarios::VariantSpace{{{"nodes/users/arrivals", {"2/s"}}}};
        const auto plan = scenarios::Plan::make(std::move(source), {});
        REQUIRE(std::holds_alternative<scenarios::Plan>(plan));
        const reports::Sweep sweep{
            std::get<scenarios::Plan>(plan),
            [](std::int64_t) -> std::optional<scenarios::Result> {
                scenarios::Result result{.scenario = "shop"};
                result.metrics = {{.name = "web/a", .unit = "s", .value = 1.0}};
                result.expect = {
                    {"web/a <= 1us", "web/a", "<=", 1e-6, 1.0, scenarios::Verdict::fail, ""}};
                return result;
            },
            scenarios::Status::complete,
            {"web/a"}};
        std::string page;
        CHECK(reports::write_sweep_html(sweep, {}, [&](std::string_view piece) {
            page += piece;
            return true;
        }));
        CHECK(mentions(page, "sweep of shop"));
        CHECK(mentions(page, "<td class=\"fail\">\xe2\x9c\x97 fail</td>"));
    }

    TEST_CASE("a search without an answer says why") {
        auto result = three_designs();
        result.best.reset();
        result.reason = "every design is too slow";
        const std::string page = reports::write_optimum_html(result, "shop", {});
        CHECK(mentions(page, "banner fail"));
        CHECK(mentions(page, "every design is too slow"));
        result.status = scenarios::Status::interrupted;
        result.reason = "interrupted";
        CHECK(mentions(reports::write_optimum_html(result, "shop", {}),
                       "<p class=\"banner undecided\">This result is partial: interrupted</p>"));
    }

    TEST_CASE("a comparison that shows nothing is undecided, and says what it leaves out") {
        using scenarios::Change;
        scenarios::ComparisonResult result;
        result.reference = "now";
        scenarios::MetricComparison lost{.metric = "db/lost", .unit = "s", .headline = true};
        lost.reference = 0.0;
        lost.design = 0.0;
        lost.difference = 0.0;
        lost.change = Change::no_difference;
        result.designs = {{"new", {}, {"cache/<hit>"}, {"queue/depth"}}};
        const std::string empty = reports::write_comparison_html(result, {});
        CHECK(mentions(empty, "banner undecided\">Nothing to decide by"));
        CHECK(mentions(empty, "only in the reference: cache/&lt;hit&gt;</p>"));
        CHECK(mentions(empty, "only in this design: queue/depth</p>"));
        result.designs[0].metrics = {lost};
        const std::string same = reports::write_comparison_html(result, {});
        CHECK(mentions(same, "banner pass"));
        CHECK(mentions(same, "not in the picture, having no ratio: db/lost</p>"));
        result.designs[0].metrics[0].change = Change::no_data;
        CHECK(mentions(reports::write_comparison_html(result, {}), "banner fail"));
        result.status = scenarios::Status::interrupted;
        result.status_reason = "interrupted after 0 of 10 replications";
        CHECK(mentions(reports::write_comparison_html(result, {}),
                       "banner undecided\">This comparison is partial: interrupted after 0 of 10 "
                       "replications. 0 improved, 1 regressed"));
    }

    TEST_CASE("a comparison shows each change with its interval about the line of no change") {
        using scenarios::Change;
        scenarios::ComparisonResult result;
        result.reference = "now";
        result.replications = 10;
        scenarios::MetricComparison faster{.metric = "users/<p99>", .unit = "s", .headline = true};
        faster.reference = 0.2;
        faster.design = 0.16;
        faster.difference = -0.04;
        faster.ratio = 0.8;
        faster.ratio_interval = scenarios::Interval{0.7, 0.9};
        faster.change = Change::improved;
        scenarios::MetricComparison dearer = faster;
        dearer.metric = "cost";
        dearer.ratio = 1.1;
        dearer.ratio_interval = scenarios::Interval{1.05, 1.15};
        dearer.change = Change::regressed;
        scenarios::MetricComparison other = faster;
        other.metric = "db/x";
        other.headline = false;
        result.designs = {{"new", {faster, dearer, other}}};
        const std::string page = reports::write_comparison_html(result, {});
        CHECK(mentions(page, "compare with now"));
        CHECK(mentions(page, "banner fail"));
        CHECK(mentions(page, "1 improved, 1 regressed"));
        // -30 % to +20 % on 290 to 870: 11.6 units for one per cent.
        CHECK(mentions(page, "class=\"zero\" d=\"M638 8V60\""));
        CHECK(mentions(page, "d=\"M290 21H522\"/><circle cx=\"406\" cy=\"21\""));
        CHECK(mentions(page, "d=\"M696 47H812\"/><circle cx=\"754\" cy=\"47\""));
        CHECK(mentions(page, "users/&lt;p99&gt;"));
        CHECK_FALSE(mentions(page, "<p99>"));
        CHECK(mentions(page, "<details><summary>other metrics</summary>"));
        CHECK(mentions(page, "default-src 'none'"));
    }
}
