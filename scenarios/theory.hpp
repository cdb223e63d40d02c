// The theory column: where a station's assumptions hold in a scenario, the closed form for it.
#pragma once

#include "scenarios/result.hpp"
#include "scenarios/world.hpp"

#include <span>
#include <string>
#include <vector>

namespace archsim::scenarios {

/// A number that a closed form predicts for a metric.
struct Prediction {
    std::string metric;
    double value = 0.0;
    std::string formula;
};

/// Every prediction that holds for the scenario as it stands, sorted by metric.
///
/// - Stations: what station_theory() knows: utilisation, rejected, mean waiting time, sojourn time
///   and queue length, and p95 and p99 of both times where their law is known.
/// - Load sources: throughput and mean latency (the sum of the sojourn times and delays on the way,
///   which needs no independence), and p95 and p99 where no more than one time on the way is
///   random; in all, and for each operation where there are several.
/// - Caches: the hit ratio, where cache_theory() has a closed form; no latency through them.
///
/// For a scenario with faults only availability is predicted, where predict_availability() can.
/// Nothing is predicted for anything that a source reaches whose
/// arrivals are not a stationary Poisson process (closed loops, traces, profiles, MMPP), behind a
/// call with timeout, retry, hedge or loss, behind a station that is overloaded or has a finite
/// queue, or behind a balancer that looks at state. Where waiting times are predicted, trace_flow()
/// has found the law of the arrivals. All are values in the long run: a start from an empty system
/// without warm-up shows as a deviation.
[[nodiscard]] std::vector<Prediction> predict(const Scenario& scenario, const World& world);

/// Puts each prediction beside its metric, with the deviation in standard errors.
void add_theory(std::span<const Prediction> predictions, Result& result);

}  // namespace archsim::scenarios
