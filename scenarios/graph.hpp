// The architecture as a plain graph, for diagrams.
#pragma once

#include "scenarios/scenario.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace archsim::scenarios {

/// Nodes and edges as a diagram shows them.
struct Graph {
    struct Vertex {
        std::string name;
        std::string kind;
        std::size_t instances = 0;  ///< 0 for a load source, which nobody calls.
    };
    std::string title;
    std::vector<Vertex> vertices;                            ///< In the order of the scenario.
    std::vector<std::pair<std::string, std::string>> edges;  ///< Caller and callee, sorted.
};

/// The graph of a checked scenario.
[[nodiscard]] Graph graph_of(const Scenario& scenario);

}  // namespace archsim::scenarios
