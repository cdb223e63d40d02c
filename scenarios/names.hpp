// Checks of names and of what only a built world can tell: do the nodes that are named exist, can
// they be called, and does each expectation speak of a metric that there is?
#pragma once

#include "models/document.hpp"
#include "models/reader.hpp"
#include "scenarios/scenario.hpp"

#include <span>
#include <string>
#include <vector>

namespace archsim::scenarios {

/// The names of the nodes in a document, whether or not the rest of it is right.
[[nodiscard]] std::vector<std::string> names_in(const models::Value& document);

/// Reports references to nodes that are not among `names`, each with the nearest name.
void report_unknown_targets(const std::vector<std::string>& names,
                            std::span<const models::FoundReference> references,
                            models::Diagnostics& diagnostics);

/// Reports references to regions that the scenario does not list, each with the nearest name.
void report_unknown_regions(const Scenario& scenario, models::Diagnostics& diagnostics);

/// Builds the scenario once and reports calls to nodes that cannot be called, circles of calls,
/// members that do not exist, unknown metrics in "expect", units that do not fit, and faults that
/// leave a caller waiting for ever. Requires: all names refer to something.
void check_built(const Scenario& scenario, const models::Value& document,
                 models::Diagnostics& diagnostics);

}  // namespace archsim::scenarios
