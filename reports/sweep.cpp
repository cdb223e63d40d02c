// Each form goes through the variants once, in the order of the plan.
#include "reports/sweep.hpp"

#include "reports/json_values.hpp"
#include "reports/scalability.hpp"
#include "reports/table.hpp"
#include "scenarios/headline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace archsim::reports {

namespace {

using models::Value;
using scenarios::ExpectResult;
using scenarios::MetricResult;
using scenarios::Result;
using scenarios::Verdict;

/// "nodes/web/instances=4" -> {"nodes/web/instances", "4"}.
std::pair<std::string, std::string> halves(const std::string& setting) {
    const std::size_t equals = setting.find('=');
    return {setting.substr(0, equals), setting.substr(equals + 1)};
}

/// Pointers as the table names them: without "nodes/", with which most begin.
std::vector<std::string> short_names(const std::vector<scenarios::Variation>& variations) {
    std::vector<std::string> names;
    for (const auto& variation : variations) {
        std::string pointer = variation.pointer;
        if (pointer.starts_with("nodes/")) pointer.erase(0, 6);
        names.push_back(printable(pointer));
    }
    return names;
}

/// The worst verdict of a variant, with how many expectations did not pass.
TextCell verdict_cell(const Result& result, const Style& style) {
    const Signs& signs = signs_of(style);
    if (result.status != scenarios::Status::complete)
        return {fmt::format("{} {}", signs.no_data, result.status_reason), Colour::yellow};
    if (result.expect.empty()) return {""};
    const auto count = [&](Verdict verdict) {
        return std::ranges::count(result.expect, verdict, &ExpectResult::verdict);
    };
    const auto bad = count(Verdict::fail) + count(Verdict::no_data);
    if (bad > 0)
        return {fmt::format("{} {} of {} fail", signs.fail, bad, result.expect.size()),
                Colour::red};
    if (const auto open = count(Verdict::undecided); open > 0)
        return {fmt::format("{} {} undecided", signs.undecided, open), Colour::yellow};
    return {fmt::format("{} holds", signs.pass), Colour::green};
}

std::string metric_cell(const Result& result, const std::string& name, const Style& style) {
    const MetricResult* const metric = find_metric(result, name);
    if (metric == nullptr || !metric->value) return "n/a";
    std::string text = humanised(*metric->value, metric->unit);
    const std::string error = relative_error(metric->value, metric->ci95, style);
    return error.empty() ? text : text + " " + error;
}

Value variant_value(const scenarios::Plan& plan, std::int64_t variant, const Result& result) {
    Value expect = Value::array();
    for (const ExpectResult& one : result.expect) expect.push(expect_value(one));
    Value metrics = Value::object();
    for (const MetricResult& metric : result.metrics) {
        metrics.append(metric.name, metric_value(metric));
    }
    Value settings = Value::object();
    for (const std::string& setting : plan.settings(variant)) {
        const auto [pointer, value] = halves(setting);
        settings.set(pointer, Value::string(value));
    }
    Value json = Value::object();
    json.append("events", Value::integer(static_cast<std::int64_t>(result.events)));
    json.append("expect", std::move(expect));
    json.append("fingerprint", Value::string(fmt::format("{:016x}", result.fingerprint)));
    json.append("id", Value::string(plan.variant_id(variant)));
    json.append("metrics", std::move(metrics));
    json.append("replications", Value::integer(result.replications));
    json.append("settings", std::move(settings));
    json.append("status", Value::string(std::string{name_of(result.status)}));
    if (!result.status_reason.empty())
        json.append("status_reason", Value::string(result.status_reason));
    return json;
}

std::string quoted_json(std::string text) { return Value::string(std::move(text)).to_json(); }

std::string csv_number(const std::optional<double>& number) {
    return number ? fmt::format("{}", *number) : std::string{};
}

/// Rows that a table on a terminal shows.
constexpr std::int64_t rows_most = 1000;

}  // namespace

