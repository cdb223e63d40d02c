// From the numbers of several replications, or of the batches of one, to a metric of the result
// with its interval, and from there to its distance from theory.
#pragma once

#include "scenarios/result.hpp"

#include <optional>
#include <span>
#include <string>

namespace archsim::scenarios {

/// The metric over replications: the mean of those that measured it. An interval needs two; it is
/// cut to what the metric can be (a ratio stays within 0 to 1, and what was never negative stays
/// so). `why_absent` is the reason where no replication measured it. O(replications).
[[nodiscard]] MetricResult over_replications(std::string name, std::string unit,
                                             std::span<const std::optional<double>> values,
                                             std::string why_absent = "nothing to measure");

/// The metric of a single replication: its value over the whole run, with an interval around it
/// from the values of consecutive batches, or the reason why they do not give one. O(batches).
[[nodiscard]] MetricResult over_batches(std::string name, std::string unit, double value,
                                        std::span<const double> batches);

/// The closed form `formula` beside what was measured, with the deviation in standard errors where
/// there is one above zero. Requires: value is finite.
[[nodiscard]] TheoryResult beside_theory(const MetricResult& metric, double value,
                                         std::string formula);

}  // namespace archsim::scenarios
