// The result as newline-delimited JSON: lines for jq, log shippers and data frames.
#include "reports/exports.hpp"
#include "reports/json_values.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace archsim::reports {

namespace {

using models::Value;

/// One line: the kind first, then the members of `content` in their order.
std::string line(std::string_view kind, const Value& content) {
    Value object = Value::object();
    object.append("kind", Value::string(std::string{kind}));
    for (const models::Member& member : content.members()) object.append(member.key, member.value);
    return object.to_json() + "\n";
}

/// The name in front of the members of `content`.
Value named(std::string name, const Value& content) {
    Value object = Value::object();
    object.append("name", Value::string(std::move(name)));
    for (const models::Member& member : content.members()) object.append(member.key, member.value);
    return object;
}

Value cell_value(const scenarios::Cell& cell) {
    if (const auto* number = std::get_if<double>(&cell)) return number_or_null(*number);
    if (const auto* text = std::get_if<std::string>(&cell)) return Value::string(*text);
    if (const auto* statement = std::get_if<bool>(&cell)) return Value::boolean(*statement);
    return Value::null();
}

std::string run_line(const scenarios::Result& result) {
    Value run = Value::object();
    run.append("scenario", Value::string(result.scenario));
    run.append("seed", Value::number(fmt::format("{}", result.seed)));
    run.append("replications", Value::integer(result.replications));
    run.append("status", Value::string(std::string{name_of(result.status)}));
    run.append("simulated_s", number_or_null(result.simulated.in_seconds()));
    run.append("warm_up_s", number_or_null(result.warm_up.in_seconds()));
    run.append("events", Value::number(fmt::format("{}", result.events)));
    run.append("fingerprint", Value::string(fmt::format("{:016x}", result.fingerprint)));
    const auto add_if_any = [&run](const char* key, const std::string& text) {
        if (!text.empty()) run.append(key, Value::string(text));
    };
    add_if_any("status_reason", result.status_reason);
    add_if_any("description", result.description);
    add_if_any("question", result.question);
    add_if_any("look_at", result.look_at);
    add_if_any("guide", result.guide);
    return line("run", run);
}

std::string section_lines(const scenarios::Section& section) {
    std::string lines;
    for (const auto& fact : section.facts) {
        Value object = Value::object({{"section", Value::string(section.name)},
                                      {"name", Value::string(fact.name)},
                                      {"value", cell_value(fact.value)},
                                      {"unit", Value::string(fact.unit)}});
        lines += line("fact", object);
    }
    for (const auto& table : section.tables) {
        for (const auto& row : table.rows) {
            Value cells = Value::object();
            for (std::size_t i = 0; i < row.size(); ++i) {
                cells.append(table.columns[i].name, cell_value(row[i]));
            }
            Value object = Value::object(
                {{"section", Value::string(section.name)}, {"table", Value::string(table.name)}});
            object.append("cells", std::move(cells));
            lines += line("row", object);
        }
    }
    return lines;
}

}  // namespace

std::string write_ndjson(const scenarios::Result& result) {
    std::string lines = run_line(result);
    for (const scenarios::NodeResult& node : result.nodes) {
        lines += line("node", Value::object({{"name", Value::string(node.name)},
                                             {"node_kind", Value::string(node.kind)}}));
    }
    for (const auto& metric : result.metrics) {
        lines += line("metric", named(metric.name, metric_value(metric)));
    }
    for (const auto& theory : result.theory) {
        Value object = Value::object({{"metric", Value::string(theory.metric)},
                                      {"value", number_or_null(theory.value)},
                                      {"formula", Value::string(theory.formula)}});
        object.append("deviation_sigmas", number_or_null(theory.deviation_sigmas));
        lines += line("theory", object);
    }
    for (const auto& expect : result.expect) lines += line("expect", expect_value(expect));
    for (const auto& spof : result.spof) {
        Value object = Value::object(
            {{"node", Value::string(spof.node)}, {"reason", Value::string(spof.reason)}});
        object.append("lost", number_or_null(spof.lost));
        lines += line("spof", object);
    }
    for (const scenarios::CostLine& item : result.cost.lines) {
        lines +=
            line("cost", Value::object({{"node", Value::string(item.node)},
                                        {"item", Value::string(item.item)},
                                        {"quantity", number_or_null(item.quantity)},
                                        {"unit", Value::string(item.unit)},
                                        {"note", Value::string(item.note)},
                                        {"price", Value::string(item.price)},
                                        {"usd_per_month", number_or_null(item.amount.dollars())}}));
    }
    for (const std::string& assumption : result.cost.assumptions) {
        lines += line("cost_assumption", Value::object({{"text", Value::string(assumption)}}));
    }
    for (const std::string& assumption : result.assumptions) {
        lines += line("assumption", Value::object({{"text", Value::string(assumption)}}));
    }
    for (const std::string& warning : result.warnings) {
        lines += line("warning", Value::object({{"text", Value::string(warning)}}));
    }
    for (const auto& section : result.sections) lines += section_lines(section);
    return lines;
}

}  // namespace archsim::reports
