// Minimum vertex cuts between load sources and what answers at the end of each way.
#include "scenarios/blast_radius.hpp"
#include "scenarios/flow.hpp"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/edmonds_karp_max_flow.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>
#include <utility>

namespace archsim::scenarios {

namespace {

using Capacity = std::int64_t;
using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
using Pipes = boost::adjacency_list<
    boost::vecS, boost::vecS, boost::directedS, boost::no_property,
    boost::property<
        boost::edge_capacity_t, Capacity,
        boost::property<boost::edge_residual_capacity_t, Capacity,
                        boost::property<boost::edge_reverse_t, Traits::edge_descriptor>>>>;

constexpr Capacity unlimited = std::numeric_limits<Capacity>::max() / 4;

void add_pipe(Pipes& pipes, std::size_t from, std::size_t to, Capacity capacity) {
    const auto there = boost::add_edge(from, to, pipes).first;
    const auto back = boost::add_edge(to, from, pipes).first;
    boost::put(boost::edge_capacity, pipes, there, capacity);
    boost::put(boost::edge_capacity, pipes, back, Capacity{0});
    boost::put(boost::edge_reverse, pipes, there, back);
    boost::put(boost::edge_reverse, pipes, back, there);
}

/// Component i has the vertices 2 i (requests come in) and 2 i + 1 (calls go out), and between them
/// a pipe as wide as instances have to fail; all users are the last vertex.
std::size_t entry(std::size_t component) { return 2 * component; }
std::size_t exit_of(std::size_t component) { return 2 * component + 1; }

using Calls = std::set<std::pair<std::size_t, std::size_t>>;

Calls calls_of(const Flow& flow) {
    Calls calls;
    for (const Stream& stream : flow.streams) {
        for (const std::size_t callee : stream.callees) {
            calls.emplace(stream.component, flow.streams[callee].component);
        }
    }
    return calls;
}

Pipes pipes_of(const Flow& flow, const Calls& calls) {
    const std::size_t users = 2 * flow.components.size();
    Pipes pipes{users + 1};
    for (std::size_t i = 0; i < flow.components.size(); ++i) {
        const ComponentFlow& component = flow.components[i];
        if (component.is_source) add_pipe(pipes, users, entry(i), unlimited);
        const auto width = component.is_source
                               ? unlimited
                               : static_cast<Capacity>(fatal_failures(flow, component));
        add_pipe(pipes, entry(i), exit_of(i), width);
    }
    for (const auto& [caller, callee] : calls) {
        add_pipe(pipes, exit_of(caller), entry(callee), unlimited);
    }
    return pipes;
}

/// What users still reach through pipes that are not full.
std::vector<bool> reached_by_users(const Pipes& pipes) {
    std::vector<bool> reached(boost::num_vertices(pipes), false);
    std::vector<std::size_t> open = {boost::num_vertices(pipes) - 1};
    reached[open.front()] = true;
    while (!open.empty()) {
        const std::size_t vertex = open.back();
        open.pop_back();
        const auto [first, last] = boost::out_edges(vertex, pipes);
        for (auto edge = first; edge != last; ++edge) {
            const std::size_t next = boost::target(*edge, pipes);
            if (reached[next]) continue;
            if (boost::get(boost::edge_residual_capacity, pipes, *edge) <= 0) continue;
            reached[next] = true;
            open.push_back(next);
        }
    }
    return reached;
}

}  // namespace

std::vector<Cut> smallest_cuts(const Scenario& scenario) {
    const World world{scenario, 0};
    const Flow flow = trace_flow(scenario, world);
    const Calls calls = calls_of(flow);
    std::vector<Cut> cuts;
    for (std::size_t target = 0; target < flow.components.size(); ++target) {
        const ComponentFlow& component = flow.components[target];
        const bool calls_others =
            std::ranges::any_of(calls, [target](const auto& call) { return call.first == target; });
        if (component.is_source || component.streams.empty() || calls_others) continue;
        Pipes pipes = pipes_of(flow, calls);
        const Capacity width =
            boost::edmonds_karp_max_flow(pipes, 2 * flow.components.size(), exit_of(target));
        const std::vector<bool> reached = reached_by_users(pipes);
        Cut cut{component.component->name(), static_cast<std::size_t>(width), {}};
        for (std::size_t i = 0; i < flow.components.size(); ++i) {
            if (reached[entry(i)] && !reached[exit_of(i)]) {
                cut.nodes.push_back(flow.components[i].component->name());
            }
        }
        cuts.push_back(std::move(cut));
    }
    return cuts;
}

}  // namespace archsim::scenarios
