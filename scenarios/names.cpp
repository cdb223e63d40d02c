// Names against what there is.
#include "scenarios/names.hpp"

#include "models/suggest.hpp"
#include "scenarios/feasibility.hpp"
#include "scenarios/prices.hpp"
#include "scenarios/system_metrics.hpp"
#include "scenarios/world.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace archsim::scenarios {

namespace {

using models::Code;
using models::Diagnostics;
using models::Severity;

std::string_view component_of(std::string_view address) {
    return address.substr(0, address.find('/'));
}

/// "/nodes/web/calls/0" -> "web"; empty for pointers elsewhere.
std::string owner_of(std::string_view pointer) {
    constexpr std::string_view nodes = "/nodes/";
    if (pointer.substr(0, nodes.size()) != nodes) return {};
    const std::string_view rest = pointer.substr(nodes.size());
    return std::string(rest.substr(0, rest.find('/')));
}

/// Whether a place is in one of the two groups between which a fault disturbs the network. There a
/// load source may stand too: nobody can call or crash it, but its messages can get lost.
bool is_network_group(std::string_view pointer) {
    constexpr std::string_view faults = "/faults/";
    if (!pointer.starts_with(faults)) return false;
    const std::size_t member = pointer.find('/', faults.size());
    if (member == std::string_view::npos) return false;
    const std::string_view place = pointer.substr(member);
    return place.starts_with("/a/") || place.starts_with("/b/") || place.starts_with("/groups/") ||
           place == "/isolate";
}

/// "web has 3 instances, counted from 0", or the names of members that have words for names.
std::string members_of(const models::Component& component) {
    const auto& members = component.members();
    const std::string& name = component.name();
    if (members.empty() || members.front()->name() == name + "/0") {
        return name + " has " + std::to_string(members.size()) + " instances, counted from 0";
    }
    std::string text = name + " has";
    for (std::size_t i = 0; i < members.size(); ++i) {
        text += (i == 0 ? " " : ", ") + members[i]->name();
    }
    return text;
}

void check_references(const Scenario& scenario, const World& world, Diagnostics& diagnostics) {
    for (const models::FoundReference& reference : scenario.references) {
        if (reference.to != models::FoundReference::To::node) continue;
        const models::Component* const target = world.component(component_of(reference.name));
        const bool is_call = !owner_of(reference.pointer).empty();
        if (is_call && target->members().empty()) {
            diagnostics.add({.severity = Severity::error,
                             .code = Code::unknown_target,
                             .message = models::quoted(reference.name) + " is a " +
                                        std::string(target->kind()) + " and cannot be called",
                             .pointer = reference.pointer,
                             .spot = reference.spot});
        } else if (!is_call && world.nodes(reference.name).empty()) {
            if (target->name() == reference.name && is_network_group(reference.pointer)) continue;
            diagnostics.add({.severity = Severity::error,
                             .code = Code::unknown_target,
                             .message = "there is no " + models::quoted(reference.name) + "; " +
                                        members_of(*target),
                             .pointer = reference.pointer,
                             .spot = reference.spot});
        }
    }
}

/// Depth-first search for a circle; `path` holds the way so far.
bool find_circle(const std::string& node, const std::map<std::string, std::set<std::string>>& calls,
                 std::vector<std::string>& path, std::set<std::string>& done) {
    const auto here = std::find(path.begin(), path.end(), node);
    if (here != path.end()) {
        path.erase(path.begin(), here);
        path.push_back(node);
        return true;
    }
    if (done.contains(node)) return false;
    path.push_back(node);
    if (const auto next = calls.find(node); next != calls.end()) {
        for (const std::string& callee : next->second) {
            if (find_circle(callee, calls, path, done)) return true;
        }
    }
    path.pop_back();
    done.insert(node);
    return false;
}

void check_circles(const Scenario& scenario, const World& world, Diagnostics& diagnostics) {
    std::map<std::string, std::set<std::string>> calls;
    for (const auto& [from, to] : world.edges()) {
        if (!world.component(to)->members().empty()) calls[from].insert(to);
    }
    std::set<std::string> done;
    for (const NodeEntry& node : scenario.nodes.entries) {
        std::vector<std::string> path;
        if (!find_circle(node.name, calls, path, done)) continue;
        std::string circle = path.front();
        for (std::size_t i = 1; i < path.size(); ++i) circle += " -> " + path[i];
        const auto entry = std::find_if(
            scenario.nodes.entries.begin(), scenario.nodes.entries.end(),
            [&path](const NodeEntry& candidate) { return candidate.name == path.front(); });
        diagnostics.add({.severity = Severity::error,
                         .code = Code::forbidden_cycle,
                         .message = "nodes call each other in a circle: " + circle,
                         .pointer = "/nodes/" + path.front(),
                         .spot = entry->key_spot,
                         .hint = "a request must come to an end: take one of the calls out"});
        return;
    }
}

void check_expectations(const Scenario& scenario, const World& world, Diagnostics& diagnostics) {
    std::vector<std::string> names;
    std::map<std::string, std::string, std::less<>> units;
    for (const auto& [name, unit] : world.metric_units()) {
        names.push_back(name);
        units.emplace(name, unit);
    }
    for (const SystemMetric& metric : system_metrics) {
        names.emplace_back(metric.name);
        units.emplace(metric.name, metric.unit);
    }
    for (std::size_t i = 0; i < scenario.expect.entries.size(); ++i) {
        const ExpectEntry& entry = scenario.expect.entries[i];
        const auto found = units.find(entry.expectation.metric);
        models::Diagnostic problem{.severity = Severity::error,
                                   .code = Code::bad_expectation,
                                   .message = {},
                                   .pointer = "/expect/" + std::to_string(i),
                                   .spot = entry.spot};
        if (found == units.end()) {
            problem.message = "no metric is called " + models::quoted(entry.expectation.metric);
            problem.hint = models::did_you_mean(entry.expectation.metric, names);
            if (entry.expectation.metric.starts_with("cost/") && !units.contains("cost/per_month"))
                problem.hint = "give nodes a \"price\"";
        } else {
            problem.message = unit_problem(entry.expectation, found->second);
        }
        if (!problem.message.empty()) diagnostics.add(std::move(problem));
    }
}

void check_faults(const Scenario& scenario, const World& world, Diagnostics& diagnostics) {
    for (std::size_t i = 0; i < world.faults().size(); ++i) {
        const models::Fault& fault = *world.faults()[i];
        const FaultEntry& entry = scenario.faults.entries[i];
        if (const auto misfit = fault.misfit()) {
            diagnostics.add(
                {.severity = Severity::error,
                 .code = Code::unknown_target,
                 .message = misfit->message,
                 .pointer = "/faults/" + std::to_string(i) + "/" + std::string(misfit->key),
                 .spot = entry.spot,
                 .hint = misfit->hint});
        }
        if (fault.begins() >= sim::Instant::at(scenario.duration)) {
            diagnostics.add({.severity = Severity::error,
                             .code = Code::time_window,
                             .message = "the fault begins when the run is over",
                             .pointer = "/faults/" + std::to_string(i) + "/at",
                             .spot = entry.spot,
                             .hint = "let it begin before the end of \"duration\""});
        }
        if (std::string problem = fault.problem(); !problem.empty()) {
            diagnostics.add({.severity = Severity::error,
                             .code = Code::unknown_target,
                             .message = std::move(problem),
                             .pointer = "/faults/" + std::to_string(i),
                             .spot = entry.spot});
        }
    }
}

void check_history(const Scenario& scenario, const World& world, Diagnostics& diagnostics) {
    const std::optional<HistoryConfig>& config = scenario.history.config;
    if (!config || world.watches_store()) return;
    std::string message = "not exactly one node holds data that a load source with keys reaches";
    if (config->store) {
        message = config->store->name + " holds no data that a load source with keys reaches";
    }
    diagnostics.add({.severity = Severity::error,
                     .code = Code::unknown_target,
                     .message = std::move(message),
                     .pointer = config->store ? "/history/store" : "/history",
                     .spot = scenario.history.spot,
                     .hint = "name a database in \"store\" and give a load source \"keys\""});
}

}  // namespace

