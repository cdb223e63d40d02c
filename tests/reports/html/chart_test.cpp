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

TEST_CASE("names that are too long to stand side by side take turns on rows") {
    Chart chart = two_points();
    chart.is_scatter = true;
    chart.curves = {{"a", {{1.0, 0.5}, {4.0, 1.0}}}};
    // 564 units for four names: 23 letters of 6 for each, less two between neighbours.
    const auto html_of = [&chart](const std::vector<std::string>& names) {
        chart.x = {.label = "policy", .low = 0.5, .high = 4.5, .names = names};
        return chart_figure(chart, "none");
    };
    const std::string one = html_of({"a", "b", "c", std::string(21, 'd')});
    CHECK(count_of(one, "y=\"239\"") == 4);
    CHECK(count_of(one, "viewBox=\"0 0 640 260\"") == 1);
    const std::string two = html_of({"a", "b", "c", std::string(22, 'd')});
    CHECK(count_of(two, "y=\"239\" text-anchor") == 2);
    CHECK(count_of(two, "y=\"252\" text-anchor") == 2);
    CHECK(count_of(two, "viewBox=\"0 0 640 273\"") == 1);
    CHECK(count_of(two, "<title>d") == 0);
    // Three rows have room for 68 letters; what is longer ends in an ellipsis.
    const std::string cut = html_of({"a", "b", "c", std::string(69, 'd')});
    CHECK(count_of(cut, "<title>" + std::string(69, 'd') + "</title>" + std::string(67, 'd') +
                            "\xe2\x80\xa6</text>") == 1);
    CHECK(count_of(cut, "viewBox=\"0 0 640 286\"") == 1);
    // The read-out and the curve have the whole name and the old place.
    CHECK(count_of(cut, "\"" + std::string(69, 'd') + "\"") == 1);
    CHECK(count_of(cut, "y=\"281\"") == 1);  // the name of the axis
}

TEST_CASE("of very many names some stand below the axis, and none over another") {
    Chart chart = two_points();
    chart.is_scatter = true;
    chart.x = {.low = 0.5, .high = 200.5};
    for (int i = 0; i < 200; ++i) chart.x.names.push_back("name_" + std::to_string(1000 + i));
    chart.curves = {{"a", {{1.0, 0.5}, {200.0, 1.0}}}};
    const std::string html = chart_figure(chart, "none");
    // 2.82 units each, on three rows: six letters and a gap of two need every sixth name.
    CHECK(count_of(html, "class=\"tick\"") == 34 + 6);
    CHECK(count_of(html, "<title>name_1000</title>") == 1);
    CHECK(count_of(html, "<title>name_1006</title>") == 1);
}

TEST_CASE("a remark stands after the legend") {
    Chart chart = two_points();
    chart.note = "3 <more>";
    CHECK(count_of(chart_figure(chart, "none"), "3 &lt;more&gt;</figcaption>") == 1);
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
