// The result as one JSON document, archsim.result/1.
#include "reports/report.hpp"
#include "sim/check.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace archsim::reports {

namespace {

using Json = nlohmann::json;

/// JSON has no infinity: one that got here is a mistake of whoever measured it.
double finite(double value, std::string_view what) {
    ARCHSIM_CHECK(std::isfinite(value), "{} is not a finite number", what);
    return value;
}

Json interval_json(const scenarios::Interval& interval, std::string_view what) {
    return Json::array({finite(interval.low, what), finite(interval.high, what)});
}

Json metric_json(const scenarios::MetricResult& metric) {
    Json json = {{"unit", metric.unit}, {"n", metric.n}};
    if (metric.value) {
        json["value"] = finite(*metric.value, metric.name);
        json["method"] = name_of(metric.method);
    }
    if (metric.ci95) json["ci95"] = interval_json(*metric.ci95, metric.name);
    if (!metric.reason.empty()) json["reason"] = metric.reason;
    return json;
}

Json theory_json(const scenarios::TheoryResult& theory) {
    Json json = {{"value", finite(theory.value, theory.metric)}, {"formula", theory.formula}};
    if (theory.deviation_sigmas)
        json["deviation_sigmas"] = finite(*theory.deviation_sigmas, theory.metric);
    return json;
}

Json expect_json(const scenarios::ExpectResult& expect) {
    Json json = {{"expr", expect.expr},
                 {"metric", expect.metric},
                 {"comparison", expect.comparison},
                 {"bound", finite(expect.bound, expect.expr)},
                 {"verdict", name_of(expect.verdict)}};
    if (expect.observed) json["observed"] = finite(*expect.observed, expect.expr);
    if (!expect.note.empty()) json["note"] = expect.note;
    return json;
}

Json cell_json(const scenarios::Cell& cell, std::string_view where) {
    if (const auto* number = std::get_if<double>(&cell)) return finite(*number, where);
    if (const auto* text = std::get_if<std::string>(&cell)) return *text;
    if (const auto* statement = std::get_if<bool>(&cell)) return *statement;
    return nullptr;
}

Json table_json(const scenarios::Table& table) {
    Json json = {{"title", table.title},
                 {"columns", Json::array()},
                 {"units", Json::object()},
                 {"rows", Json::array()}};
    for (const auto& column : table.columns) {
        json["columns"].push_back(column.name);
        if (!column.unit.empty()) json["units"][column.name] = column.unit;
    }
    for (const auto& row : table.rows) {
        ARCHSIM_CHECK(row.size() == table.columns.size(), "a row of {} has {} cells of {}",
                      table.name, row.size(), table.columns.size());
        Json cells = Json::object();
        for (std::size_t i = 0; i < row.size(); ++i)
            cells[table.columns[i].name] = cell_json(row[i], table.columns[i].name);
        json["rows"].push_back(std::move(cells));
    }
    return json;
}

/// The order of things with names, which an object does not keep: nothing if it is that of the
/// names.
template <class... Lists>
Json order_json(const Lists&... lists) {
    Json order = Json::array();
    bool is_sorted = true;
    const auto add = [&](const auto& list) {
        is_sorted =
            is_sorted && std::ranges::is_sorted(list, {}, [](const auto& one) { return one.name; });
        for (const auto& one : list) order.push_back(one.name);
    };
    (add(lists), ...);
    return is_sorted ? Json{} : order;
}

Json section_json(const scenarios::Section& section) {
    Json json = {{"title", section.title}};
    if (section.is_for_drawing) json["is_for_drawing"] = true;
    for (const auto& fact : section.facts) {
        json[fact.name] = cell_json(fact.value, fact.name);
        if (!fact.unit.empty()) json["units"][fact.name] = fact.unit;
    }
    for (const auto& table : section.tables) json[table.name] = table_json(table);
    if (Json order = order_json(section.facts, section.tables); !order.is_null())
        json["order"] = std::move(order);
    return json;
}

Json cost_json(const scenarios::Result& result) {
    sim::Money total;
    Json nodes = Json::object();
    for (const auto& [node, money] : result.cost) {
        nodes[node] = money.dollars();
        total += money;
    }
    return {{"unit", "usd"}, {"per_month", total.dollars()}, {"nodes", std::move(nodes)}};
}

Json header_json(const scenarios::Result& result) {
    Json json = {{"schema", "archsim.result/1"},
                 {"scenario", result.scenario},
                 {"seed", result.seed},
                 {"replications", result.replications},
                 {"status", name_of(result.status)},
                 {"simulated_s", result.simulated.in_seconds()},
                 {"warm_up_s", result.warm_up.in_seconds()},
                 {"events", result.events},
                 {"fingerprint", fmt::format("{:016x}", result.fingerprint)}};
    if (!result.description.empty()) json["description"] = result.description;
    if (!result.question.empty()) json["question"] = result.question;
    if (!result.look_at.empty()) json["look_at"] = result.look_at;
    if (!result.pt.empty()) {
        json["pt"] = {{"description", result.pt.description},
                      {"question", result.pt.question},
                      {"look_at", result.pt.look_at}};
    }
    if (!result.guide.empty()) json["guide"] = result.guide;
    if (!result.status_reason.empty()) json["status_reason"] = result.status_reason;
    return json;
}

}  // namespace

std::string write_json(const scenarios::Result& result) {
    Json json = header_json(result);
    json["nodes"] = Json::object();
    for (const auto& node : result.nodes) json["nodes"][node.name] = {{"kind", node.kind}};
    json["metrics"] = Json::object();
    for (const auto& metric : result.metrics) json["metrics"][metric.name] = metric_json(metric);
    json["theory"] = Json::object();
    for (const auto& theory : result.theory) json["theory"][theory.metric] = theory_json(theory);
    json["expect"] = Json::array();
    for (const auto& expect : result.expect) json["expect"].push_back(expect_json(expect));
    json["spof"] = Json::array();
    for (const auto& spof : result.spof) {
        Json point = {{"node", spof.node}, {"reason", spof.reason}};
        if (spof.lost) point["lost"] = finite(*spof.lost, spof.node);
        json["spof"].push_back(std::move(point));
    }
    json["assumptions"] = result.assumptions;
    json["warnings"] = result.warnings;
    if (!result.cost.empty()) json["cost"] = cost_json(result);
    for (const auto& section : result.sections) {
        ARCHSIM_CHECK(!json.contains(section.name), "two parts of the result are called {}",
                      section.name);
        json[section.name] = section_json(section);
    }
    if (Json order = order_json(result.sections); !order.is_null())
        json["sections"] = std::move(order);
    // Foreign bytes in a text become U+FFFD: one bad name must not cost the whole result.
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace archsim::reports
