// The report for the terminal: the answer first (do the expectations hold?), then what the load
// saw, where the time went, how it compares with theory and what to be wary of.
#include "reports/bill.hpp"
#include "reports/report.hpp"
#include "reports/scenario_texts.hpp"
#include "reports/table.hpp"
#include "reports/wrap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace archsim::reports {

namespace {

using scenarios::MetricResult;
using scenarios::Result;
using scenarios::Verdict;

std::string heading(std::string_view text, const Style& style) {
    return "\n" + painted(text, Colour::bold, style) + "\n";
}

/// The paths P of all measured metrics called "P/<last>", in order.
std::vector<std::string> owners_of(const Result& result, std::string_view last) {
    const std::string ending = fmt::format("/{}", last);
    std::vector<std::string> owners;
    for (const auto& metric : result.metrics)
        if (metric.value && metric.name.ends_with(ending))
            owners.push_back(metric.name.substr(0, metric.name.size() - ending.size()));
    return owners;
}

const MetricResult* metric_of(const Result& result, std::string_view owner, std::string_view last) {
    return find_metric(result, fmt::format("{}/{}", owner, last));
}

/// The value of a metric, "-" where there is none.
std::string value_text(const MetricResult* metric) {
    return metric != nullptr && metric->value ? humanised(*metric->value, metric->unit) : "-";
}

/// The half width of its interval in percent, or "".
std::string error_text(const MetricResult* metric, const Style& style) {
    return metric != nullptr ? relative_error(metric->value, metric->ci95, style) : "";
}

std::string first_line(const Result& result, const Style& style) {
    std::string line = fmt::format("{}: {} replication{} of {}, seed {}",
                                   painted(printable(result.scenario), Colour::bold, style),
                                   result.replications, result.replications == 1 ? "" : "s",
                                   humanised(result.simulated.in_seconds(), "s"), result.seed);
    if (result.warm_up > sim::Duration{})
        line += fmt::format(", without the first {}", humanised(result.warm_up.in_seconds(), "s"));
    line += "\n";
    const scenarios::Texts texts = texts_in(result, style.language);
    if (!texts.description.empty()) line += printable(texts.description) + "\n";
    if (!texts.question.empty()) {
        line += painted(printable(texts.question), Colour::bold, style) + "\n";
    }
    if (result.status != scenarios::Status::complete) {
        const std::string why = printable(why_partial(result.status, result.status_reason));
        line +=
            painted(fmt::format("This result is partial: {}.", why), Colour::yellow, style) + "\n";
    }
    return line;
}

TextCell verdict_sign(Verdict verdict, const Style& style) {
    const Signs& signs = signs_of(style);
    switch (verdict) {
        case Verdict::pass:
            return {std::string{signs.pass}, Colour::green};
        case Verdict::fail:
            return {std::string{signs.fail}, Colour::red};
        case Verdict::undecided:
            return {std::string{signs.undecided}, Colour::yellow};
        case Verdict::no_data:
            break;
    }
    return {std::string{signs.no_data}, Colour::red};
}

/// What was observed, with its interval in the same unit.
std::string observed_text(const Result& result, const scenarios::ExpectResult& expect) {
    const MetricResult* metric = find_metric(result, expect.metric);
    if (!expect.observed || metric == nullptr) return "no data";
    std::string text = humanised(*expect.observed, metric->unit);
    if (metric->ci95)
        text += fmt::format(" [{}, {}]", humanised(metric->ci95->low, metric->unit),
                            humanised(metric->ci95->high, metric->unit));
    return text;
}

std::string expectations(const Result& result, const Style& style) {
    if (result.expect.empty()) return "";
    const auto held =
        std::ranges::count(result.expect, Verdict::pass, &scenarios::ExpectResult::verdict);
    TextTable table{{Align::left, Align::left, Align::left, Align::left}};
    for (const auto& expect : result.expect)
        table.add(
            {verdict_sign(expect.verdict, style),
             printable(expect.expr),
             observed_text(result, expect),
             {expect.verdict == Verdict::pass || expect.verdict == Verdict::fail
                  ? printable(expect.note)
                  : fmt::format("{}{}{}",
                                expect.verdict == Verdict::undecided ? "undecided" : "no data",
                                expect.note.empty() ? "" : ": ", printable(expect.note)),
              Colour::dim}});
    return heading(fmt::format("Expectations: {} of {} hold", held, result.expect.size()), style) +
           table.text(style);
}

std::string load(const Result& result, const Style& style) {
    const std::vector<std::string> sources = owners_of(result, "offered");
    if (sources.empty()) return "";
    TextTable table{{Align::left, Align::right, Align::right, Align::right, Align::right}};
    table.add({"", "offered", "throughput", "goodput", "availability"});
    for (const auto& source : sources) {
        std::vector<TextCell> row = {printable(source)};
        for (const char* name : {"offered", "throughput", "goodput", "availability"})
            row.emplace_back(value_text(metric_of(result, source, name)));
        table.add(std::move(row));
    }
    return heading("Load", style) + table.text(style);
}

std::string latency(const Result& result, const Style& style) {
    std::vector<std::string> sources = owners_of(result, "latency/mean");
    if (sources.empty()) return "";
    std::stable_partition(sources.begin(), sources.end(), [](const std::string& name) {
        return name.find("->") == std::string::npos;
    });
    TextTable table{{Align::left, Align::right, Align::left, Align::right, Align::right,
                     Align::right, Align::left, Align::right, Align::right}};
    table.add({"", "mean", "", "p50", "p95", "p99", "", "p99.9", "max"});
    for (const auto& source : sources) {
        const auto value = [&](const char* statistic) {
            return value_text(metric_of(result, source, fmt::format("latency/{}", statistic)));
        };
        const auto error = [&](const char* name) {
            return TextCell{error_text(metric_of(result, source, name), style), Colour::dim};
        };
        table.add({printable(source), value("mean"), error("latency/mean"), value("p50"),
                   value("p95"), value("p99"), error("latency/p99"), value("p99.9"), value("max")});
    }
    return heading("Latency", style) + table.text(style);
}

Colour colour_of_utilisation(double utilisation) {
    if (utilisation >= 0.9) return Colour::red;
    return utilisation >= 0.7 ? Colour::yellow : Colour::none;
}

std::string stations(const Result& result, const Style& style) {
    std::vector<std::string> names = owners_of(result, "utilisation");
    if (names.empty()) return "";
    std::vector<std::string> owners = names;
    std::ranges::sort(owners);
    const auto load_of = [&](const std::string& name) {
        return metric_of(result, name, "utilisation")->value.value_or(0.0);
    };
    // An instance follows its component, so that the first row is the busiest component.
    const auto component_of = [&](const std::string& name) {
        const std::string owner = name.substr(0, name.find('/'));
        return std::ranges::binary_search(owners, owner) ? owner : name;
    };
    std::ranges::stable_sort(names, [&](const std::string& a, const std::string& b) {
        const std::string first = component_of(a);
        const std::string second = component_of(b);
        if (first == second) return a == first && b != first;
        return std::pair{-load_of(first), first} < std::pair{-load_of(second), second};
    });
    TextTable table{{Align::left, Align::right, Align::right, Align::right, Align::right}};
    table.add({"", "utilisation", "waiting", "queue", "rejected"});
    for (const auto& name : names)
        table.add({printable(name),
                   {value_text(metric_of(result, name, "utilisation")),
                    colour_of_utilisation(load_of(name))},
                   value_text(metric_of(result, name, "waiting_time/mean")),
                   value_text(metric_of(result, name, "queue_length/mean")),
                   value_text(metric_of(result, name, "rejected"))});
    std::string text = heading("Stations, the busiest first", style) + table.text(style);
    if (load_of(names.front()) > 0.0)
        text += fmt::format("  Bottleneck: {} at {}.\n", printable(names.front()),
                            humanised(load_of(names.front()), "ratio", 3));
    return text;
}

std::string theory(const Result& result, const Style& style) {
    if (result.theory.empty()) return "";
    TextTable table{{Align::left, Align::right, Align::right, Align::left, Align::left}};
    table.add({"", "measured", "theory", "deviation", "formula"});
    for (const auto& entry : result.theory) {
        const MetricResult* metric = find_metric(result, entry.metric);
        std::string deviation;
        Colour colour = Colour::none;
        if (entry.deviation_sigmas) {
            deviation = fmt::format("{:+.1f} {}", *entry.deviation_sigmas, signs_of(style).sigma);
            if (std::abs(*entry.deviation_sigmas) > 3.0) colour = Colour::yellow;
        }
        table.add({printable(entry.metric),
                   value_text(metric),
                   humanised(entry.value, metric != nullptr ? metric->unit : ""),
                   {deviation, colour},
                   printable(entry.formula)});
    }
    return heading("Theory", style) + table.text(style);
}

std::string cell_text(const scenarios::Cell& cell, std::string_view unit) {
    if (const auto* number = std::get_if<double>(&cell)) return humanised(*number, unit);
    if (const auto* text = std::get_if<std::string>(&cell)) return printable(*text);
    if (const auto* statement = std::get_if<bool>(&cell)) return *statement ? "yes" : "no";
    return "-";
}

/// The chapter "why": each finding is a sentence, too long for a column.
std::string findings(const scenarios::Section& chapter, const Style& style) {
    std::string text = heading(printable(chapter.title), style);
    for (const auto& table : chapter.tables) {
        for (const auto& row : table.rows) {
            if (row.size() < 3) continue;
            text += wrapped(fmt::format("{}: {}", cell_text(row[0], ""), cell_text(row[1], "")),
                            "  - ", 4);
            if (std::holds_alternative<std::monostate>(row[2])) continue;
            text += wrapped("try " + cell_text(row[2], ""), "      ", 6);
        }
    }
    return text;
}

std::string section(const scenarios::Section& chapter, const Style& style) {
    if (chapter.name == "why") return findings(chapter, style);
    std::string text = heading(printable(chapter.title), style);
    TextTable facts{{Align::left, Align::left}};
    for (const auto& fact : chapter.facts)
        facts.add({printable(fact.name), cell_text(fact.value, fact.unit)});
    text += facts.text(style);
    for (const auto& table : chapter.tables) {
        if (!table.title.empty()) text += fmt::format("  {}\n", printable(table.title));
        std::vector<Align> columns;
        std::vector<TextCell> names;
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            const bool number = !table.rows.empty() && i < table.rows.front().size() &&
                                std::holds_alternative<double>(table.rows.front()[i]);
            columns.push_back(number ? Align::right : Align::left);
            names.emplace_back(printable(table.columns[i].name));
        }
        TextTable rows{std::move(columns)};
        rows.add(std::move(names));
        for (const auto& row : table.rows) {
            std::vector<TextCell> cells;
            for (std::size_t i = 0; i < std::min(row.size(), table.columns.size()); ++i)
                cells.emplace_back(cell_text(row[i], table.columns[i].unit));
            rows.add(std::move(cells));
        }
        text += rows.text(style);
    }
    return text;
}

