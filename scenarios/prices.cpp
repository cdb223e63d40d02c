// From prices and metrics to a bill with its lines and assumptions.
#include "scenarios/prices.hpp"

#include "models/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace archsim::scenarios {

namespace {

using models::Code;
using models::Severity;

const models::PriceConfig* price_of(const Scenario& scenario, const NodeEntry& node) {
    if (!node.price) return nullptr;
    if (node.price->name.empty()) return &node.price->own;
    const auto found = scenario.prices.find(node.price->name);
    return found == scenario.prices.end() ? nullptr : &found->second;
}

/// Where the prices of a node come from, as a sentence of the trail.
std::string origin_of(const NodeEntry& node, const models::PriceConfig& price) {
    std::string text =
        node.name + ": prices of " + (node.price->name.empty() ? "its own" : node.price->name);
    if (!price.as_of.empty()) text += ", as of " + price.as_of;
    if (!price.source.empty()) text += "; " + price.source;
    return text;
}

/// The line of an item whose amount was measured.
std::optional<CostLine> line_of(const NodeEntry& node, const models::PriceConfig& price,
                                const models::PriceItem& item, const Result& result) {
    const MetricResult* const metric = find_metric(result, "cost/" + node.name + "/" + item.name);
    if (metric == nullptr || !metric->value) return std::nullopt;
    constexpr double most = 9e9;  // dollars that an amount can hold
    CostLine line{.node = node.name,
                  .item = item.name,
                  .quantity = *metric->value / item.each,
                  .unit = item.unit,
                  .price = item.price};
    if (item.of == models::PriceItem::Of::instances) {
        line.note = "on average";
    } else if (item.of != models::PriceItem::Of::storage) {
        line.note = "a month";
    } else if (price.stored) {
        line.note = "as given";
    } else {
        line.note = "on average";
    }
    line.amount = sim::Money::nanodollars(std::llround(std::min(*metric->value, most) * 1e9));
    return line;
}

}  // namespace

const models::PriceConfig* price_of(const Scenario& scenario, std::string_view name) {
    const auto node = std::ranges::find(scenario.nodes.entries, name, &NodeEntry::name);
    return node == scenario.nodes.entries.end() ? nullptr : price_of(scenario, *node);
}

void report_unknown_prices(const Scenario& scenario, models::Diagnostics& diagnostics) {
    std::vector<std::string> names;
    for (const auto& [name, price] : scenario.prices) names.push_back(name);
    for (const models::FoundReference& reference : scenario.references) {
        if (reference.to != models::FoundReference::To::price) continue;
        if (scenario.prices.contains(reference.name)) continue;
        const std::string similar = models::did_you_mean(reference.name, names);
        diagnostics.add({.severity = Severity::error,
                         .code = Code::unknown_name,
                         .message = "there is no price " + models::quoted(reference.name),
                         .pointer = reference.pointer,
                         .spot = reference.spot,
                         .hint = similar.empty()
                                     ? "list it under \"prices\", or extend a table of prices"
                                     : similar});
    }
}

void check_prices(const Scenario& scenario, const World& world, const models::Value& document,
                  models::Diagnostics& diagnostics) {
    for (const NodeEntry& node : scenario.nodes.entries) {
        const models::PriceConfig* const price = price_of(scenario, node);
        if (price == nullptr) continue;
        const models::Component& component = *world.component(node.name);
        const models::Value* const written = document.find("nodes")->find(node.name)->find("price");
        const bool measures = component.stored_bytes() != nullptr;
        models::Diagnostic problem{.severity = Severity::error,
                                   .code = Code::bad_value,
                                   .message = {},
                                   .pointer = "/nodes/" + node.name + "/price",
                                   .spot = written->spot()};
        if (component.members().empty()) {
            problem.message = node.name + " is a " + std::string(component.kind()) +
                              ", which stands for users: nobody pays for it";
            problem.hint = "give prices to the nodes that it calls";
        } else if (measures && price->stored) {
            problem.code = Code::conflicting_keys;
            problem.message = "how much " + node.name + " keeps is measured, and given as well";
            problem.hint = "leave \"stored\" out";
        } else if (!measures && price->storage.price() > sim::Money{} && !price->stored) {
            problem.code = Code::missing_key;
            problem.message =
                "a " + std::string(component.kind()) + " does not measure how much it keeps";
            problem.hint = "say it in \"stored\", such as \"100GiB\" for each instance";
        }
        if (!problem.message.empty()) diagnostics.add(std::move(problem));
    }
}

void add_bill(const Scenario& scenario, Result& result) {
    std::vector<const NodeEntry*> nodes;
    for (const NodeEntry& node : scenario.nodes.entries) nodes.push_back(&node);
    std::ranges::sort(nodes, {}, &NodeEntry::name);
    Bill& bill = result.cost;
    for (const NodeEntry* const node : nodes) {
        const models::PriceConfig* const price = price_of(scenario, *node);
        if (price == nullptr) continue;
        for (const models::PriceItem& item : models::items_of(*price, scenario.regions)) {
            if (auto line = line_of(*node, *price, item, result)) {
                bill.lines.push_back(std::move(*line));
            }
        }
        bill.assumptions.push_back(origin_of(*node, *price));
    }
    if (bill.assumptions.empty()) return;
    const MetricResult* const each = find_metric(result, "cost/per_million_requests");
    if (each != nullptr) bill.per_million_requests = each->value;
    const auto& general = models::PriceConfig::spec().assumptions();
    bill.assumptions.insert(bill.assumptions.begin(), general.begin(), general.end());
}

}  // namespace archsim::scenarios
