// From a built world to its graph.
#include "scenarios/graph.hpp"

#include "scenarios/world.hpp"

namespace archsim::scenarios {

Graph graph_of(const Scenario& scenario) {
    const World world{scenario, 0};
    Graph graph;
    graph.title = scenario.name;
    for (const NodeEntry& node : scenario.nodes.entries) {
        const models::Component& component = *world.component(node.name);
        graph.vertices.push_back(
            {component.name(), std::string(component.kind()), component.members().size()});
    }
    graph.edges = world.edges();
    return graph;
}

}  // namespace archsim::scenarios