std::string cost(const Result& result, const Style& style) {
    if (result.cost.assumptions.empty()) return "";
    TextTable table{{Align::left, Align::left, Align::left, Align::left, Align::right}};
    for (const BillRow& row : bill_rows(result.cost)) {
        table.add({printable(row.node), printable(row.item), printable(row.quantity),
                   printable(row.price), row.amount});
    }
    table.add({"together", "", "", "", humanised(result.cost.total().dollars(), "usd")});
    std::string text = heading("Cost per month", style) + table.text(style);
    const std::string each = per_million(result.cost);
    return each.empty() ? text : text + "  That is " + each + ".\n";
}

std::string cautions(const Result& result, const Style& style) {
    std::string text;
    if (!result.spof.empty()) {
        TextTable table{{Align::left, Align::left}};
        for (const auto& spof : result.spof)
            table.add({printable(spof.node),
                       printable(spof.reason) +
                           (spof.lost ? fmt::format(" (killed in a run: {} of all answers lost)",
                                                    humanised(*spof.lost, "ratio", 3))
                                      : std::string{})});
        text += heading("Single points of failure", style) + table.text(style);
    }
    if (!result.warnings.empty()) {
        text += heading("Warnings", style);
        for (const auto& warning : result.warnings)
            text += "  " + painted("! " + printable(warning), Colour::yellow, style) + "\n";
    }
    const std::size_t assumed = result.assumptions.size() + result.cost.assumptions.size();
    if (assumed > 0)
        text += fmt::format("\n{} assumption{} made (in the JSON report).\n", assumed,
                            assumed == 1 ? "" : "s");
    return text;
}

}  // namespace

std::string write_verdicts(const Result& result, const Style& style) {
    return first_line(result, style) + expectations(result, style);
}

std::string write_sections(const Result& result, const Style& style) {
    std::string text;
    for (const auto& chapter : result.sections) text += section(chapter, style);
    return text + cautions(result, style);
}

std::string write_summary(const Result& result, const Style& style) {
    std::string text = first_line(result, style) + expectations(result, style) +
                       load(result, style) + latency(result, style) + stations(result, style) +
                       theory(result, style);
    for (const auto& chapter : result.sections) {
        if (chapter.is_for_drawing) continue;
        if (chapter.name == "bottleneck") continue;  // said under the stations already
        text += section(chapter, style);
    }
    text += cost(result, style) + cautions(result, style);
    const std::string look_at = texts_in(result, style.language).look_at;
    if (!look_at.empty())
        text += heading("What to look at", style) + wrapped(printable(look_at), "  ", 2);
    return text;
}

}  // namespace archsim::reports
