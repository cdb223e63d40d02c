// Designs against a reference as a page: intervals around the line of no change, and the tables.
#include "reports/compare.hpp"
#include "reports/html/experiment_pages.hpp"
#include "reports/html/frame.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/ticks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::reports {

namespace {

using scenarios::Change;
using scenarios::ComparisonResult;
using scenarios::DesignComparison;
using scenarios::MetricComparison;

constexpr double width = 900.0;
constexpr double left = 290.0;  // Room for the names of metrics.
constexpr double right = 30.0;
constexpr double row_height = 26.0;
constexpr double top = 8.0;

/// The class that colours a change, as verdicts are coloured.
std::string_view class_of(Change change) {
    switch (change) {
        case Change::improved:
        case Change::no_difference:
            return "pass";
        case Change::regressed:
            return "fail";
        case Change::no_data:
            return "no_data";
        default:
            return "undecided";
    }
}

/// The relative change in per cent and where its interval lies.
struct Row {
    const MetricComparison* metric;
    double low, value, high;
};

bool is_in_picture(const MetricComparison& one) { return one.ratio && one.ratio_interval; }

std::vector<Row> rows_of(const DesignComparison& design) {
    std::vector<Row> rows;
    for (const MetricComparison& one : design.metrics) {
        if (!one.headline || !is_in_picture(one)) continue;
        const auto percent = [](double ratio) { return (ratio - 1.0) * 100.0; };
        rows.push_back({&one, percent(one.ratio_interval->low), percent(*one.ratio),
                        percent(one.ratio_interval->high)});
    }
    return rows;
}

std::string row_svg(const Row& row, double y, double from, double value, double to) {
    const ComparisonCells cells = cells_of(*row.metric, signs_of(Style{}));
    return fmt::format(
        "<g class=\"change {}\"><title>{}: {}, {}</title><path d=\"M{} {}H{}\"/>"
        "<circle cx=\"{}\" cy=\"{}\" r=\"4\"/></g>"
        "<text class=\"label\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
        class_of(row.metric->change), escaped(row.metric->metric), escaped(cells.verdict),
        escaped(cells.difference), coordinate(from), coordinate(y), coordinate(to),
        coordinate(value), coordinate(y), coordinate(left - 12), coordinate(y + 4),
        escaped(row.metric->metric));
}

/// Every headline metric as a dot with its interval; the line of no change goes through all.
std::string picture_of(const DesignComparison& design) {
    const std::vector<Row> rows = rows_of(design);
    if (rows.empty()) return "";
    double low = 0.0;
    double high = 0.0;
    for (const Row& row : rows) {
        low = std::min(low, row.low);
        high = std::max(high, row.high);
    }
    if (high - low < 1.0) {
        low -= 0.5;
        high += 0.5;
    }
    const std::vector<double> ticks = linear_ticks(low, high, 6);
    const auto x = [&ticks](double value) {
        const double share = (value - ticks.front()) / (ticks.back() - ticks.front());
        return left + std::clamp(share, 0.0, 1.0) * (width - left - right);
    };
    const double floor = top + row_height * static_cast<double>(rows.size());
    std::string svg;
    for (const double tick : ticks) {
        svg += fmt::format(
            "<path class=\"grid\" d=\"M{0} {1}V{2}\"/><text class=\"tick\" x=\"{0}\" "
            "y=\"{3}\" text-anchor=\"middle\">{4}{5} %</text>",
            coordinate(x(tick)), coordinate(top), coordinate(floor), coordinate(floor + 15),
            tick > 0.0 ? "+" : "", significant(tick, 3));
    }
    svg += fmt::format("<path class=\"zero\" d=\"M{} {}V{}\"/>", coordinate(x(0.0)),
                       coordinate(top), coordinate(floor));
    double y = top + row_height / 2;
    for (const Row& row : rows) {
        svg += row_svg(row, y, x(row.low), x(row.value), x(row.high));
        y += row_height;
    }
    return fmt::format(
        "<div class=\"wide\"><figure class=\"changes\"><svg viewBox=\"0 0 {} {}\" "
        "role=\"img\"><title>{}</title>{}</svg><figcaption>change of the design "
        "against the reference, with 95 % intervals</figcaption></figure></div>\n",
        coordinate(width), coordinate(floor + 24), escaped(design.name), svg);
}

std::string table_of(const DesignComparison& design, bool headline) {
    std::string rows;
    for (const MetricComparison& one : design.metrics) {
        if (one.headline != headline) continue;
        const ComparisonCells cells = cells_of(one, signs_of(Style{}));
        rows += "<tr>" +
                element("td", fmt::format("class=\"{}\"", class_of(one.change)),
                        cells.sign + " " + cells.verdict) +
                element("td", "", one.metric) + element("td", "class=\"n\"", cells.reference) +
                element("td", "class=\"n\"", cells.design) +
                element("td", "class=\"n\"", cells.difference) +
                element("td", "class=\"n\"", cells.ratio) + "</tr>\n";
    }
    if (rows.empty()) return "";
    std::string head;
    for (const std::string_view name : {"verdict", "metric"}) head += element("th", "", name);
    for (const std::string_view name : {"reference", "design", "difference", "ratio"}) {
        head += element("th", "class=\"n\"", name);
    }
    return "<div class=\"wide\"><table><thead><tr>" + head + "</tr></thead><tbody>\n" + rows +
           "</tbody></table></div>\n";
}

/// What the picture does not show and why, and the metrics that only one of both designs has.
std::string remarks_of(const DesignComparison& design) {
    std::vector<std::string> left_out;
    for (const MetricComparison& one : design.metrics) {
        if (one.headline && !is_in_picture(one)) left_out.push_back(one.metric);
    }
    std::string html;
    const std::string line = names_line("not in the picture, having no ratio", left_out);
    if (!line.empty()) html += element("p", "class=\"soft\"", line) + "\n";
    for (const std::string& names : lines_of_names(design))
        html += element("p", "class=\"soft\"", names) + "\n";
    return html;
}

std::string banner_of(const ComparisonResult& comparison, const DesignComparison& design) {
    const auto count = [&design](Change change) {
        return std::ranges::count_if(design.metrics, [change](const MetricComparison& one) {
            return one.headline && one.change == change;
        });
    };
    const auto improved = count(Change::improved);
    const auto regressed = count(Change::regressed) + count(Change::no_data);
    const auto open = count(Change::inconclusive) + count(Change::changed);
    const auto same = count(Change::no_difference);
    std::string text;
    if (comparison.status != scenarios::Status::complete) {
        text = fmt::format("This comparison is partial: {}. ",
                           why_partial(comparison.status, comparison.status_reason));
    }
    const bool is_empty = improved + regressed + open + same == 0;
    const bool is_open = open > 0 || is_empty || !text.empty();
    // What a part of the comparison shows is not final, not even where it looks bad.
    const bool is_bad = regressed > 0 && text.empty();
    text += is_empty ? "Nothing to decide by: no headline metric was compared"
                     : fmt::format(
                           "{} improved, {} regressed or without data, {} inconclusive or "
                           "neither better nor worse, {} without a difference",
                           improved, regressed, open, same);
    return element("p",
                   fmt::format("class=\"banner {}\"", is_bad    ? "fail"
                                                      : is_open ? "undecided"
                                                                : "pass"),
                   text);
}

}  // namespace

std::string write_comparison_html(const ComparisonResult& comparison, const Style& style) {
    const Words& words = words_of(style.language);
    const std::string title = "compare with " + comparison.reference;
    std::string html =
        page_head(title + " - archsim", words) + "<header>" + element("h1", "", title) +
        element("p", "class=\"soft\"", method_of(comparison)) + "</header>\n<main>\n";
    for (const DesignComparison& design : comparison.designs) {
        html += element("h2", "", design.name) + banner_of(comparison, design) +
                picture_of(design) + remarks_of(design) + table_of(design, true);
        const std::string others = table_of(design, false);
        if (!others.empty()) {
            html += "<details>" + element("summary", "", "other metrics") + others + "</details>\n";
        }
    }
    return html + "</main>\n" + page_end("archsim compare");
}

}  // namespace archsim::reports