std::vector<std::string> names_in(const models::Value& document) {
    std::vector<std::string> names;
    if (const models::Value* const nodes = document.find("nodes"); nodes != nullptr) {
        for (const models::Member& member : nodes->members()) names.push_back(member.key);
    }
    return names;
}

void report_unknown_targets(const std::vector<std::string>& names,
                            std::span<const models::FoundReference> references,
                            Diagnostics& diagnostics) {
    for (const models::FoundReference& reference : references) {
        if (reference.to != models::FoundReference::To::node) continue;
        const std::string_view component = component_of(reference.name);
        if (std::find(names.begin(), names.end(), component) != names.end()) {
            const bool is_call = !owner_of(reference.pointer).empty();
            if (!is_call || component == reference.name) continue;
            diagnostics.add({.severity = Severity::error,
                             .code = Code::unknown_target,
                             .message = "an edge leads to a whole node, not to a member such as " +
                                        models::quoted(reference.name),
                             .pointer = reference.pointer,
                             .spot = reference.spot,
                             .hint = "call \"" + std::string(component) + "\""});
            continue;
        }
        diagnostics.add({.severity = Severity::error,
                         .code = Code::unknown_target,
                         .message = "there is no node " + models::quoted(component),
                         .pointer = reference.pointer,
                         .spot = reference.spot,
                         .hint = models::did_you_mean(component, names)});
    }
}

void report_unknown_regions(const Scenario& scenario, Diagnostics& diagnostics) {
    for (const models::FoundReference& reference : scenario.references) {
        if (reference.to != models::FoundReference::To::region) continue;
        const auto& regions = scenario.regions;
        if (std::find(regions.begin(), regions.end(), reference.name) != regions.end()) continue;
        const std::string similar = models::did_you_mean(reference.name, regions);
        diagnostics.add({.severity = Severity::error,
                         .code = Code::unknown_name,
                         .message = "there is no region " + models::quoted(reference.name),
                         .pointer = reference.pointer,
                         .spot = reference.spot,
                         .hint = similar.empty() ? "list it under \"regions\"" : similar});
    }
}

void check_built(const Scenario& scenario, const models::Value& document,
                 Diagnostics& diagnostics) {
    if (scenario.nodes.entries.empty()) {
        diagnostics.add({.severity = Severity::error,
                         .code = Code::no_load,
                         .message = "the scenario has no nodes",
                         .pointer = "/nodes",
                         .spot = document.find("nodes")->spot()});
        return;
    }
    if (!check_sizes(scenario, document, diagnostics)) return;
    const World world{scenario, 0};
    check_references(scenario, world, diagnostics);
    check_circles(scenario, world, diagnostics);
    check_expectations(scenario, world, diagnostics);
    check_faults(scenario, world, diagnostics);
    check_prices(scenario, world, document, diagnostics);
    check_history(scenario, world, diagnostics);
    if (!diagnostics.has_errors()) check_feasible(scenario, world, document, diagnostics);
}

}  // namespace archsim::scenarios
