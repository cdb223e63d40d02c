// Axes with round numbers, and lines where the points are.
#include "reports/html/chart.hpp"

#include "reports/html/ticks.hpp"

#include <doctest/doctest.h>

#include <string>

namespace archsim::reports {

TEST_SUITE_BEGIN("html charts");

namespace {

std::size_t count_of(const std::string& text, std::string_view part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

Chart two_points() {
    Chart chart{.id = "c", .title = "t"};
    chart.x = {.unit = "s"};
    chart.y = {.unit = "ratio"};
    chart.curves = {{"a", {{0.0, 0.0}, {10.0, 1.0}}}};
    return chart;
}

}  // namespace

TEST_CASE("marks are steps of one, two or five that enclose the values") {
    CHECK(linear_ticks(0.0, 10.0, 5) == std::vector<double>{0.0, 2.0, 4.0, 6.0, 8.0, 10.0});
    CHECK(linear_ticks(0.0, 0.93, 5).back() == doctest::Approx(1.0));
    CHECK(linear_ticks(1e17, 1e17 + 32.0, 5).size() <= 16);
    CHECK(linear_ticks(3.0, 47.0, 5) == std::vector<double>{0.0, 10.0, 20.0, 30.0, 40.0, 50.0});
}

TEST_CASE("a log axis has decades, and finer marks where there are few") {
    CHECK(log_ticks(1.0, 1000.0).size() == 10);
    CHECK(log_ticks(1e-6, 1.0).size() == 7);
    CHECK(log_ticks(0.003, 0.2).front() == doctest::Approx(0.001));
    CHECK(log_ticks(0.003, 0.2).back() == doctest::Approx(1.0));
}

TEST_CASE("a line runs from the lower left to the upper right corner of the plot") {
    const std::string html = chart_figure(two_points(), "none");
    CHECK(html.find("d=\"M64 222h0.01L628 10\"") != std::string::npos);
}

TEST_CASE("a gap in the values is a gap in the line") {
    Chart chart = two_points();
    chart.curves[0].points = {{0.0, 1.0}, {1.0, std::nullopt}, {2.0, 1.0}, {3.0, 0.5}};
    const std::string html = chart_figure(chart, "none");
    CHECK(count_of(html, "h0.01") == 2);
    CHECK(count_of(html, "L") >= 1);
}

TEST_CASE("a chart without a value says so instead of being empty") {
    Chart chart = two_points();
    chart.curves[0].points = {{0.0, std::nullopt}};
    const std::string html = chart_figure(chart, "nothing was measured");
    CHECK(html.find("nothing was measured") != std::string::npos);
    CHECK(html.find("<svg") == std::string::npos);
}

TEST_CASE("a value of nothing stays on a log axis") {
    Chart chart = two_points();
    chart.y.is_log = true;
    chart.curves[0].points = {{1.0, 0.0}, {2.0, 0.01}, {3.0, 1.0}};
    const std::string html = chart_figure(chart, "none");
    CHECK(html.find("nan") == std::string::npos);
    CHECK(html.find("inf") == std::string::npos);
    CHECK(html.find("M64 222h0.01") != std::string::npos);
}

TEST_CASE("one value at the bound of a log axis has a place") {
    Chart chart = two_points();
    chart.y = {.unit = "ratio", .is_log = true, .high = 1.0};
    chart.curves = {{"a", {{5.0, 1.0}}}};
    CHECK(count_of(chart_figure(chart, ""), "nan") == 0);
}

TEST_CASE("an axis of names has a mark for each, and names stay text") {
    Chart chart = two_points();
    chart.is_scatter = true;
    chart.x = {.low = 0.5, .high = 2.5, .names = {"ro\"und", "<b>"}};
    chart.curves = {{"a", {{1.0, 0.5, "a \"design\""}, {2.0, 1.0}}}};
    const std::string html = chart_figure(chart, "none");
    // A quarter and three quarters of the way from 64 to 628.
    CHECK(html.find("x=\"205\" y=\"239\" text-anchor=\"middle\">ro&quot;und</text>") !=
          std::string::npos);
    CHECK(html.find("x=\"487\" y=\"239\" text-anchor=\"middle\">&lt;b&gt;</text>") !=
          std::string::npos);
    CHECK(html.find(R"([205,"ro\"und","50 %",116,"a \"design\""])") != std::string::npos);
    CHECK(count_of(html, "class=\"tick\"") == 2 + 6);  // two names, 0 % to 100 % in fifths
}

TEST_CASE("the time of a fault is shaded and named") {
    Chart chart = two_points();
    chart.shades = {{2.0, 4.0, "crash <db>"}};
    const std::string html = chart_figure(chart, "none");
    CHECK(html.find("class=\"shade\" x=\"176.8\"") != std::string::npos);
    CHECK(html.find("width=\"112.8\"") != std::string::npos);
    CHECK(html.find("crash &lt;db&gt;") != std::string::npos);
}

TEST_CASE("names of faults stand above the curves, and none runs into the one before") {
    Chart chart = two_points();
    chart.shades = {{2.0, 4.0, "crash one"}, {2.5, 5.0, "crash two"}, {8.0, 9.0, "crash three"}};
    const std::string html = chart_figure(chart, "none");
    CHECK(count_of(html, "class=\"shade\"") == 3);
    CHECK(count_of(html, ">crash one</text>") == 1);
    CHECK(count_of(html, ">crash two</text>") == 0);  // its title still has it
    CHECK(count_of(html, "<title>crash two</title>") == 1);
    CHECK(count_of(html, ">crash three</text>") == 1);
    CHECK(count_of(html, "y=\"18\">crash") == 2);
    CHECK(html.find("d=\"M64 222h0.01L628 24\"") != std::string::npos);
}

TEST_CASE("a mark at the edge of the picture is not cut off, and carries its unit") {
    Chart chart = two_points();
    chart.x = {.unit = "thousand requests a second"};
    const std::string html = chart_figure(chart, "none");
    CHECK(html.find("text-anchor=\"end\">10 thousand requests a second</text>") !=
          std::string::npos);
}

TEST_SUITE_END();

}  // namespace archsim::reports