std::string csv_field(std::string_view text) {
    std::string field;
    if (!text.empty() && std::string_view{"=+-@\t\r"}.find(text.front()) != std::string_view::npos)
        field += '\'';
    field += text;
    if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
    std::string quoted = "\"";
    for (const char c : field) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

bool write_sweep_table(const Sweep& sweep, const Style& style, const Write& write) {
    std::vector<std::string> metrics = sweep.metrics;
    const std::vector<std::string> names = short_names(sweep.plan.space().variations());
    std::optional<TextTable> table;
    const std::int64_t shown = std::min(sweep.plan.variants(), rows_most);
    for (std::int64_t variant = 0; variant < shown; ++variant) {
        const std::optional<Result> result = sweep.result(variant);
        if (!result) return false;
        if (!table) {
            if (metrics.empty()) metrics = headline_metrics(*result);
            std::vector<Align> columns(names.size() + metrics.size(), Align::right);
            columns.push_back(Align::left);
            table.emplace(columns);
            std::vector<TextCell> head;
            for (const std::string& name : names) head.emplace_back(name, Colour::bold);
            for (const std::string& name : metrics)
                head.emplace_back(printable(name), Colour::bold);
            table->add(std::move(head));
        }
        std::vector<TextCell> row;
        for (const std::string& setting : sweep.plan.settings(variant))
            row.emplace_back(printable(halves(setting).second));
        for (const std::string& name : metrics) row.emplace_back(metric_cell(*result, name, style));
        row.push_back(verdict_cell(*result, style));
        table->add(std::move(row));
    }
    std::string text = fmt::format(
        "plan {}: {} variant{}, {} replication{} each{}\n\n", sweep.plan.hash(),
        sweep.plan.variants(), sweep.plan.variants() == 1 ? "" : "s", sweep.plan.replications(),
        sweep.plan.replications() == 1 ? "" : "s",
        sweep.status == scenarios::Status::complete ? ""
                                                    : fmt::format(" ({})", name_of(sweep.status)));
    if (table) text += table->text(style);
    if (sweep.plan.variants() > shown)
        text += fmt::format("  and {} more: --csv or --json shows all\n",
                            sweep.plan.variants() - shown);
    if (sweep.usl) {
        const auto curve = scalability_of(sweep, *sweep.usl);
        if (!curve) return false;
        text += scalability_text(*curve);
    }
    return write(text);
}

bool write_sweep_json(const Sweep& sweep, const Style&, const Write& write) {
    const scenarios::Plan& plan = sweep.plan;
    std::string vary;
    for (const auto& variation : plan.space().variations()) {
        Value one = Value::object();
        one.append("pointer", Value::string(variation.pointer));
        one.append("values", texts(variation.values));
        vary += (vary.empty() ? "" : ", ") + one.to_json();
    }
    const std::string design = plan.space().latin() > 0
                                   ? fmt::format("latin:{}", plan.space().latin())
                                   : std::string{"grid"};
    std::string law;
    if (sweep.usl) {
        const auto curve = scalability_of(sweep, *sweep.usl);
        if (!curve) return false;
        law = fmt::format("  \"scalability\": {},\n", scalability_value(*curve).to_json());
    }
    if (!write(fmt::format("{{\n  \"design\": {},\n  \"plan_hash\": {},\n  \"replications\": {},\n"
                           "{}  \"schema\": \"archsim.sweep/1\",\n  \"status\": {},\n"
                           "  \"variants\": [",
                           quoted_json(design), quoted_json(plan.hash()), plan.replications(), law,
                           quoted_json(std::string{name_of(sweep.status)})))) {
        return false;
    }
    for (std::int64_t variant = 0; variant < plan.variants(); ++variant) {
        const std::optional<Result> result = sweep.result(variant);
        if (!result) return false;
        if (!write((variant > 0 ? ",\n    " : "\n    ") +
                   variant_value(plan, variant, *result).to_json())) {
            return false;
        }
    }
    return write(fmt::format("\n  ],\n  \"vary\": [{}],\n  \"version\": {}\n}}\n", vary,
                             quoted_json(plan.version())));
}

bool write_sweep_csv(const Sweep& sweep, const Style&, const Write& write) {
    std::string head = "variant";
    for (const auto& variation : sweep.plan.space().variations())
        head += "," + csv_field(variation.pointer);
    if (!write(head + ",metric,value,ci95_low,ci95_high,unit,n,method\n")) return false;
    for (std::int64_t variant = 0; variant < sweep.plan.variants(); ++variant) {
        const std::optional<Result> result = sweep.result(variant);
        if (!result) return false;
        std::string start = sweep.plan.variant_id(variant);
        for (const std::string& setting : sweep.plan.settings(variant))
            start += "," + csv_field(halves(setting).second);
        std::string lines;
        for (const MetricResult& metric : result->metrics) {
            std::optional<double> low;
            std::optional<double> high;
            if (metric.ci95) low = metric.ci95->low;
            if (metric.ci95) high = metric.ci95->high;
            lines += fmt::format("{},{},{},{},{},{},{},{}\n", start, csv_field(metric.name),
                                 csv_number(metric.value), csv_number(low), csv_number(high),
                                 csv_field(metric.unit), metric.n,
                                 metric.value ? name_of(metric.method) : "");
        }
        if (!write(lines)) return false;
    }
    return true;
}

}  // namespace archsim::reports
