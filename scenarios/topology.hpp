// What can be known of an architecture without running it: nodes that no load reaches, stations
// with more work than they can do, single points of failure.
#pragma once

#include "models/diagnostics.hpp"
#include "scenarios/flow.hpp"
#include "scenarios/result.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/theory.hpp"

#include <string>
#include <vector>

namespace archsim::scenarios {

/// Everything that static analysis finds.
struct StaticFindings {
    std::vector<std::string> warnings;
    std::vector<SpofResult> spof;
    std::vector<std::string> assumptions;  ///< Of all kinds in the scenario, each once.
    std::vector<Prediction> predictions;
};

/// Analyses a checked scenario. O(nodes x calls).
[[nodiscard]] StaticFindings analyse(const Scenario& scenario);

/// The same findings as diagnostics with their places, for `archsim check`: warnings
/// `unreachable_node`, `overload`, `single_point_of_failure`, `no_load`.
void report_findings(const Scenario& scenario, models::Diagnostics& diagnostics);

/// Sets "system/bottleneck" to the utilisation of the busiest station over all replications, named
/// in a fact; in single replications another one may be busiest. A station is a component, or a
/// member of one that has no utilisation of its own. Requires: metrics sorted by name, and they
/// stay so.
void add_bottleneck(Result& result);

/// The single points of failure, in the order of the scenario.
///
/// A component with one instance is one if some request fails while it is down: it is called on the
/// request's way and there is no other backend to choose. A component with several instances is
/// one only if the others cannot carry the load, or, of a database, if its way of replication needs
/// them all or one in particular. The reason says which requests fail, and, from the
/// graph of instances with the load sources as its root, what can be reached through it alone:
/// dominators (Lengauer and Tarjan 1979, "A fast algorithm for finding dominators in a flowgraph"),
/// and among them the articulation points (Hopcroft and Tarjan 1973, "Algorithm 447"), without
/// which the graph falls apart. O(nodes x calls).
[[nodiscard]] std::vector<SpofResult> failure_points(const Flow& flow);

}  // namespace archsim::scenarios
