// The result as Markdown tables (GitHub's form), for pull requests, wikis and notebooks.
#include "reports/bill.hpp"
#include "reports/compare.hpp"
#include "reports/exports.hpp"
#include "reports/scenario_texts.hpp"
#include "scenarios/headline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace archsim::reports {

namespace {

using scenarios::Result;

std::string row(const std::vector<std::string>& cells) {
    std::string text = "|";
    for (const std::string& cell : cells) text += " " + cell + " |";
    return text + "\n";
}

std::string head(const std::vector<std::string>& names) {
    return row(names) + row(std::vector<std::string>(names.size(), "---"));
}

std::string amount(const std::optional<double>& value, std::string_view unit) {
    return value ? markdown_text(humanised(*value, unit)) : "-";
}

std::string interval(const scenarios::MetricResult& metric) {
    if (!metric.ci95) return "";
    return fmt::format("{} to {}", markdown_text(humanised(metric.ci95->low, metric.unit)),
                       markdown_text(humanised(metric.ci95->high, metric.unit)));
}

std::string verdicts(const Result& result) {
    if (result.expect.empty()) return "";
    const auto held = std::ranges::count(result.expect, scenarios::Verdict::pass,
                                         &scenarios::ExpectResult::verdict);
    std::string text =
        fmt::format("\n**{} of {} expectations hold.**\n\n", held, result.expect.size()) +
        head({"verdict", "expectation", "observed", "95 % interval", "note"});
    for (const auto& expect : result.expect) {
        const auto* const metric = find_metric(result, expect.metric);
        text += row({markdown_text(name_of(expect.verdict)), markdown_text(expect.expr),
                     amount(expect.observed, metric != nullptr ? metric->unit : ""),
                     metric != nullptr ? interval(*metric) : "", markdown_text(expect.note)});
    }
    return text;
}

std::string bill(const scenarios::Bill& bill) {
    std::string text =
        "\n## Cost per month\n\n" + head({"node", "item", "quantity", "price", "cost"});
    for (const BillRow& line : bill_rows(bill)) {
        text +=
            row({markdown_text(line.node), markdown_text(line.item), markdown_text(line.quantity),
                 markdown_text(line.price), markdown_text(line.amount)});
    }
    text += row({"together", "", markdown_text(per_million(bill)), "",
                 amount(bill.total().dollars(), "usd")});
    text += "\n";
    for (const auto& assumption : bill.assumptions) text += "- " + markdown_text(assumption) + "\n";
    return text;
}

std::string headlines(const Result& result) {
    std::string rows;
    for (const std::string& name : scenarios::headline_metrics(result)) {
        const auto* const metric = find_metric(result, name);
        if (metric == nullptr) continue;
        rows += row({markdown_text(name), amount(metric->value, metric->unit), interval(*metric),
                     markdown_text(metric->reason)});
    }
    if (rows.empty()) return "";
    return "\n## Metrics\n\n" + head({"metric", "value", "95 % interval", "note"}) + rows;
}

std::string cell_text(const scenarios::Cell& cell, std::string_view unit) {
    if (const auto* number = std::get_if<double>(&cell)) return amount(*number, unit);
    if (const auto* text = std::get_if<std::string>(&cell)) return markdown_text(*text);
    if (const auto* statement = std::get_if<bool>(&cell)) return *statement ? "yes" : "no";
    return "-";
}

std::string section_text(const scenarios::Section& section) {
    std::string text = fmt::format("\n## {}\n", markdown_text(section.title));
    if (!section.facts.empty()) text += "\n" + head({"", ""});
    for (const auto& fact : section.facts) {
        text += row({markdown_text(fact.name), cell_text(fact.value, fact.unit)});
    }
    for (const auto& table : section.tables) {
        if (table.columns.empty()) continue;
        if (!table.title.empty()) text += fmt::format("\n{}:\n", markdown_text(table.title));
        std::vector<std::string> names;
        for (const auto& column : table.columns) names.push_back(markdown_text(column.name));
        text += "\n" + head(names);
        for (const auto& cells : table.rows) {
            std::vector<std::string> texts;
            for (std::size_t i = 0; i < cells.size(); ++i) {
                texts.push_back(cell_text(cells[i], table.columns[i].unit));
            }
            text += row(texts);
        }
    }
    return text;
}

}  // namespace

std::string write_markdown(const Result& result) {
    std::string text = fmt::format("# {}\n\n", markdown_text(result.scenario));
    const scenarios::Texts texts = texts_in(result, models::Language::english);
    for (const std::string& paragraph : {texts.description, texts.question, texts.look_at}) {
        if (!paragraph.empty()) text += markdown_text(paragraph) + "\n\n";
    }
    text +=
        fmt::format("{} replication{} of {}, seed {}, fingerprint {:016x}.\n", result.replications,
                    result.replications == 1 ? "" : "s",
                    humanised(result.simulated.in_seconds(), "s"), result.seed, result.fingerprint);
    if (result.status != scenarios::Status::complete) {
        text += fmt::format("\n**Partial: {}**\n",
                            markdown_text(why_partial(result.status, result.status_reason)));
    }
    text += verdicts(result) + headlines(result);
    for (const auto& section : result.sections) {
        if (!section.is_for_drawing) text += section_text(section);
    }
    if (!result.cost.assumptions.empty()) text += bill(result.cost);
    if (!result.spof.empty()) text += "\n## Single points of failure\n\n";
    for (const auto& spof : result.spof) {
        text += fmt::format("- {}: {}\n", markdown_text(spof.node), markdown_text(spof.reason));
    }
    if (!result.warnings.empty()) text += "\n## Warnings\n\n";
    for (const auto& warning : result.warnings) text += "- " + markdown_text(warning) + "\n";
    return text;
}

}  // namespace archsim::reports
