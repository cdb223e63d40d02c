// Runs with one node down, compared with the run in which none is.
#include "scenarios/blast_radius.hpp"

#include "models/reader.hpp"
#include "scenarios/world.hpp"
#include "sim/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace archsim::scenarios {

namespace {

using models::Value;

/// The same architecture without faults, but for the crash of `node` once the warm-up is over.
Scenario with_crash(const Scenario& scenario, const std::optional<std::string>& node,
                    sim::Duration warm_up) {
    Scenario changed = scenario;
    changed.faults.entries.clear();
    changed.history = HistoryChoice{.is_off = true};
    if (!node) return changed;
    const Value written = Value::object({{"kind", Value::string("crash")},
                                         {"node", Value::string(*node)},
                                         {"at", models::Codec<sim::Duration>::write(warm_up)}});
    models::Diagnostics diagnostics;
    models::Reader reader{diagnostics, "/faults/0"};
    auto kind = models::read_kind(written, reader, models::fault_kinds());
    ARCHSIM_CHECK_AT(*node, kind.has_value(), "a crash of it cannot be declared");
    changed.faults.entries.push_back({std::move(*kind), {}});
    return changed;
}

/// A node to kill.
struct Victim {
    std::string node;
    bool is_helper = false;
};

/// The addresses to kill, in the order of the components.
std::vector<Victim> victims_of(const Scenario& scenario) {
    const World world{scenario, 0};
    std::vector<std::string> called;
    for (const auto& [from, to] : world.edges()) called.push_back(to);
    std::vector<Victim> victims;
    for (const auto& component : world.components()) {
        const auto& members = component->members();
        if (members.empty() || std::ranges::find(called, component->name()) == called.end()) {
            continue;
        }
        if (members.size() == 1) {
            victims.push_back({component->name()});
        } else if (component->holds_data()) {
            for (const models::Node* const member : members) victims.push_back({member->name()});
        } else {
            victims.push_back({members.front()->name()});
        }
        if (!component->holds_data()) continue;
        for (const models::Node* const helper : component->helpers()) {
            victims.push_back({helper->name(), true});
        }
    }
    if (victims.size() > most_killed) victims.resize(most_killed);
    return victims;
}

/// Answers per second, by source or by source and operation.
using Goodput = std::map<std::string, double>;

Goodput goodput_of(const Replication& replication) {
    constexpr std::string_view suffix = "/goodput";
    Goodput goodput;
    for (const sim::MetricValue& metric : replication.metrics) {
        if (!metric.value || !metric.name.ends_with(suffix)) continue;
        goodput[metric.name.substr(0, metric.name.size() - suffix.size())] = *metric.value;
    }
    return goodput;
}

bool is_source(std::string_view path) { return path.find('/') == std::string_view::npos; }

std::optional<double> lost(double before, double after) {
    if (before <= 0.0) return std::nullopt;
    return std::max(0.0, 1.0 - after / before);
}

KilledNode compare(const std::string& node, const Goodput& before, const Goodput& after) {
    KilledNode killed{node, {}, std::nullopt};
    double all_before = 0.0;
    double all_after = 0.0;
    for (const auto& [path, rate] : before) {
        const auto found = after.find(path);
        const double left = found == after.end() ? 0.0 : found->second;
        if (is_source(path)) {
            all_before += rate;
            all_after += left;
        } else {
            killed.operations.push_back({path, lost(rate, left)});
        }
    }
    killed.lost = lost(all_before, all_after);
    return killed;
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

constexpr std::string_view survives = "survives";

/// What a loss means for whoever runs the system.
std::string word_for(const KilledNode& killed) {
    double worst = killed.lost.value_or(0.0);
    for (const OperationLoss& operation : killed.operations) {
        worst = std::max(worst, operation.lost.value_or(0.0));
    }
    if (worst >= 0.99) return "outage";
    return worst >= 0.01 ? "partial outage" : std::string{survives};
}

}  // namespace

std::vector<KilledNode> kill_each(const Scenario& scenario, sim::Duration warm_up,
                                  const RunOptions& options) {
    const std::vector<Victim> victims = victims_of(scenario);
    const Scenario whole = with_crash(scenario, std::nullopt, warm_up);
    const Goodput before = goodput_of(run_replication(whole, 0, warm_up, options));
    std::vector<KilledNode> killed;
    for (const Victim& victim : victims) {
        if (options.interrupt != nullptr && options.interrupt->load()) break;
        const Scenario broken = with_crash(scenario, victim.node, warm_up);
        const Replication run = run_replication(broken, 0, warm_up, options);
        killed.push_back(compare(victim.node, before, goodput_of(run)));
        killed.back().is_helper = victim.is_helper;
    }
    return killed;
}

void add_blast_radius(const std::vector<KilledNode>& killed, const std::vector<Cut>& cuts,
                      Result& result) {
    Section section{.name = "blast_radius", .title = "Failures and their blast radius"};
    if (!cuts.empty()) {
        section.facts.push_back(
            {"failures_until_outage",
             static_cast<double>(std::ranges::min(cuts, {}, &Cut::failures).failures)});
    }
    Table cut_table{"cuts",
                    "Fewest instances whose failure cuts users off (minimum vertex cut)",
                    {{"from"}, {"failures"}, {"nodes"}}};
    for (const Cut& cut : cuts) {
        cut_table.rows.push_back(
            {cut.target, static_cast<double>(cut.failures), joined(cut.nodes)});
    }
    Table nodes{"killed",
                "Each node killed for a whole run: share of answers lost",
                {{"node"}, {"effect"}, {"lost", "ratio"}, {"in_the_graph"}}};
    Table operations{
        "operations", "The same by operation", {{"node"}, {"operation"}, {"lost", "ratio"}}};
    for (const KilledNode& one : killed) {
        const std::string component = one.node.substr(0, one.node.find('/'));
        const auto point = std::ranges::find(result.spof, component, &SpofResult::node);
        const bool is_point = point != result.spof.end();
        if (is_point) point->lost = std::max(point->lost, one.lost);
        // Of several members not every one needs to be the one that is missed, and none where only
        // a helper is.
        const std::string word = word_for(one);
        const bool is_member_missed =
            is_point && point->by_member && (one.node == component || word != survives);
        const bool is_missed = one.is_helper ? is_point && point->by_helper : is_member_missed;
        nodes.rows.push_back({one.node, word, cell_of(one.lost),
                              is_missed ? "single point of failure" : "redundant"});
        for (const OperationLoss& operation : one.operations) {
            if (operation.lost.value_or(0.0) < 1e-9) continue;
            operations.rows.push_back({one.node, operation.operation, cell_of(operation.lost)});
        }
    }
    for (Table* const table : {&cut_table, &nodes, &operations}) {
        if (!table->rows.empty()) section.tables.push_back(std::move(*table));
    }
    result.sections.push_back(std::move(section));
}

}  // namespace archsim::scenarios
