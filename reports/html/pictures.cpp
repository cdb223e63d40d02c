// Sections for drawing, drawn.
#include "reports/html/pictures.hpp"

#include "reports/html/chart.hpp"
#include "reports/html/markup.hpp"
#include "reports/topology_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace archsim::reports {

namespace {

using scenarios::number_in;
using scenarios::Result;
using scenarios::Table;
using scenarios::text_in;

/// The table of a section, or an empty one if it is not there or has fewer columns than are looked
/// at: a result may come from a file.
const Table& table_of(const Result& result, std::string_view section, std::string_view table,
                      std::size_t columns) {
    static const Table nothing;
    const scenarios::Section* const found = scenarios::find_section(result.sections, section);
    const Table* const rows = found != nullptr ? scenarios::find_table(*found, table) : nullptr;
    return rows != nullptr && rows->columns.size() >= columns ? *rows : nothing;
}

std::vector<Shade> shades_of(const Result& result) {
    std::vector<Shade> shades;
    const double end = result.simulated.in_seconds();
    for (const auto& row : table_of(result, "faults", "windows", 4).rows) {
        const double from = number_in(row[2]).value_or(0.0);
        // What is over at once still shows as a line.
        const bool is_change = text_in(row[0]).ends_with("_instance");
        const double to = number_in(row[3]).value_or(is_change ? from : end);
        shades.push_back({from, std::min(to, end), text_in(row[0]) + " " + text_in(row[1])});
    }
    return shades;
}

/// Which chart a metric belongs to: what its name ends with, without the statistic of a latency.
std::string family_of(const std::string& metric) {
    std::string family = metric.substr(metric.find('/') + 1);
    if (family.starts_with("latency/")) return "latency";
    if (family == "offered" || family == "goodput") return "offered, goodput";
    if (family.ends_with("/mean")) family.resize(family.size() - 5);
    return family;
}

std::string identifier(std::string_view prefix, std::string_view text) {
    std::string id{prefix};
    for (const char c : text) {
        id += (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '-';
    }
    return id;
}

}  // namespace

std::string topology_html(const Result& result, const Words& words) {
    const Table& nodes = table_of(result, "topology", "nodes", 3);
    if (nodes.rows.empty()) return "";
    TopologyPicture picture;
    picture.title = result.scenario;
    std::map<std::string, std::size_t> numbers;
    for (const auto& row : nodes.rows) {
        TopologyPicture::Box box{.name = text_in(row[0]), .kind = text_in(row[1])};
        box.instances = static_cast<std::size_t>(number_in(row[2]).value_or(1.0));
        const auto* use = scenarios::find_metric(result, box.name + "/utilisation");
        if (use != nullptr) box.utilisation = use->value;
        numbers.emplace(box.name, picture.boxes.size());
        picture.boxes.push_back(std::move(box));
    }
    for (const auto& row : table_of(result, "topology", "edges", 2).rows) {
        const auto from = numbers.find(text_in(row[0]));
        const auto to = numbers.find(text_in(row[1]));
        if (from == numbers.end() || to == numbers.end()) continue;
        picture.arrows.emplace_back(from->second, to->second);
    }
    return element("h2", "", words.topology) + "<div class=\"wide topology\">" +
           topology_svg(picture) + "</div>\n";
}

std::string distributions_html(const Result& result, const Words& words) {
    const Table& points = table_of(result, "distributions", "points", 3);
    if (points.rows.empty()) return "";
    Chart whole{.id = "distribution", .title = std::string{words.distribution}};
    whole.x = {.label = std::string{words.latency}, .unit = "s", .is_log = true};
    whole.y = {.unit = "ratio", .low = 0.0, .high = 1.0};
    Chart tail{.id = "tail", .title = std::string{words.tail}};
    tail.x = whole.x;
    tail.y = {.unit = "ratio", .is_log = true, .high = 1.0};
    constexpr double shortest = 1e-6;  // A latency of nothing has no place on a log axis.
    for (const auto& row : points.rows) {
        const std::string name = text_in(row[0]);
        if (whole.curves.empty() || whole.curves.back().name != name) {
            whole.curves.push_back({name});
            tail.curves.push_back({name});
        }
        const double value = std::max(number_in(row[1]).value_or(0.0), shortest);
        const double share = number_in(row[2]).value_or(0.0);
        whole.curves.back().points.push_back({value, share});
        if (share < 1.0) tail.curves.back().points.push_back({value, 1.0 - share});
    }
    return element("h2", "", words.latency) + "<div class=\"charts\">" +
           chart_figure(whole, std::string{words.no_data}) +
           chart_figure(tail, std::string{words.no_data}) + "</div>\n";
}

std::string series_html(const Result& result, const Words& words) {
    const Table& values = table_of(result, "series", "values", 1);
    if (values.rows.empty()) return "";
    std::vector<Chart> charts;
    constexpr std::size_t most_curves = 5;  // More lines cannot be told apart.
    for (std::size_t column = 1; column < values.columns.size(); ++column) {
        const scenarios::Column& heading = values.columns[column];
        const std::string family = family_of(heading.name);
        auto chart = std::ranges::find(charts, family, &Chart::title);
        if (chart == charts.end()) {
            Chart fresh{.id = identifier("series-", family), .title = family};
            fresh.x = {.label = std::string{words.time},
                       .unit = "s",
                       .low = 0.0,
                       .high = result.simulated.in_seconds()};
            fresh.y = {.unit = heading.unit};
            fresh.shades = shades_of(result);
            charts.push_back(std::move(fresh));
            chart = charts.end() - 1;
        }
        if (chart->curves.size() == most_curves) continue;
        Curve curve{.name = heading.name};
        bool has_value = false;
        for (const auto& row : values.rows) {
            curve.points.push_back({number_in(row[0]).value_or(0.0), number_in(row[column])});
            has_value = has_value || curve.points.back().y.has_value();
        }
        if (has_value) chart->curves.push_back(std::move(curve));
    }
    std::string html = element("h2", "", words.over_time) + "<div class=\"charts\">";
    for (const Chart& chart : charts) {
        if (!chart.curves.empty()) html += chart_figure(chart, std::string{words.no_data});
    }
    return html + "</div>\n";
}

}  // namespace archsim::reports
