// Rows and cells.
#include "reports/html/tables.hpp"

#include "reports/bill.hpp"
#include "reports/html/markup.hpp"
#include "reports/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <utility>
#include <vector>

namespace archsim::reports {

namespace {

using scenarios::MetricResult;
using scenarios::Result;
using scenarios::Verdict;

/// A cell whose text is still to be escaped.
struct HtmlCell {
    std::string text;
    bool is_number = false;
    std::string classes{};
};

std::string cell_html(std::string_view tag, const HtmlCell& cell) {
    std::string classes = cell.is_number ? "n" : "";
    if (cell.text.empty()) return element(tag, "", "");
    if (!cell.classes.empty()) classes += (classes.empty() ? "" : " ") + cell.classes;
    return element(tag, classes.empty() ? "" : "class=\"" + classes + "\"", cell.text);
}

std::string row_html(std::string_view tag, const std::vector<HtmlCell>& cells) {
    std::string html = "<tr>";
    for (const HtmlCell& cell : cells) html += cell_html(tag, cell);
    return html + "</tr>\n";
}

std::string table_html(const std::vector<HtmlCell>& head, const std::string& rows) {
    return "<div class=\"wide\"><table><thead>" + row_html("th", head) + "</thead><tbody>\n" +
           rows + "</tbody></table></div>\n";
}

std::string interval_text(const MetricResult& metric) {
    if (!metric.ci95) return "";
    return fmt::format("{} \xe2\x80\x93 {}", humanised(metric.ci95->low, metric.unit),
                       humanised(metric.ci95->high, metric.unit));
}

HtmlCell value_cell(const MetricResult* metric) {
    if (metric == nullptr || !metric->value) return {"\xe2\x80\x93", true};
    const Style plain;
    std::string text = humanised(*metric->value, metric->unit);
    const std::string error = relative_error(metric->value, metric->ci95, plain);
    if (!error.empty()) text += " " + error;
    return {text, true};
}

const MetricResult* metric_of(const Result& result, const std::string& owner,
                              std::string_view last) {
    return scenarios::find_metric(result, fmt::format("{}/{}", owner, last));
}

/// Everything that has a measured metric called OWNER/`last`; edges and instances are left out.
std::vector<std::string> owners_of(const Result& result, std::string_view last) {
    std::vector<std::string> owners;
    const std::string ending = fmt::format("/{}", last);
    for (const MetricResult& metric : result.metrics) {
        if (!metric.value || !metric.name.ends_with(ending)) continue;
        if (metric.name.find("->") != std::string::npos) continue;
        owners.push_back(metric.name.substr(0, metric.name.size() - ending.size()));
    }
    return owners;
}

Verdict overall(const Result& result) {
    Verdict worst = Verdict::pass;
    for (const auto& expect : result.expect) {
        if (expect.verdict == Verdict::fail || expect.verdict == Verdict::no_data) {
            return Verdict::fail;
        }
        if (expect.verdict == Verdict::undecided) worst = Verdict::undecided;
    }
    return worst;
}

std::string_view sign_of(Verdict verdict) {
    const Signs& signs = signs_of(Style{});
    switch (verdict) {
        case Verdict::pass:
            return signs.pass;
        case Verdict::fail:
            return signs.fail;
        case Verdict::undecided:
            return signs.undecided;
        case Verdict::no_data:
            break;
    }
    return signs.no_data;
}

HtmlCell section_cell(const scenarios::Cell& cell, const std::string& unit, const Words& words) {
    if (const auto* number = std::get_if<double>(&cell)) return {humanised(*number, unit), true};
    if (const auto* text = std::get_if<std::string>(&cell)) return {*text};
    if (const auto* statement = std::get_if<bool>(&cell)) {
        return {std::string{*statement ? words.yes : words.no}};
    }
    return {"\xe2\x80\x93"};
}

std::string_view word_of(Verdict verdict, const Words& words) {
    if (verdict == Verdict::pass) return words.passes;
    if (verdict == Verdict::undecided) return words.is_undecided;
    return verdict == Verdict::fail ? words.fails : words.no_data;
}

HtmlCell cell_of(Verdict verdict, const Words& words) {
    return {fmt::format("{} {}", sign_of(verdict), word_of(verdict, words)), false,
            std::string{name_of(verdict)}};
}

/// The line that unfolds `count` things.
std::string unfold_html(std::size_t count, const Words& words) {
    return element("summary", "", fmt::format("{} {}", words.show, count));
}

std::string list_html(std::string_view heading, const std::vector<std::string>& lines,
                      const Words& words, bool folded) {
    if (lines.empty()) return "";
    std::string items = "<ul>\n";
    for (const std::string& line : lines) items += element("li", "", line) + "\n";
    items += "</ul>\n";
    if (!folded) return element("h2", "", heading) + items;
    return element("h2", "", heading) + "<details>" + unfold_html(lines.size(), words) + items +
           "</details>\n";
}

/// Rows from which on the list keeps to the main metrics, so that a page stays below 400 KB.
constexpr std::size_t many_metrics = 500;

/// Whether a metric is none of a single instance or edge, and no quantile but p99.
bool is_main(std::string_view name) {
    if (name.find("->") != std::string_view::npos) return false;
    for (std::size_t at = name.find('/'); at != std::string_view::npos;
         at = name.find('/', at + 1)) {
        if (at + 1 < name.size() && name[at + 1] >= '0' && name[at + 1] <= '9') return false;
    }
    return !name.ends_with("/p50") && !name.ends_with("/p90") && !name.ends_with("/p95") &&
           !name.ends_with("/p99.9") && !name.ends_with("/max");
}

std::string all_metrics_html(const Result& result, const Words& words) {
    std::string rows;
    std::size_t left_out = 0;
    for (const MetricResult& metric : result.metrics) {
        if (result.metrics.size() >= many_metrics && !is_main(metric.name)) {
            ++left_out;
            continue;
        }
        rows += row_html("td", {{metric.name},
                                {metric.value ? humanised(*metric.value, metric.unit)
                                              : std::string{words.no_data},
                                 true},
                                {interval_text(metric), true},
                                {metric.reason, false, "soft"}});
    }
    return element("h2", "", words.all_metrics) + "<details>" +
           unfold_html(result.metrics.size() - left_out, words) +
           (left_out == 0 ? ""
                          : element("p", "class=\"soft\"",
                                    fmt::format("{}: {}", words.in_json_only, left_out))) +
           table_html({{std::string{words.metric}},
                       {std::string{words.value}, true},
                       {std::string{words.interval}, true},
                       {std::string{words.note}}},
                      rows) +
           "</details>\n";
}

}  // namespace

std::string verdicts_html(const Result& result, const Words& words) {
    if (result.expect.empty()) return element("p", "class=\"soft\"", words.no_expectations);
    const Verdict all = overall(result);
    const std::string_view sentence = all == Verdict::pass   ? words.all_hold
                                      : all == Verdict::fail ? words.some_fail
                                                             : words.undecided;
    const auto held =
        std::ranges::count(result.expect, Verdict::pass, &scenarios::ExpectResult::verdict);
    std::string html =
        element("p", fmt::format("class=\"banner {}\"", name_of(all)),
                fmt::format("{} {} ({}/{})", sign_of(all), sentence, held, result.expect.size()));
    std::string rows;
    for (const auto& expect : result.expect) {
        const MetricResult* metric = scenarios::find_metric(result, expect.metric);
        const std::string observed = expect.observed && metric != nullptr
                                         ? humanised(*expect.observed, metric->unit)
                                         : std::string{words.no_data};
        rows += row_html("td", {cell_of(expect.verdict, words),
                                {expect.expr},
                                {observed, true},
                                {metric != nullptr ? interval_text(*metric) : "", true},
                                {expect.note, false, "soft"}});
    }
    return html + table_html({{std::string{words.verdict}},
                              {std::string{words.expectation}},
                              {std::string{words.observed}, true},
                              {std::string{words.interval}, true},
                              {std::string{words.note}}},
                             rows);
}

std::string load_html(const Result& result, const Words& words) {
    const std::vector<std::string> sources = owners_of(result, "offered");
    if (sources.empty()) return "";
    constexpr std::array<const char*, 8> columns = {"offered",      "goodput",      "availability",
                                                    "latency/mean", "latency/p50",  "latency/p95",
                                                    "latency/p99",  "latency/p99.9"};
    std::vector<HtmlCell> head = {{""}};
    for (const char* column : columns) head.push_back({column, true});
    std::string rows;
    for (const std::string& source : sources) {
        std::vector<HtmlCell> cells = {{source}};
        for (const char* column : columns) {
            cells.push_back(value_cell(metric_of(result, source, column)));
        }
        rows += row_html("td", cells);
    }
    return element("h2", "", words.load) + table_html(head, rows);
}

std::string stations_html(const Result& result, const Words& words) {
    std::vector<std::string> names = owners_of(result, "utilisation");
    if (names.empty()) return "";
    const auto use = [&result](const std::string& name) {
        return -metric_of(result, name, "utilisation")->value.value_or(0.0);
    };
    std::ranges::stable_sort(names, {}, use);
    constexpr std::array<const char*, 6> columns = {"utilisation",       "arrivals",
                                                    "waiting_time/mean", "waiting_time/p99",
                                                    "queue_length/mean", "rejected"};
    std::vector<HtmlCell> head = {{""}};
    for (const char* column : columns) head.push_back({column, true});
    std::string rows;
    for (const std::string& name : names) {
        std::vector<HtmlCell> cells = {{name}};
        for (const char* column : columns) {
            cells.push_back(value_cell(metric_of(result, name, column)));
        }
        rows += row_html("td", cells);
    }
    return element("h2", "", words.stations) + table_html(head, rows);
}

std::string theory_html(const Result& result, const Words& words) {
    if (result.theory.empty()) return "";
    std::string rows;
    for (const auto& entry : result.theory) {
        const MetricResult* metric = scenarios::find_metric(result, entry.metric);
        const std::string unit = metric != nullptr ? metric->unit : "";
        HtmlCell deviation;
        if (entry.deviation_sigmas) {
            deviation = {fmt::format("{:+.1f} \xcf\x83", *entry.deviation_sigmas), true,
                         std::abs(*entry.deviation_sigmas) > 3.0 ? "undecided" : ""};
        }
        rows += row_html("td", {{entry.metric},
                                value_cell(metric),
                                {humanised(entry.value, unit), true},
                                deviation,
                                {entry.formula}});
    }
    return element("h2", "", words.theory) + table_html({{std::string{words.metric}},
                                                         {std::string{words.measured}, true},
                                                         {std::string{words.predicted}, true},
                                                         {std::string{words.deviation}, true},
                                                         {std::string{words.formula}}},
                                                        rows);
}

std::string verdict_cell(std::optional<Verdict> verdict, const Words& words) {
    return verdict ? cell_html("td", cell_of(*verdict, words)) : element("td", "", "");
}

namespace {

/// Whether a column has a value in any row: one that has none would only take room.
bool is_used(const scenarios::Table& table, std::size_t column) {
    return std::ranges::any_of(table.rows, [column](const auto& row) {
        return column < row.size() && !std::holds_alternative<std::monostate>(row[column]);
    });
}

std::string section_table_html(const scenarios::Table& table, const Words& words) {
    std::vector<HtmlCell> head;
    std::vector<std::size_t> used;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (!is_used(table, i)) continue;
        const bool is_number = std::ranges::any_of(table.rows, [i](const auto& row) {
            return i < row.size() && std::holds_alternative<double>(row[i]);
        });
        used.push_back(i);
        head.push_back({table.columns[i].name, is_number});
    }
    std::string rows;
    for (const auto& row : table.rows) {
        std::vector<HtmlCell> cells;
        for (const std::size_t i : used) {
            cells.push_back(i < row.size() ? section_cell(row[i], table.columns[i].unit, words)
                                           : HtmlCell{});
        }
        rows += row_html("td", cells);
    }
    return table_html(head, rows);
}

}  // namespace

