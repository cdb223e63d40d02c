// Shortest paths over the links, each as long as the shortest time that its delay can take.
#include "scenarios/topology_delays.hpp"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <utility>

namespace archsim::scenarios {

namespace {

using Graph =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS, boost::no_property,
                          boost::property<boost::edge_weight_t, std::int64_t>>;

/// Numbers the places where something is known: a component in a region.
class Vertices {
public:
    std::size_t of(const models::Node& node) {
        return numbers_.try_emplace({&node.owner(), node.region()}, numbers_.size()).first->second;
    }

private:
    std::map<std::pair<const models::Component*, std::uint32_t>, std::size_t> numbers_;
};

/// A message takes as long back as it takes there. Many links share one delay.
Graph graph_of(const models::Network& network, Vertices& vertices) {
    Graph graph;
    std::map<const sim::Distribution*, std::int64_t> least;
    for (const models::Link& link : network.links()) {
        if (link.unknown_delay) continue;
        std::int64_t delay = 0;
        if (link.delay != nullptr) {
            const auto [known, is_new] = least.try_emplace(link.delay, 0);
            if (is_new) known->second = link.delay->least().count();
            delay = known->second;
        }
        boost::add_edge(vertices.of(*link.from), vertices.of(*link.to), delay, graph);
    }
    return graph;
}

}  // namespace

std::vector<std::vector<std::optional<sim::Duration>>> least_delays(
    const models::Network& network, const std::vector<const models::Node*>& places) {
    constexpr std::int64_t unreachable = std::numeric_limits<std::int64_t>::max();
    Vertices vertices;
    Graph graph = graph_of(network, vertices);
    for (const models::Node* const place : places) {
        const std::size_t vertex = vertices.of(*place);
        while (boost::num_vertices(graph) <= vertex) boost::add_vertex(graph);
    }
    std::vector<std::vector<std::optional<sim::Duration>>> delays;
    for (const models::Node* const from : places) {
        std::vector<std::int64_t> reached(boost::num_vertices(graph), unreachable);
        boost::dijkstra_shortest_paths(
            graph, vertices.of(*from),
            boost::distance_map(reached.data()).distance_inf(unreachable));
        auto& row = delays.emplace_back();
        for (const models::Node* const to : places) {
            const std::int64_t delay = reached[vertices.of(*to)];
            row.push_back(delay == unreachable ? std::nullopt
                                               : std::optional{sim::Duration::nanoseconds(delay)});
        }
    }
    return delays;
}

}  // namespace archsim::scenarios
