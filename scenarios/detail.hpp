// What pictures of a run are made of: how the main numbers went over time, the distribution of
// latencies, when faults were in force, and who calls whom.
#pragma once

#include "scenarios/result.hpp"
#include "scenarios/run.hpp"
#include "scenarios/scenario.hpp"

#include <vector>

namespace archsim::scenarios {

/// Slices of the run's whole length that make the points of a time series.
inline constexpr int slices_per_run = 120;
/// Curves that one series table holds at most; what is left out is said in a fact.
inline constexpr std::size_t most_series = 60;

/// Runs replication 0 once more in finer windows, warm-up shown, and returns the sections
/// "topology" (nodes, edges), "faults" (kind, target, from, to), "series" (one row a slice: its
/// middle, then one column a metric) and "distributions" (points of cumulative distributions of
/// the sources' latencies with count, mean, deviation and maximum, warm-up left out) and "slowest"
/// (the slowest requests span by span), all for drawing, and "tail" (where slow requests spend
/// their time). A request is slow if it took at least the 99th percentile that `result` has for its
/// source. Costs about twice as much time as one replication.
[[nodiscard]] std::vector<Section> look_closely(const Scenario& scenario, const Result& result,
                                                sim::Duration warm_up, const RunOptions& options);

}  // namespace archsim::scenarios