std::string section_html(const scenarios::Section& section, const Words& words) {
    std::string html = element("h2", "", title_in(words, section.title));
    if (!section.facts.empty()) {
        std::string rows;
        for (const auto& fact : section.facts) {
            HtmlCell value = section_cell(fact.value, fact.unit, words);
            value.is_number = false;  // Facts are no column of numbers to compare.
            rows += row_html("td", {{fact.name}, value});
        }
        html += "<div class=\"wide\"><table><tbody>\n" + rows + "</tbody></table></div>\n";
    }
    for (const auto& table : section.tables) {
        if (table.rows.empty()) continue;
        if (!table.title.empty()) html += element("h3", "", title_in(words, table.title));
        html += section_table_html(table, words);
    }
    return html;
}

namespace {

std::string cost_html(const scenarios::Bill& bill, const Words& words) {
    std::string rows;
    for (const BillRow& row : bill_rows(bill)) {
        rows += row_html("td",
                         {{row.node}, {row.item}, {row.quantity}, {row.price}, {row.amount, true}});
    }
    rows += row_html("td", {{std::string{words.together}},
                            {""},
                            {per_million(bill)},
                            {""},
                            {humanised(bill.total().dollars(), "usd"), true}});
    return element("h2", "", words.cost) +
           table_html({{""},
                       {std::string{words.item}},
                       {std::string{words.quantity}},
                       {std::string{words.price}},
                       {std::string{words.per_month}, true}},
                      rows) +
           list_html(words.cost_basis, bill.assumptions, words, true);
}

}  // namespace

std::string closing_html(const Result& result, const Words& words) {
    std::string html;
    if (!result.cost.assumptions.empty()) html += cost_html(result.cost, words);
    if (!result.spof.empty()) {
        std::string rows;
        for (const auto& spof : result.spof) {
            const std::string lost = spof.lost ? humanised(*spof.lost, "ratio", 3) : "";
            rows += row_html("td", {{spof.node}, {spof.reason}, {lost, true}});
        }
        html += element("h2", "", words.failure_points) + "<div class=\"wide\"><table><tbody>\n" +
                rows + "</tbody></table></div>\n";
    }
    html += list_html(words.warnings, result.warnings, words, false);
    html += list_html(words.assumptions, result.assumptions, words, true);
    return html + all_metrics_html(result, words);
}

}  // namespace archsim::reports
