// What can be known of an architecture without running it: nodes that no load reaches, stations
// with more work than they can do, single points of failure.
#pragma once

#include "models/diagnostics.hpp"
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
    std::vector<std::string> assumptions;
    std::vector<Prediction> predictions;
};

/// Analyses a checked scenario. O(nodes x edges).
[[nodiscard]] StaticFindings analyse(const Scenario& scenario);

/// The same findings as diagnostics with their places, for `archsim check`: warnings
/// `unreachable_node`, `overload`, `single_point_of_failure`, `no_load`.
void report_findings(const Scenario& scenario, const models::Value& document,
                     models::Diagnostics& diagnostics);

/// Adds "system/bottleneck": the utilisation of the busiest station, named in a fact.
void add_bottleneck(Result& result);

}  // namespace archsim::scenarios
