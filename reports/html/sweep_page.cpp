// A sweep as a page: one chart a metric, and the table of variants.
#include "reports/html/chart.hpp"
#include "reports/html/experiment_pages.hpp"
#include "reports/html/frame.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/tables.hpp"
#include "scenarios/expect.hpp"
#include "scenarios/headline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
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
    std::vector<std::string> texts;                         ///< Of the metrics, with intervals.
    scenarios::Verdict verdict = scenarios::Verdict::pass;  ///< The worst of its expectations.
    bool is_judged = false;                                 ///< Whether it has any.
};

/// A number with its unit as in metrics.
struct Quantity {
    double value = 0.0;
    std::string unit{};
};

struct Gathered {
    std::vector<std::string> metrics;
    std::vector<std::string> units;
    std::vector<Row> rows;
    std::string scenario;          ///< Its name.
    std::int64_t partial = 0;      ///< Variants that did not run to their end,
    std::string why_partial = "";  ///< and why the first of them did not.
};

std::string value_of(const std::string& setting) {
    return setting.substr(std::min(setting.size(), setting.find('=') + 1));
}

/// A value such as "50/s" as metrics give it; nothing if it is no number and no quantity.
std::optional<Quantity> quantity_of(const std::string& value) {
    if (value == "true" || value == "false") return std::nullopt;
    // The bound of an expectation is read the same way.
    const auto parsed = scenarios::parse_expectation("x == " + value);
    const auto* const read = std::get_if<scenarios::Expectation>(&parsed);
    if (read == nullptr) return std::nullopt;
    return Quantity{read->bound, read->unit};
}

/// The pointer of a parameter without what all have in common.
std::string short_name(const std::string& pointer) {
    return pointer.starts_with("nodes/") ? pointer.substr(6) : pointer;
}

std::string metric_text(const MetricResult& metric) {
    const std::string text = humanised(*metric.value, metric.unit);
    const std::string error = relative_error(metric.value, metric.ci95, Style{});
    return error.empty() ? text : text + " " + error;
}

void judge(const Result& result, Row& row) {
    using scenarios::Verdict;
    row.is_judged = !result.expect.empty();
    if (result.status != scenarios::Status::complete) {
        row.is_judged = true;
        row.verdict = Verdict::no_data;  // A part of a variant decides nothing.
        return;
    }
    for (const auto& expect : result.expect) {
        if (expect.verdict == Verdict::pass) continue;
        const bool is_open = expect.verdict == Verdict::undecided;
        if (!is_open) row.verdict = Verdict::fail;
        if (is_open && row.verdict == Verdict::pass) row.verdict = Verdict::undecided;
    }
}

void add_row(const std::vector<std::string>& settings, const Result& result, Gathered& all) {
    if (all.metrics.empty()) all.metrics = scenarios::headline_metrics(result);
    all.units.resize(all.metrics.size());
    if (all.scenario.empty()) all.scenario = result.scenario;
    Row row;
    for (const std::string& setting : settings) row.values.push_back(value_of(setting));
    for (std::size_t i = 0; i < all.metrics.size(); ++i) {
        const MetricResult* const metric = find_metric(result, all.metrics[i]);
        const bool has_value = metric != nullptr && metric->value;
        row.metrics.push_back(has_value ? metric->value : std::nullopt);
        row.texts.push_back(has_value ? metric_text(*metric) : "n/a");
        if (has_value) all.units[i] = metric->unit;
    }
    judge(result, row);
    if (result.status != scenarios::Status::complete && ++all.partial == 1)
        all.why_partial = result.status_reason;
    all.rows.push_back(std::move(row));
}

/// The parameter along x: the first whose values are all quantities of one unit, else the first,
/// with its values as names in the order in which they come.
struct Along {
    std::size_t parameter = 0;
    std::string unit{};
    std::vector<std::string> names{};

    [[nodiscard]] double place_of(const std::string& value) const {
        if (names.empty()) return quantity_of(value)->value;
        return static_cast<double>(std::ranges::find(names, value) - names.begin() + 1);
    }
};

