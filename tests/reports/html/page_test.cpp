// The whole page: every part of a result is in it, and nothing of it can run or leave the file.
#include "reports/report.hpp"
#include "scenarios/detail.hpp"
#include "scenarios/experiment.hpp"
#include "tests/reports/example.hpp"
#include "tests/support/mentions.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace archsim;
using namespace archsim::reports;
using tests::mentions;

namespace {

const scenarios::Table& table_in(const std::vector<scenarios::Section>& sections,
                                 std::string_view section, std::string_view table) {
    const auto* found = scenarios::find_section(sections, section);
    REQUIRE(found != nullptr);
    const auto* rows = scenarios::find_table(*found, table);
    REQUIRE(rows != nullptr);
    return *rows;
}

constexpr const char* crashing = R"(
    "duration": "60s", "warm_up": "7s", "seed": 3, "replications": 2,
    "nodes": {
        "users": {"kind": "open_loop", "arrivals": "50/s", "calls": ["web"]},
        "web": {"kind": "service", "service_time": {"kind": "exponential", "mean": "10ms"}}},
    "faults": [{"kind": "crash", "node": "web", "at": "30s", "for": "6s"}])";

}  // namespace

TEST_SUITE_BEGIN("html report");

TEST_CASE("every part of a result is on the page") {
    const std::string html = write_html(tests::example_result(), Style{});
    CHECK(mentions(html, "café-queue"));
    CHECK(mentions(html, "users/latency/p99 &lt;= 40ms"));
    CHECK(mentions(html, "38.1 ms"));
    CHECK(mentions(html, "all requests pass it"));
    CHECK(mentions(html, "db is close to saturation"));
    CHECK(mentions(html, "no network delay"));
    CHECK(mentions(html, "M/M/1"));
    CHECK(mentions(html, "$19.75"));
    CHECK(mentions(html, "By side"));
    CHECK(mentions(html, "0000000000009f0c"));
}

TEST_CASE("headings speak the language that was asked for") {
    const Style portuguese{
        .colour = false, .unicode = true, .language = models::Language::portuguese};
    const std::string html = write_html(tests::example_result(), portuguese);
    CHECK(mentions(html, "<html lang=\"pt-BR\">"));
    CHECK(mentions(html, "Pontos únicos de falha"));
}

TEST_CASE("hostile names stay text, and no address leaves the file") {
    scenarios::Result result = tests::example_result();
    result.scenario = "</title><script>alert(1)</script>";
    result.description = "<img src=x onerror=alert(1)>";
    result.warnings = {"\"><svg onload=alert(1)>"};
    const std::string html = write_html(result, Style{});
    CHECK_FALSE(mentions(html, "<script>alert"));
    CHECK_FALSE(mentions(html, "<img"));
    CHECK_FALSE(mentions(html, "<svg onload"));
    CHECK_FALSE(mentions(html, "https://"));
    const std::string harmless = write_html(tests::example_result(), Style{});
    CHECK_FALSE(mentions(harmless, "src="));
    CHECK_FALSE(mentions(harmless, "href="));
    CHECK_FALSE(mentions(html, "url("));
    CHECK_FALSE(mentions(html, "@import"));
    // The script names the namespace of SVG, which is a name and no address to load.
    const std::string namespace_name = "http://www.w3.org/2000/svg";
    const std::size_t first = html.find("http://");
    REQUIRE(first != std::string::npos);
    CHECK(html.substr(first, namespace_name.size()) == namespace_name);
    CHECK(html.find("http://", first + 1) == std::string::npos);
    CHECK(mentions(html, "default-src 'none'"));
}

TEST_CASE("a closer look shows faults, time series and distributions of the run") {
    const scenarios::Scenario scenario = tests::read_text(crashing);
    scenarios::ExperimentOptions options;
    options.in_detail = true;
    const scenarios::Result result = scenarios::run_experiment(scenario, options);

    const scenarios::Table& faults = table_in(result.sections, "faults", "windows");
    REQUIRE(faults.rows.size() == 1);
    CHECK(std::get<std::string>(faults.rows[0][0]) == "crash");
    CHECK(std::get<double>(faults.rows[0][2]) == doctest::Approx(30.0));
    CHECK(std::get<double>(faults.rows[0][3]) == doctest::Approx(36.0));

    const scenarios::Table& values = table_in(result.sections, "series", "values");
    const auto column =
        std::ranges::find(values.columns, "users/availability", &scenarios::Column::name);
    REQUIRE(column != values.columns.end());
    const auto place = static_cast<std::size_t>(column - values.columns.begin());
    for (const auto& row : values.rows) {
        const double time = std::get<double>(row[0]);
        const auto* availability = std::get_if<double>(&row[place]);
        if (availability == nullptr) continue;
        // Slices are half a second long; those across the edges of the fault are mixed.
        if (time > 30.5 && time < 35.5) CHECK(*availability == 0.0);
        if (time < 29.5 || time > 36.5) CHECK(*availability == 1.0);
    }

    const scenarios::Table& points = table_in(result.sections, "distributions", "points");
    REQUIRE(points.rows.size() > 50);
    CHECK(std::get<double>(points.rows.back()[2]) == 1.0);
    CHECK(std::ranges::is_sorted(points.rows, {},
                                 [](const auto& row) { return std::get<double>(row[2]); }));
    // M/M/1 at half load: the median of the sojourn time is ln 2 / (100/s - 50/s) = 13.9 ms.
    const auto half = std::ranges::find_if(
        points.rows, [](const auto& row) { return std::get<double>(row[2]) >= 0.5; });
    CHECK(std::get<double>((*half)[1]) == doctest::Approx(0.0139).epsilon(0.15));

    const std::string html = write_html(result, Style{});
    CHECK(mentions(html, "class=\"shade\""));
    CHECK(mentions(html, "id=\"series-availability\""));
    CHECK(mentions(html, "id=\"tail\""));
    CHECK(html.size() < 400'000);
}

TEST_CASE("looking closely changes no number") {
    const scenarios::Scenario scenario = tests::read_text(crashing);
    scenarios::ExperimentOptions plain;
    scenarios::ExperimentOptions detailed;
    detailed.in_detail = true;
    const scenarios::Result one = scenarios::run_experiment(scenario, plain);
    const scenarios::Result other = scenarios::run_experiment(scenario, detailed);
    CHECK(one.fingerprint == other.fingerprint);
    REQUIRE(one.metrics.size() == other.metrics.size());
    for (std::size_t i = 0; i < one.metrics.size(); ++i) {
        CHECK(one.metrics[i].value == other.metrics[i].value);
    }
}

TEST_SUITE_END();
