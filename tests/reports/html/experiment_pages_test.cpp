// Pages of searches: every design stands where its numbers say, and no name becomes markup.
#include "reports/html/experiment_pages.hpp"

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

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// The page of a sweep in which the metric of variant number n is n and a half seconds.
std::string page_of(std::vector<scenarios::Variation> variations) {
    scenarios::PlanSource source;
    source.document = tests::document_of(tests::users("1/s") + ", " + tests::service("web", "5ms"));
    source.space = scenarios::VariantSpace{std::move(variations)};
    const auto plan = scenarios::Plan::make(std::move(source), {});
    REQUIRE(std::holds_alternative<scenarios::Plan>(plan));
    const reports::Sweep sweep{
        std::get<scenarios::Plan>(plan),
        [](std::int64_t variant) -> std::optional<scenarios::Result> {
            scenarios::Result result;
            result.metrics = {
                {.name = "web/a&b", .unit = "s", .value = 0.5 + static_cast<double>(variant)},
                {.name = "web/gone", .unit = "s", .reason = "none"}};
            return result;
        },
        scenarios::Status::complete,
        {"web/a&b", "web/gone"}};
    std::string page;
    CHECK(reports::write_sweep_html(sweep, {}, [&](std::string_view piece) {
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
        CHECK(holds(page, "nodes/web/policy=&lt;b&gt;: $20"));
        CHECK_FALSE(holds(page, "<b>"));
        CHECK(holds(page, "id=\"pareto-1\""));
        CHECK(holds(page, "no other is better in everything"));
        CHECK(holds(page, "<td>nodes/web/instances=3</td><td>pass</td>"));
        CHECK(holds(page, "default-src 'none'"));
    }

    TEST_CASE("a sweep has a chart for each metric and a curve for each of the other values") {
        const std::string page = page_of({{"nodes/web/discipline", {"fifo", "lifo"}},
                                          {"nodes/users/arrivals", {"2/s", "4/s", "8/s"}}});
        CHECK(holds(page, "id=\"sweep-0\""));
        CHECK(holds(page, "web/a&amp;b"));
        CHECK_FALSE(holds(page, "web/a&b"));
        CHECK(holds(page, "nodes/web/discipline fifo"));
        CHECK(holds(page, "nodes/web/discipline lifo"));
        // Rates lie along x, so the first chart has two curves of three points.
        CHECK(holds(page, "nodes/users/arrivals"));
        CHECK(holds(page, "<td>8/s</td><td class=\"n\">5.5 s</td><td class=\"n\">n/a</td>"));
    }

    TEST_CASE("times along x stand where they are long, in whatever unit they are written") {
        const std::string page = page_of({{"nodes/web/service_time", {"500us", "1ms", "4ms"}}});
        // Marks from 0 to 4 ms lie between 64 and 628: 564 times an eighth, a quarter, the whole.
        CHECK(
            holds(page, R"([134.5,"500 us","500 ms"],[205,"1 ms","1.5 s"],[628,"4 ms","2.5 s"])"));
    }

    TEST_CASE("what is no quantity lies along x by name, each at one place for every curve") {
        const std::string page = page_of(
            {{"nodes/web/discipline", {"fifo", "lifo"}}, {"nodes/web/queue", {"5", "unbounded"}}});
        CHECK(holds(page, R"([205,"fifo","500 ms"],[487,"lifo","2.5 s"])"));
        CHECK(holds(page, R"([205,"fifo","1.5 s"],[487,"lifo","3.5 s"])"));
    }

    TEST_CASE("headings speak the language that was asked for") {
        const reports::Style portuguese{
            .colour = false, .unicode = true, .language = models::Language::portuguese};
        const std::string page = reports::write_optimum_html(three_designs(), "shop", portuguese);
        CHECK(holds(page, "<html lang=\"pt-BR\">"));
        CHECK(holds(page, "<th>projeto</th><th>veredito</th>"));
        CHECK(holds(page, "nenhum outro é melhor em tudo"));
        CHECK_FALSE(holds(page, "no other is better"));
    }

    TEST_CASE("a search without an answer says why") {
        auto result = three_designs();
        result.best.reset();
        result.reason = "every design is too slow";
        const std::string page = reports::write_optimum_html(result, "shop", {});
        CHECK(holds(page, "banner fail"));
        CHECK(holds(page, "every design is too slow"));
    }
}
