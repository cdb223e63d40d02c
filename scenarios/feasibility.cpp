// Counting before building, and what would hang or stop a run.
#include "scenarios/feasibility.hpp"

#include "models/fault/fault.hpp"
#include "models/network/places.hpp"
#include "scenarios/flow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace archsim::scenarios {

namespace {

using models::Code;
using models::Diagnostic;
using models::Diagnostics;
using models::FoundReference;
using models::Severity;
using models::Value;

/// How many instances each component has, by name.
using Counts = std::map<std::string, std::uint64_t, std::less<>>;

/// "/nodes/web/calls/0" -> "web"; empty for pointers elsewhere.
std::string_view caller_in(std::string_view pointer) {
    constexpr std::string_view nodes = "/nodes/";
    if (!pointer.starts_with(nodes)) return {};
    pointer.remove_prefix(nodes.size());
    return pointer.substr(0, pointer.find('/'));
}

std::uint64_t count_of(const Counts& counts, std::string_view name) {
    const auto found = counts.find(name);
    return found == counts.end() ? 1 : found->second;
}

/// A whole-number parameter as the file has it, all nodes together.
std::uint64_t sum_of(const Value& document, std::string_view key) {
    std::uint64_t sum = 0;
    for (const models::Member& node : document.find("nodes")->members()) {
        const Value* const written = node.value.find(key);
        if (written == nullptr || !written->is_number()) continue;
        sum += static_cast<std::uint64_t>(
            std::max<std::int64_t>(written->as_integer().value_or(0), 0));
    }
    return sum;
}

/// A whole number of one object of the file; 1 where there is none.
std::uint64_t count_in(const Value* object, std::string_view key) {
    const Value* const written = object == nullptr ? nullptr : object->find(key);
    if (written == nullptr || !written->is_number()) return 1;
    return static_cast<std::uint64_t>(std::max<std::int64_t>(written->as_integer().value_or(1), 1));
}

/// Instances as the file has them, with an autoscaler as many as it may add; kinds without the
/// parameter count as one.
Counts written_counts(const Scenario& scenario, const Value& document) {
    Counts counts;
    const Value* const nodes = document.find("nodes");
    for (const models::Member& node : nodes->members()) {
        counts[node.key] = std::max(count_in(&node.value, "instances"),
                                    count_in(node.value.find("autoscaler"), "max"));
    }
    for (const NodeEntry& node : scenario.nodes.entries) counts.try_emplace(node.name, 1);
    return counts;
}

/// How often one fault may begin in a run.
constexpr std::size_t most_begins = 100'000;

/// Faults that begin again so often that nothing else would happen.
void check_begins(const Scenario& scenario, const World& world, Diagnostics& diagnostics) {
    for (std::size_t i = 0; i < world.faults().size(); ++i) {
        const auto end = sim::Instant::at(scenario.duration);
        if (world.faults()[i]->windows(end, most_begins + 1).size() <= most_begins) continue;
        diagnostics.add({.severity = Severity::error,
                         .code = Code::size_limit,
                         .message = fmt::format("the fault begins more than {} times", most_begins),
                         .pointer = fmt::format("/faults/{}/every", i),
                         .spot = scenario.faults.entries[i].spot,
                         .hint = "let \"every\" be longer, or limit it with \"times\""});
    }
}

/// The most instances that each component has at one moment, from what it has and what faults add.
Counts most_counts(const Scenario& scenario, const World& world, const Counts& at_start) {
    struct Change {
        sim::Instant when;
        models::MembershipChange what;
    };
    std::vector<Change> changes;
    for (const auto& fault : world.faults()) {
        const auto what = fault->membership_change();
        if (!what) continue;
        for (const auto& window : fault->windows(sim::Instant::at(scenario.duration), most_begins))
            changes.push_back({window.from, *what});
    }
    std::ranges::stable_sort(changes, {}, &Change::when);
    Counts now = at_start;
    Counts most = at_start;
    for (const Change& change : changes) {
        std::uint64_t& count = now[std::string(change.what.node)];
        if (change.what.instances < 0) {
            count -= std::min(count, static_cast<std::uint64_t>(-change.what.instances));
        } else {
            count += static_cast<std::uint64_t>(change.what.instances);
        }
        std::uint64_t& greatest = most[std::string(change.what.node)];
        greatest = std::max(greatest, count);
    }
    return most;
}

/// Says so and returns false if there are too many instances or ways between them.
bool check_counts(const Scenario& scenario, const Counts& counts, Diagnostics& diagnostics) {
    const auto refuse = [&](std::string message, models::Spot spot, std::string pointer) {
        diagnostics.add({.severity = Severity::error,
                         .code = Code::size_limit,
                         .message = std::move(message),
                         .pointer = std::move(pointer),
                         .spot = spot,
                         .hint = "simulate a smaller system with the same load on each part"});
        return false;
    };
    std::uint64_t instances = 0;
    for (const auto& [name, count] : counts) instances += count;
    if (instances > most_instances) {
        return refuse(fmt::format("{} instances in all; at most {} can be simulated", instances,
                                  most_instances),
                      scenario.nodes.spot, "/nodes");
    }
    std::uint64_t links = 0;
    for (const FoundReference& reference : scenario.references) {
        if (reference.to != FoundReference::To::node) continue;
        const std::string_view caller = caller_in(reference.pointer);
        if (caller.empty()) continue;
        links += count_of(counts, caller) * count_of(counts, reference.name);
        if (links <= most_links) continue;
        return refuse(
            fmt::format("the ways between instances that call each other are more than {}",
                        most_links),
            reference.spot, reference.pointer);
    }
    return true;
}

/// Where `caller` says that it calls `callee`; nullptr if it does so by itself.
const FoundReference* place_of_call(const Scenario& scenario, std::string_view caller,
                                    std::string_view callee) {
    for (const FoundReference& reference : scenario.references) {
        if (reference.name == callee && caller_in(reference.pointer) == caller) return &reference;
    }
    return nullptr;
}

std::string names_of_places() {
    std::string names;
    for (const models::KnownPlace& place : models::known_places()) {
        names += (names.empty() ? "" : ", ") + std::string{place.name};
    }
    return names;
}

/// Calls between regions for which the network has no delay.
void check_regions(const Scenario& scenario, const World& world, Diagnostics& diagnostics) {
    std::set<std::pair<std::string_view, std::string_view>> reported;
    for (const models::Link& link : world.network().links()) {
        if (!link.unknown_delay) continue;
        const std::string& caller = link.from->owner().name();
        const std::string& callee = link.to->owner().name();
        if (!reported.emplace(caller, callee).second) continue;
        const FoundReference* const place = place_of_call(scenario, caller, callee);
        const std::string& from = scenario.regions[link.from->region()];
        const std::string& to = scenario.regions[link.to->region()];
        diagnostics.add(
            {.severity = Severity::error,
             .code = Code::missing_key,
             .message = fmt::format("{} calls {} in another region, and the network "
                                    "has no delay between {} and {}",
                                    caller, callee, models::quoted(from), models::quoted(to)),
             .pointer = place == nullptr ? "/nodes/" + caller : place->pointer,
             .spot = place == nullptr ? scenario.nodes.spot : place->spot,
             .hint = "add both regions and a delay to \"between\" of \"network\", or write "
                     "\"table\": \"cloud\", which knows " +
                     names_of_places()});
    }
}

/// Faults that lose messages of calls without a timeout.
void check_lost_messages(const Scenario& scenario, const World& world, Diagnostics& diagnostics) {
    for (std::size_t i = 0; i < world.faults().size(); ++i) {
        const std::vector<models::Impairment> impairments = world.faults()[i]->impairments();
        const auto is_disturbed = [&impairments](const models::Link& link) {
            return std::ranges::any_of(impairments, [&link](const models::Impairment& impairment) {
                return models::Network::disturbs(impairment, link);
            });
        };
        std::set<std::pair<std::string_view, std::string_view>> reported;
        for (const models::Link& link : world.network().links()) {
            if (!link.awaited_for_ever || !is_disturbed(link)) continue;
            const std::string& caller = link.from->owner().name();
            const std::string& callee = link.to->owner().name();
            if (!reported.emplace(caller, callee).second) continue;
            const FoundReference* const place = place_of_call(scenario, caller, callee);
            diagnostics.add(
                {.severity = Severity::error,
                 .code = Code::no_timeout,
                 .message = fmt::format("a message between {} and {} could get lost, and {} would "
                                        "wait for ever: it calls without a timeout",
                                        caller, callee, caller),
                 .pointer = fmt::format("/faults/{}", i),
                 .spot = scenario.faults.entries[i].spot,
                 .hint = fmt::format("give the calls of {} to {} a timeout", caller, callee),
                 .see_also = place == nullptr ? std::nullopt : std::optional{place->spot}});
        }
    }
}

/// Components that could not work with all the instances they will see.
void check_refusals(const Scenario& scenario, const World& world, const Counts& most,
                    const Value& document, Diagnostics& diagnostics) {
    for (const NodeEntry& node : scenario.nodes.entries) {
        const auto refusal = world.component(node.name)->refusal(
            [&most](std::string_view name) { return count_of(most, name); });
        if (!refusal) continue;
        const std::string pointer =
            fmt::format("/nodes/{}/{}", node.name, models::pointer_step(refusal->key));
        const Value* const value = document.at(pointer);
        diagnostics.add({.severity = Severity::error,
                         .code = refusal->problem.code,
                         .message = refusal->problem.message,
                         .pointer = pointer,
                         .spot = value == nullptr ? node.key_spot : value->spot(),
                         .hint = refusal->problem.hint});
    }
}

/// Faults that add instances to what has none, or take them away.
void check_membership(const Scenario& scenario, const World& world, Diagnostics& diagnostics) {
    std::set<std::pair<std::string_view, bool>> asked;
    for (std::size_t i = 0; i < world.faults().size(); ++i) {
        const auto change = world.faults()[i]->membership_change();
        if (!change) continue;
        const bool adds = change->instances > 0;
        models::Component* const target = world.component(change->node);
        if (target != nullptr && !asked.emplace(change->node, adds).second) continue;
        // A part such as "web/0" has no instances of its own.
        const bool able = target != nullptr && (adds ? target->add_instance() != nullptr
                                                     : target->remove_instance() != nullptr);
        if (able) continue;
        const std::string_view kind = target == nullptr ? "member" : target->kind();
        diagnostics.add({.severity = Severity::error,
                         .code = Code::unknown_target,
                         .message = fmt::format("{} is a {}, which has no instances to {}",
                                                change->node, kind, adds ? "add to" : "take away"),
                         .pointer = fmt::format("/faults/{}/node", i),
                         .spot = scenario.faults.entries[i].spot,
                         .hint = "name a node that has the parameter \"instances\""});
    }
}

/// Requests that cause more calls and visits than can be simulated, from the last callees up.
void check_work(const Scenario& scenario, const Flow& flow, Diagnostics& diagnostics) {
    std::vector<double> caused(flow.streams.size(), 0.0);
    std::vector<std::size_t> depth(flow.components.size(), 1);
    for (auto number = flow.order.rbegin(); number != flow.order.rend(); ++number) {
        const ComponentFlow& component = flow.components[*number];
        double most = 0.0;
        for (const std::size_t s : component.streams) {
            const Stream& stream = flow.streams[s];
            if (stream.visits()) caused[s] = stream.profile.station->visits;
            for (std::size_t c = 0; c < stream.callees.size(); ++c) {
                const std::size_t callee = stream.callees[c];
                caused[s] += stream.profile.calls[c].mean_calls * (1.0 + caused[callee]);
                depth[*number] =
                    std::max(depth[*number], 1 + depth[flow.streams[callee].component]);
            }
            most = std::max(most, caused[s]);
        }
        std::string problem;
        if (most > most_work_of_a_request) {
            problem = fmt::format(
                "one request to {} causes {:.3g} calls and visits to servers; at "
                "most {:.0e} can be simulated",
                component.component->name(), most, most_work_of_a_request);
        } else if (depth[*number] > longest_chain) {
            problem = fmt::format(
                "{} begins a chain of more than {} components that call one "
                "another",
                component.component->name(), longest_chain);
        }
        if (problem.empty()) continue;
        const NodeEntry& node = scenario.nodes.entries[*number];
        diagnostics.add({.severity = Severity::error,
                         .code = Code::size_limit,
                         .message = std::move(problem),
                         .pointer = "/nodes/" + node.name,
                         .spot = node.key_spot,
                         .hint = "let steps be done less often, or model several as one"});
        return;  // what calls it causes even more
    }
}

}  // namespace

