// A sweep as a page: one chart a metric, and the table of variants.
#include "reports/html/chart.hpp"
#include "reports/html/experiment_pages.hpp"
#include "reports/html/frame.hpp"
#include "reports/html/markup.hpp"
#include "scenarios/headline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace archsim::reports {

namespace {

using scenarios::MetricResult;
using scenarios::Result;

/// Curves beyond this number are left to the table.
constexpr std::size_t most_curves = 8;

/// What is kept of a variant.
struct Row {
    std::vector<std::string> values;  ///< Of the parameters, in their order.
    std::vector<std::optional<double>> metrics;
    std::vector<std::string> texts;  ///< Of the metrics, with intervals.
};

struct Gathered {
    std::vector<std::string> metrics;
    std::vector<std::string> units;
    std::vector<Row> rows;
};

std::string value_of(const std::string& setting) {
    return setting.substr(std::min(setting.size(), setting.find('=') + 1));
}

/// The number that a value begins with, such as 50 of "50/s".
std::optional<double> number_in(const std::string& value) {
    double number = 0.0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    return error == std::errc{} ? std::optional{number} : std::nullopt;
}

std::string metric_text(const MetricResult& metric) {
    std::string text = humanised(*metric.value, metric.unit);
    if (metric.ci95) {
        text += fmt::format(" ({} to {})", humanised(metric.ci95->low, metric.unit),
                            humanised(metric.ci95->high, metric.unit));
    }
    return text;
}

void add_row(const std::vector<std::string>& settings, const Result& result, Gathered& all) {
    if (all.metrics.empty()) all.metrics = scenarios::headline_metrics(result);
    all.units.resize(all.metrics.size());
    Row row;
    for (const std::string& setting : settings) row.values.push_back(value_of(setting));
    for (std::size_t i = 0; i < all.metrics.size(); ++i) {
        const MetricResult* const metric = find_metric(result, all.metrics[i]);
        const bool has_value = metric != nullptr && metric->value;
        row.metrics.push_back(has_value ? metric->value : std::nullopt);
        row.texts.push_back(has_value ? metric_text(*metric) : "n/a");
        if (has_value) all.units[i] = metric->unit;
    }
    all.rows.push_back(std::move(row));
}

/// The first parameter whose values all begin with numbers, else the first.
std::size_t along_x(const Gathered& all, std::size_t parameters) {
    for (std::size_t i = 0; i < parameters; ++i) {
        const bool is_number = std::ranges::all_of(
            all.rows, [i](const Row& row) { return number_in(row.values[i]).has_value(); });
        if (is_number) return i;
    }
    return 0;
}

/// What distinguishes the curve that a row belongs to: its other values.
std::string curve_name(const Row& row, std::size_t x, const std::vector<std::string>& names) {
    std::string name;
    for (std::size_t i = 0; i < row.values.size(); ++i) {
        if (i == x) continue;
        name += (name.empty() ? "" : ", ") + names[i] + " " + row.values[i];
    }
    return name;
}

Chart chart_of(const Gathered& all, std::size_t metric, std::size_t x,
               const std::vector<std::string>& names) {
    Chart chart;
    chart.id = fmt::format("sweep-{}", metric);
    chart.title = all.metrics[metric];
    chart.x.label = names[x];
    chart.y.label = all.metrics[metric];
    chart.y.unit = all.units[metric];
    std::map<std::string, std::size_t> curves;
    double number = 0.0;
    for (const Row& row : all.rows) {
        std::string name = curve_name(row, x, names);
        if (name.empty()) name = all.metrics[metric];
        if (!curves.contains(name)) {
            if (chart.curves.size() == most_curves) continue;
            curves[name] = chart.curves.size();
            chart.curves.push_back({name, {}});
        }
        number += 1.0;
        chart.curves[curves[name]].points.push_back(
            {number_in(row.values[x]).value_or(number), row.metrics[metric]});
    }
    for (Curve& curve : chart.curves) std::ranges::stable_sort(curve.points, {}, &Point::x);
    return chart;
}

std::string table_of(const Gathered& all, const std::vector<std::string>& names) {
    std::string html = "<section><div class=\"wide\"><table><thead><tr>";
    for (const std::string& name : names) html += element("th", "", name);
    for (const std::string& name : all.metrics) html += element("th", "", name);
    html += "</tr></thead><tbody>\n";
    for (const Row& row : all.rows) {
        html += "<tr>";
        for (const std::string& value : row.values) html += element("td", "", value);
        for (const std::string& text : row.texts) html += element("td", "class=\"n\"", text);
        html += "</tr>\n";
    }
    return html + "</tbody></table></div></section>\n";
}

}  // namespace

bool write_sweep_html(const Sweep& sweep, const Style& style, const Write& write) {
    const Words& words = words_of(style.language);
    const scenarios::Plan& plan = sweep.plan;
    std::vector<std::string> names;
    for (const auto& variation : plan.space().variations()) names.push_back(variation.pointer);
    Gathered all;
    all.metrics = sweep.metrics;
    for (std::int64_t variant = 0; variant < plan.variants(); ++variant) {
        const std::optional<Result> result = sweep.result(variant);
        if (!result) return false;
        add_row(plan.settings(variant), *result, all);
    }
    const std::string title = "sweep " + plan.hash();
    if (!write(page_head(title + " - archsim", words))) return false;
    std::string html = "<header>" + element("h1", "", title) +
                       element("p", "class=\"soft\"",
                               fmt::format("{} variants, {} replications each", plan.variants(),
                                           plan.replications())) +
                       "</header>\n<main>\n<div class=\"charts\">\n";
    const std::size_t x = along_x(all, names.size());
    for (std::size_t i = 0; i < all.metrics.size() && !all.rows.empty(); ++i) {
        html += chart_figure(chart_of(all, i, x, names), std::string{words.no_data});
    }
    html += "</div>\n" + table_of(all, names) + "</main>\n";
    return write(html) && write(page_end("archsim, plan " + plan.hash()));
}

}  // namespace archsim::reports
