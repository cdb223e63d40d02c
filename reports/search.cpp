// Sentences first, tables after.
#include "reports/search.hpp"

#include "reports/json_values.hpp"
#include "reports/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace archsim::reports {

namespace {

using models::Value;
using scenarios::Verdict;

Value text_value(std::string text) { return Value::string(std::move(text)); }
Value status_value(scenarios::Status status) { return text_value(std::string{name_of(status)}); }

std::string verdict_text(Verdict verdict, bool decided, const Signs& signs) {
    const std::string_view sign = verdict == Verdict::pass   ? signs.pass
                                  : verdict == Verdict::fail ? signs.fail
                                                             : signs.no_data;
    return fmt::format("{} {}{}", sign, name_of(verdict), decided ? "" : " (by its value)");
}

Colour colour_of(Verdict verdict) { return verdict == Verdict::pass ? Colour::green : Colour::red; }

std::string amount(const std::optional<double>& value, const std::string& unit) {
    return value ? humanised(*value, unit) : "n/a";
}

/// "between A, where it decidedly holds, and B, where it decidedly does not".
std::string certainty(const scenarios::CapacityAnswer& answer) {
    std::string text;
    if (answer.holds_at)
        text += fmt::format("shown to hold at {}", significant(*answer.holds_at, 6));
    if (answer.fails_at)
        text += fmt::format("{}shown to fail at {}", text.empty() ? "" : ", ",
                            significant(*answer.fails_at, 6));
    return text.empty() ? "not shown on either side: the values decide" : text;
}

std::string settings_text(const std::vector<std::string>& settings) {
    std::string text;
    for (const std::string& setting : settings) {
        const bool in_nodes = setting.starts_with("nodes/");
        text += (text.empty() ? "" : " ") + printable(setting.substr(in_nodes ? 6 : 0));
    }
    return text.empty() ? "as it is" : text;
}

/// A bar of `span` against the largest one.
std::string bar(double span, double largest, const Style& style) {
    constexpr double width = 30.0;
    const auto length =
        largest > 0.0 ? static_cast<std::size_t>(std::lround(width * span / largest)) : 0;
    std::string text;
    for (std::size_t i = 0; i < length; ++i) text += style.unicode ? "█" : "#";
    return text;
}

}  // namespace

std::string write_capacity(const scenarios::CapacityAnswer& answer, const CapacityWords& words,
                           const Style& style) {
    std::string text;
    if (answer.found) {
        text = fmt::format("{} {} = {}\n  {}\n\n",
                           answer.more_is_better ? "needs at least" : "holds up to",
                           printable(words.what), significant(answer.value, 6), certainty(answer));
    } else {
        text = fmt::format("no answer: {}\n\n", answer.reason);
    }
    std::vector<Align> columns(words.goals.size() + 2, Align::right);
    columns.push_back(Align::left);
    TextTable table{columns};
    std::vector<TextCell> head{TextCell{printable(words.what)}};
    for (const std::string& goal : words.goals) head.emplace_back(printable(goal));
    head.emplace_back("replications");
    table.add(std::move(head));
    const Signs& signs = signs_of(style);
    for (const scenarios::CapacityPoint& point : answer.points) {
        std::vector<TextCell> row{TextCell{significant(point.value, 6)}};
        for (std::size_t i = 0; i < point.observed.size(); ++i)
            row.emplace_back(amount(point.observed[i], words.units[i]));
        row.emplace_back(std::to_string(point.replications));
        row.emplace_back(verdict_text(point.verdict, point.decided, signs),
                         colour_of(point.verdict));
        table.add(std::move(row));
    }
    return text + table.text(style);
}

std::string write_capacity_json(const scenarios::CapacityAnswer& answer,
                                const CapacityWords& words) {
    Value points = Value::array();
    for (const scenarios::CapacityPoint& point : answer.points) {
        Value observed = Value::array();
        for (const auto& value : point.observed) observed.push(number_or_null(value));
        points.push(Value::object({{"decided", Value::boolean(point.decided)},
                                   {"observed", std::move(observed)},
                                   {"replications", Value::integer(point.replications)},
                                   {"value", number_or_null(point.value)},
                                   {"verdict", text_value(std::string{name_of(point.verdict)})}}));
    }
    Value json = Value::object();
    json.append("fails_at", number_or_null(answer.fails_at));
    json.append("found", Value::boolean(answer.found));
    json.append("goals", texts(words.goals));
    json.append("holds_at", number_or_null(answer.holds_at));
    json.append("more_is_better", Value::boolean(answer.more_is_better));
    json.append("points", std::move(points));
    if (!answer.reason.empty()) json.append("reason", text_value(answer.reason));
    json.append("schema", text_value("archsim.capacity/1"));
    json.append("status", status_value(answer.status));
    json.append("value", answer.found ? number_or_null(answer.value) : Value::null());
    json.append("what", text_value(words.what));
    return json.to_pretty_json();
}