bool check_sizes(const Scenario& scenario, const Value& document, Diagnostics& diagnostics) {
    if (scenario.nodes.entries.size() > most_nodes) {
        diagnostics.add({.severity = Severity::error,
                         .code = Code::size_limit,
                         .message = fmt::format("{} nodes; at most {} can be simulated",
                                                scenario.nodes.entries.size(), most_nodes),
                         .pointer = "/nodes",
                         .spot = scenario.nodes.spot,
                         .hint = "let instances of one node stand for nodes that are alike"});
        return false;
    }
    const std::uint64_t users = sum_of(document, "users");
    if (users > most_users) {
        diagnostics.add({.severity = Severity::error,
                         .code = Code::size_limit,
                         .message = fmt::format("{} users in closed loops; at most {} can be "
                                                "simulated",
                                                users, most_users),
                         .pointer = "/nodes",
                         .spot = scenario.nodes.spot,
                         .hint = "many users hardly wait for one another: use an open loop"});
        return false;
    }
    return check_counts(scenario, written_counts(scenario, document), diagnostics);
}

void check_feasible(const Scenario& scenario, const World& world, const Value& document,
                    Diagnostics& diagnostics) {
    const Counts most = most_counts(scenario, world, written_counts(scenario, document));
    check_regions(scenario, world, diagnostics);
    check_begins(scenario, world, diagnostics);
    check_lost_messages(scenario, world, diagnostics);
    if (check_counts(scenario, most, diagnostics)) {
        check_refusals(scenario, world, most, document, diagnostics);
    }
    check_work(scenario, trace_flow(scenario, world), diagnostics);
    check_membership(scenario, world, diagnostics);
}

}  // namespace archsim::scenarios
