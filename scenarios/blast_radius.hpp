// What really happens when a node dies: each one is killed in a run of its own, and what its users
// lose is counted. Beside it, from the graph alone, how many instances have to fail at least before
// users are cut off.
#pragma once

#include "scenarios/result.hpp"
#include "scenarios/run.hpp"
#include "scenarios/scenario.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace archsim::scenarios {

/// The fewest instances without which requests to `target` are not answered.
struct Cut {
    std::string target;
    std::size_t failures = 0;        ///< How many instances they are together.
    std::vector<std::string> nodes;  ///< The components whose instances fail.
};

/// One cut for each component that answers without calling anybody, in the order of the scenario:
/// a minimum vertex cut between the load sources and it, by maximum flow (Ford and Fulkerson 1956,
/// "Maximal Flow through a Network"). All instances of a caller reach all of a callee, so that a
/// component counts as one vertex whose capacity is that of fatal_failures(). O(nodes x calls^2).
[[nodiscard]] std::vector<Cut> smallest_cuts(const Scenario& scenario);

/// What the users of one operation lost.
struct OperationLoss {
    std::string operation;       ///< Path, such as "users/read".
    std::optional<double> lost;  ///< Share of what is answered without the failure.
};

/// A run in which one node was down for all of the measured time.
struct KilledNode {
    std::string node;  ///< Address.
    std::vector<OperationLoss> operations;
    std::optional<double> lost;  ///< Of all operations together.
    bool is_helper = false;      ///< Not a member, such as the detector of a failover.
};

/// Nodes killed at most; further ones are left out.
inline constexpr std::size_t most_killed = 64;

/// Kills, each in a run of replication 0 without the scenario's own faults: the only instance of a
/// component, every member and helper of one that holds data, and the first of several that are
/// alike.
[[nodiscard]] std::vector<KilledNode> kill_each(const Scenario& scenario, sim::Duration warm_up,
                                                const RunOptions& options);

/// Adds the chapter "blast_radius", and to each single point of failure of the result the share of
/// requests that were lost without it.
void add_blast_radius(const std::vector<KilledNode>& killed, const std::vector<Cut>& cuts,
                      Result& result);

}  // namespace archsim::scenarios
