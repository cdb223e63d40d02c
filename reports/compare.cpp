// One set of cells for both tables, and the JSON.
#include "reports/compare.hpp"

#include "reports/json_values.hpp"
#include "reports/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace archsim::reports {

namespace {

using models::Value;
using scenarios::Change;
using scenarios::ComparisonResult;
using scenarios::DesignComparison;
using scenarios::MetricComparison;

std::string change_words(Change change) {
    switch (change) {
        case Change::no_difference:
            return "no difference shown";
        case Change::no_data:
            return "no data";
        default:
            return std::string{name_of(change)};
    }
}

std::string_view sign_for(Change change, const Signs& signs) {
    switch (change) {
        case Change::improved:
        case Change::no_difference:
            return signs.pass;
        case Change::regressed:
            return signs.fail;
        case Change::no_data:
            return signs.no_data;
        default:
            return signs.undecided;
    }
}

Colour colour_for(Change change) {
    switch (change) {
        case Change::improved:
            return Colour::green;
        case Change::regressed:
        case Change::no_data:
            return Colour::red;
        case Change::no_difference:
            return Colour::none;
        default:
            return Colour::yellow;
    }
}

std::string amount(const std::optional<double>& value, const std::string& unit) {
    return value ? humanised(*value, unit) : "n/a";
}

/// "+1.2 ms (0.9 to 1.5 ms)": the difference with its interval.
std::string difference_text(const MetricComparison& one) {
    if (!one.difference) return "n/a";
    const auto with_sign = [&](double value) {
        return (value < 0.0 ? "-" : "+") + humanised(std::abs(value), one.unit, 3);
    };
    if (!one.interval) return with_sign(*one.difference);
    return fmt::format("{} ({} to {})", with_sign(*one.difference), with_sign(one.interval->low),
                       with_sign(one.interval->high));
}

std::string ratio_text(const MetricComparison& one) {
    if (!one.ratio) return "n/a";
    if (!one.ratio_interval) return significant(*one.ratio, 3);
    return fmt::format("{} ({} to {})", significant(*one.ratio, 3),
                       significant(one.ratio_interval->low, 3),
                       significant(one.ratio_interval->high, 3));
}

/// What common random numbers did to the intervals.
std::string pairing_text(double factor) {
    if (factor < 1.0) {
        return fmt::format("pairing makes the intervals {} times as long (median)",
                           significant(1.0 / factor, 3));
    }
    return fmt::format(
        "pairing makes the intervals {} times as short (median), worth {} times the replications",
        significant(factor, 3), significant(factor * factor, 3));
}

std::string setup_text(const ComparisonResult& result) {
    std::string text =
        fmt::format("{} replications, {}", result.replications,
                    result.common_random_numbers
                        ? fmt::format("common random numbers from seed {}", result.seed)
                        : std::string{"each design with its own seed"});
    if (result.crn_factor && result.common_random_numbers)
        text += "; " + pairing_text(*result.crn_factor);
    if (result.status != scenarios::Status::complete)
        text += "; " + why_partial(result.status, result.status_reason);
    return text;
}

constexpr std::string_view method_text =
    "Verdicts hold together: at 95 % after Holm over all headline metrics (and over all others). "
    "Intervals are 95 % each.";

/// Of the others only those with something to say, unless all are wanted.
bool is_shown(const MetricComparison& one, bool all) {
    if (one.headline || all) return true;
    return one.change == Change::improved || one.change == Change::regressed ||
           one.change == Change::changed;
}

Value metric_comparison_value(const MetricComparison& one) {
    Value json = Value::object();
    json.append("better", Value::string(std::string{name_of(one.better)}));
    json.append("ci95", interval_or_null(one.interval));
    json.append("crn_factor", number_or_null(one.crn_factor));
    json.append("design", number_or_null(one.design));
    json.append("difference", number_or_null(one.difference));
    json.append("headline", Value::boolean(one.headline));
    json.append("n", Value::integer(one.n));
    json.append("p_value", number_or_null(one.p_value));
    json.append("ratio", number_or_null(one.ratio));
    json.append("ratio_ci95", interval_or_null(one.ratio_interval));
    json.append("reference", number_or_null(one.reference));
    json.append("unit", Value::string(one.unit));
    json.append("verdict", Value::string(std::string{name_of(one.change)}));
    return json;
}

}  // namespace

std::string markdown_text(std::string_view text) {
    std::string safe;
    for (const char c : printable(text)) {
        if (std::string_view{"|<>&*_`[]\\"}.find(c) != std::string_view::npos) {
            safe += c == '<'   ? "&lt;"
                    : c == '>' ? "&gt;"
                    : c == '&' ? "&amp;"
                               : std::string{'\\', c};
        } else {
            safe += c;
        }
    }
    return safe;
}

ComparisonCells cells_of(const MetricComparison& one, const Signs& signs) {
    return {std::string{sign_for(one.change, signs)},
            change_words(one.change),
            amount(one.reference, one.unit),
            amount(one.design, one.unit),
            difference_text(one),
            ratio_text(one)};
}