Along along_x(const Gathered& all, std::size_t parameters) {
    for (std::size_t i = 0; i < parameters; ++i) {
        std::optional<std::string> unit;
        const bool is_one_scale = std::ranges::all_of(all.rows, [&](const Row& row) {
            const auto quantity = quantity_of(row.values[i]);
            if (quantity && !unit) unit = quantity->unit;
            return quantity && quantity->unit == *unit;
        });
        if (is_one_scale) return {i, unit.value_or(""), {}};
    }
    Along along;
    for (const Row& row : all.rows) {
        const std::string& value = row.values[along.parameter];
        if (std::ranges::find(along.names, value) == along.names.end()) {
            along.names.push_back(value);
        }
    }
    return along;
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

Chart chart_of(const Gathered& all, std::size_t metric, const Along& along,
               const std::vector<std::string>& names, const Words& words) {
    Chart chart;
    chart.id = fmt::format("sweep-{}", metric);
    chart.title = all.metrics[metric];
    chart.x.label = names[along.parameter];
    chart.x.unit = along.unit;
    if (!along.names.empty()) {
        chart.x.names = along.names;
        chart.x.low = 0.5;
        chart.x.high = static_cast<double>(along.names.size()) + 0.5;
        chart.is_scatter = true;  // Nothing lies between two names.
    }
    chart.y.label = all.metrics[metric];
    chart.y.unit = all.units[metric];
    std::map<std::string, std::size_t> curves;
    std::set<std::string> left_out;
    for (const Row& row : all.rows) {
        std::string name = curve_name(row, along.parameter, names);
        if (name.empty()) name = all.metrics[metric];
        if (!curves.contains(name)) {
            if (chart.curves.size() == most_curves) {
                left_out.insert(std::move(name));
                continue;
            }
            curves[name] = chart.curves.size();
            chart.curves.push_back({name, {}});
        }
        chart.curves[curves[name]].points.push_back({along.place_of(row.values[along.parameter]),
                                                     row.metrics[metric],
                                                     row.values[along.parameter]});
    }
    for (Curve& curve : chart.curves) std::ranges::stable_sort(curve.points, {}, &Point::x);
    if (!left_out.empty()) chart.note = fmt::format("{} {}", left_out.size(), words.more_in_table);
    return chart;
}

std::string table_of(const Gathered& all, const std::vector<std::string>& names,
                     const Words& words) {
    std::string html = "<section><div class=\"wide\"><table><thead><tr>";
    const bool is_judged =
        std::ranges::any_of(all.rows, [](const Row& row) { return row.is_judged; });
    for (const std::string& name : names) html += element("th", "", name);
    for (const std::string& name : all.metrics) html += element("th", "class=\"n\"", name);
    if (is_judged) html += element("th", "", words.expectations);
    html += "</tr></thead><tbody>\n";
    for (const Row& row : all.rows) {
        html += "<tr>";
        for (const std::string& value : row.values) html += element("td", "", value);
        for (const std::string& text : row.texts) html += element("td", "class=\"n\"", text);
        if (is_judged)
            html += verdict_cell(row.is_judged ? std::optional{row.verdict} : std::nullopt, words);
        html += "</tr>\n";
    }
    return html + "</tbody></table></div></section>\n";
}

/// How much was to be run.
std::string extent_html(const scenarios::Plan& plan, const Words& words) {
    return element(
        "p", "class=\"soft\"",
        fmt::format("{} {}, {} {}", plan.variants(),
                    plan.variants() == 1 ? words.variant : words.variants, plan.replications(),
                    plan.replications() == 1 ? words.replication_each : words.replications_each));
}

/// A banner that says how much did not run to its end, and why; "" if all did.
std::string partial_html(const Sweep& sweep, const Gathered& all, const Words& words) {
    if (sweep.status == scenarios::Status::complete && all.partial == 0) return "";
    return element(
        "p", "class=\"banner undecided\"",
        fmt::format("{}: {} ({}/{} {})", words.partial, why_partial(sweep.status, all.why_partial),
                    all.partial, sweep.plan.variants(), words.variants));
}

}  // namespace

bool write_sweep_html(const Sweep& sweep, const Style& style, const Write& write) {
    const Words& words = words_of(style.language);
    const scenarios::Plan& plan = sweep.plan;
    std::vector<std::string> names;
    for (const auto& variation : plan.space().variations()) {
        names.push_back(short_name(variation.pointer));
    }
    Gathered all;
    all.metrics = sweep.metrics;
    for (std::int64_t variant = 0; variant < plan.variants(); ++variant) {
        const std::optional<Result> result = sweep.result(variant);
        if (!result) return false;
        add_row(plan.settings(variant), *result, all);
    }
    const std::string title = fmt::format("{} {}", words.sweep_of, all.scenario);
    if (!write(page_head(title + " - archsim", words))) return false;
    std::string html = "<header>" + element("h1", "", title) + extent_html(plan, words) +
                       partial_html(sweep, all, words) +
                       "</header>\n<main>\n<div class=\"charts\">\n";
    const Along along = along_x(all, names.size());
    for (std::size_t i = 0; i < all.metrics.size() && !all.rows.empty(); ++i) {
        html += chart_figure(chart_of(all, i, along, names, words), std::string{words.no_data});
    }
    html += "</div>\n" + table_of(all, names, words) + "</main>\n";
    return write(html) && write(page_end("archsim, plan " + plan.hash()));
}

}  // namespace archsim::reports
