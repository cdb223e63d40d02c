// What no machine could simulate and what would never end: refused before a run begins, with the
// place in the file, instead of a process that stops, swells or hangs.
#pragma once

#include "models/diagnostics.hpp"
#include "models/document.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/world.hpp"

#include <cstdint>

namespace archsim::scenarios {

/// Components of a scenario.
inline constexpr std::size_t most_nodes = 10'000;
/// Instances of all components together, those included that faults add.
inline constexpr std::uint64_t most_instances = 200'000;
/// Users of all closed loops together: each is an event that waits.
inline constexpr std::uint64_t most_users = 4'000'000;
/// Ways from one instance to another over which calls are made.
inline constexpr std::uint64_t most_links = 2'000'000;
/// Components that may call one another in a row, each within the call before.
inline constexpr std::size_t longest_chain = 500;
/// Calls and visits that one request may cause on average, with all that they cause in turn.
inline constexpr double most_work_of_a_request = 1e7;

/// Counts what would be built; says false, and why, if it is too much. To be asked before a World
/// of the scenario is made: `document` is what the scenario was read from.
[[nodiscard]] bool check_sizes(const Scenario& scenario, const models::Value& document,
                               models::Diagnostics& diagnostics);

/// Refuses calls that could wait for ever, tables too small for their backends, requests that cause
/// too much work, and faults that ask for what a component cannot do. Uses `world` up: instances
/// are added to it. Requires: calls form no circle.
void check_feasible(const Scenario& scenario, const World& world, const models::Value& document,
                    models::Diagnostics& diagnostics);

}  // namespace archsim::scenarios