std::string names_line(std::string_view what, const std::vector<std::string>& names) {
    if (names.empty()) return {};
    constexpr std::size_t most = 8;
    std::string text = fmt::format("{}: ", what);
    for (std::size_t i = 0; i < std::min(names.size(), most); ++i)
        text += (i > 0 ? ", " : "") + printable(names[i]);
    if (names.size() > most) text += fmt::format(" and {} more", names.size() - most);
    return text;
}

std::vector<std::string> lines_of_names(const DesignComparison& design) {
    std::vector<std::string> lines;
    for (std::string line : {names_line("only in the reference", design.only_in_reference),
                             names_line("only in this design", design.only_here)}) {
        if (!line.empty()) lines.push_back(std::move(line));
    }
    return lines;
}

std::string method_of(const ComparisonResult& comparison) {
    return setup_text(comparison) + ". " + std::string{method_text};
}

std::string write_comparison(const ComparisonResult& comparison, const Style& style, bool all) {
    const Signs& signs = signs_of(style);
    std::string text;
    for (const DesignComparison& design : comparison.designs) {
        text += painted(fmt::format("{} against {}", printable(design.name),
                                    printable(comparison.reference)),
                        Colour::bold, style) +
                "\n";
        TextTable table{{Align::left, Align::left, Align::left, Align::right, Align::right,
                         Align::left, Align::left}};
        table.add({"", "verdict", "metric", "reference", "design", "difference", "ratio"});
        for (const MetricComparison& one : design.metrics) {
            if (!is_shown(one, all)) continue;
            const Colour colour = colour_for(one.change);
            const ComparisonCells cells = cells_of(one, signs);
            table.add({TextCell{cells.sign, colour}, TextCell{cells.verdict, colour},
                       TextCell{printable(one.metric), one.headline ? Colour::bold : Colour::none},
                       cells.reference, cells.design, cells.difference, cells.ratio});
        }
        text += table.text(style);
        for (const std::string& line : lines_of_names(design)) text += "  " + line + "\n";
        text += "\n";
    }
    return text + "  " + setup_text(comparison) + "\n  " + std::string{method_text} + "\n";
}

std::string write_comparison_markdown(const ComparisonResult& comparison) {
    std::string text;
    const Signs& signs = signs_of({.colour = false, .unicode = true});
    for (const DesignComparison& design : comparison.designs) {
        text += fmt::format("### {} against {}\n\n", markdown_text(design.name),
                            markdown_text(comparison.reference));
        constexpr std::string_view head =
            "| | Metric | Reference | Design | Difference (95 %) | Ratio | Verdict |\n"
            "|---|---|---:|---:|---|---|---|\n";
        std::string first{head};
        std::string rest{head};
        std::size_t others = 0;
        for (const MetricComparison& one : design.metrics) {
            if (!one.headline) ++others;
            const ComparisonCells cells = cells_of(one, signs);
            (one.headline ? first : rest) += fmt::format(
                "| {} | {} | {} | {} | {} | {} | {} |\n", cells.sign, markdown_text(one.metric),
                cells.reference, cells.design, cells.difference, cells.ratio, cells.verdict);
        }
        text += first;
        if (others > 0)
            text += fmt::format(
                "\n<details><summary>{} other metrics</summary>\n\n{}\n</details>\n", others, rest);
        for (const std::string& line : lines_of_names(design))
            text += "\n" + markdown_text(line) + "\n";
        text += "\n";
    }
    return text + method_of(comparison) + "\n";
}

std::string write_comparison_json(const ComparisonResult& comparison) {
    Value designs = Value::array();
    for (const DesignComparison& design : comparison.designs) {
        std::vector<const MetricComparison*> sorted;
        for (const MetricComparison& one : design.metrics) sorted.push_back(&one);
        std::ranges::sort(sorted, {},
                          [](const auto* one) { return std::string_view{one->metric}; });
        Value metrics = Value::object();
        for (const MetricComparison* const one : sorted)
            metrics.append(one->metric, metric_comparison_value(*one));
        Value json = Value::object();
        json.append("metrics", std::move(metrics));
        json.append("name", Value::string(design.name));
        json.append("only_here", texts(design.only_here));
        json.append("only_in_reference", texts(design.only_in_reference));
        designs.push(std::move(json));
    }
    Value json = Value::object();
    json.append("common_random_numbers", Value::boolean(comparison.common_random_numbers));
    json.append("crn_factor", number_or_null(comparison.crn_factor));
    json.append("designs", std::move(designs));
    json.append("margin", number_or_null(comparison.margin));
    json.append("reference", Value::string(comparison.reference));
    json.append("replications", Value::integer(comparison.replications));
    json.append("schema", Value::string("archsim.compare/1"));
    json.append("seed", Value::integer(static_cast<std::int64_t>(comparison.seed)));
    json.append("status", Value::string(std::string{name_of(comparison.status)}));
    if (!comparison.status_reason.empty())
        json.append("status_reason", Value::string(comparison.status_reason));
    json.append("tolerance", number_or_null(comparison.tolerance));
    return json.to_pretty_json();
}

}  // namespace archsim::reports