std::string write_optimum(const scenarios::OptimizeResult& result, const Style& style, bool all) {
    const Signs& signs = signs_of(style);
    std::string text;
    if (result.best) {
        const scenarios::Candidate& best = result.candidates[*result.best];
        text = fmt::format("{} cheapest of {} designs: {}\n  cost {}{}\n\n", signs.pass,
                           result.candidates.size(), settings_text(best.settings),
                           humanised(best.cost, result.cost_unit),
                           best.decided ? "" : "; by its values: more replications would decide");
    } else {
        text = fmt::format("{} no answer: {}\n\n", signs.fail, result.reason);
    }
    if (result.candidates.empty()) return text;
    std::vector<Align> columns(result.objectives.size(), Align::right);
    columns.insert(columns.begin(), 2, Align::left);
    columns.push_back(Align::left);
    TextTable table{columns};
    std::vector<TextCell> head{TextCell{""}, TextCell{"design"}};
    for (const auto& objective : result.objectives) head.emplace_back(objective.name);
    head.emplace_back("expectations");
    table.add(std::move(head));
    for (std::size_t i = 0; i < result.candidates.size(); ++i) {
        const scenarios::Candidate& one = result.candidates[i];
        const bool is_best = result.best == i;
        if (!all && !is_best && !one.on_front) continue;
        std::vector<TextCell> row{TextCell{is_best        ? ">"
                                           : one.on_front ? "*"
                                                          : ""},
                                  TextCell{settings_text(one.settings)}};
        for (std::size_t k = 0; k < one.objectives.size(); ++k)
            row.emplace_back(amount(one.objectives[k], result.objectives[k].unit));
        row.emplace_back(one.verdict == Verdict::undecided
                             ? std::string{"not decided"}
                             : verdict_text(one.verdict, one.decided, signs),
                         colour_of(one.verdict));
        table.add(std::move(row));
    }
    return text + table.text(style) +
           "\n  > the cheapest that meets all; * no other design is better in everything\n";
}

std::string write_optimum_json(const scenarios::OptimizeResult& result) {
    Value candidates = Value::array();
    for (const scenarios::Candidate& one : result.candidates) {
        Value objectives = Value::object();
        for (std::size_t k = 0; k < one.objectives.size(); ++k)
            objectives.set(result.objectives[k].name, number_or_null(one.objectives[k]));
        candidates.push(
            Value::object({{"cost", number_or_null(one.cost)},
                           {"decided", Value::boolean(one.decided)},
                           {"objectives", std::move(objectives)},
                           {"on_front", Value::boolean(one.on_front)},
                           {"replications", Value::integer(one.replications)},
                           {"settings", texts(one.settings)},
                           {"verdict", text_value(std::string{name_of(one.verdict)})}}));
    }
    Value json = Value::object();
    json.append("best", result.best ? Value::integer(static_cast<std::int64_t>(*result.best))
                                    : Value::null());
    json.append("candidates", std::move(candidates));
    json.append("cost_unit", text_value(result.cost_unit));
    if (!result.reason.empty()) json.append("reason", text_value(result.reason));
    json.append("schema", text_value("archsim.optimize/1"));
    json.append("status", status_value(result.status));
    return json.to_pretty_json();
}

std::string write_sensitivity(const scenarios::Sensitivity& result, const Style& style) {
    if (!result.base) return fmt::format("{} was not measured\n", printable(result.metric));
    std::string text =
        fmt::format("{} is {} (mean of {} replications)\n\n", printable(result.metric),
                    humanised(*result.base, result.unit), result.replications);
    TextTable table{{Align::left, Align::left, Align::right, Align::right, Align::left}};
    table.add({"parameter", "range", "at low", "at high", ""});
    for (const scenarios::SensitivityRow& row : result.rows) {
        table.add({TextCell{printable(row.pointer)},
                   TextCell{printable(row.low) + " .. " + printable(row.high)},
                   TextCell{amount(row.at_low, result.unit)},
                   TextCell{amount(row.at_high, result.unit)},
                   TextCell{bar(row.span, result.rows.front().span, style)}});
    }
    text += table.text(style);
    for (const std::string& line : result.left_out) text += "  left out: " + printable(line) + "\n";
    return text;
}

std::string write_sensitivity_json(const scenarios::Sensitivity& result) {
    Value rows = Value::array();
    for (const scenarios::SensitivityRow& row : result.rows) {
        rows.push(Value::object({{"at_high", number_or_null(row.at_high)},
                                 {"at_low", number_or_null(row.at_low)},
                                 {"high", text_value(row.high)},
                                 {"high_difference_ci95", interval_or_null(row.high_difference)},
                                 {"low", text_value(row.low)},
                                 {"low_difference_ci95", interval_or_null(row.low_difference)},
                                 {"pointer", text_value(row.pointer)},
                                 {"span", number_or_null(row.span)}}));
    }
    Value json = Value::object();
    json.append("base", number_or_null(result.base));
    json.append("left_out", texts(result.left_out));
    json.append("metric", text_value(result.metric));
    json.append("replications", Value::integer(result.replications));
    json.append("rows", std::move(rows));
    json.append("schema", text_value("archsim.sensitivity/1"));
    json.append("status", status_value(result.status));
    json.append("unit", text_value(result.unit));
    return json.to_pretty_json();
}

}  // namespace archsim::reports
