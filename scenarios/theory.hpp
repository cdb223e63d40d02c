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

/// Every prediction that holds for the world's scenario as it stands: open Poisson load without
/// faults, retries or timeouts, stations whose arrivals are Poisson (directly, split at random,
/// or behind stations with Poisson output) or the in-turn split of a Poisson stream.
[[nodiscard]] std::vector<Prediction> predict(const Scenario& scenario, const World& world);

/// Puts each prediction beside its metric, with the deviation in standard errors.
void add_theory(std::span<const Prediction> predictions, Result& result);

}  // namespace archsim::scenarios
