// How much load a design bears, or how little of something it needs, to meet a goal: bracketing,
// then halving, with a sequential trial at each point.
#pragma once

#include "models/document.hpp"
#include "scenarios/trial.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace archsim::scenarios {

/// Multiplies the arrival rates of every open-loop source and the users of every closed-loop one
/// (rounded, at least one) and returns how many numbers it changed; a replay cannot be scaled.
/// Requires: factor > 0.
std::int64_t scale_load(models::Value& document, double factor);

/// One point that was tried.
struct CapacityPoint {
    double value = 0.0;
    Verdict verdict = Verdict::no_data;
    bool decided = false;
    int replications = 0;
    std::vector<std::optional<double>> observed{};  ///< The metric of each goal.
};

/// What is asked.
struct CapacityQuestion {
    std::vector<Expectation> goals{};
    /// Runs the trial at a value; nothing if there is no valid design there.
    std::function<std::optional<TrialResult>(double value)> trial{};
    bool whole = false;       ///< Values are whole numbers between low and high.
    double low = 1.0;         ///< Where to begin; the lowest value if `whole`.
    double high = 1.0;        ///< The highest value if `whole`.
    double precision = 0.01;  ///< Relative width of the last bracket; not if `whole`.
};

/// The answer.
struct CapacityAnswer {
    bool found = false;
    bool more_is_better = false;       ///< The goal holds from the answer on upwards.
    double value = 0.0;                ///< The last value at which the goal holds.
    std::optional<double> holds_at{};  ///< The value nearest to the answer that decidedly passes.
    std::optional<double> fails_at{};  ///< The value nearest to it that decidedly fails.
    std::string reason{};              ///< Why nothing was found.
    Status status = Status::complete;  ///< Else the search ended at a run that was cut short.
    std::vector<CapacityPoint> points{};  ///< In the order of their values, whole runs only.
};

/// Finds where the goal stops holding. Load: doubles or halves from `low` until two neighbours
/// differ, then halves the bracket. Whole numbers: the ends tell which way is better.
/// Takes the goal to hold on one side of a single value. O(log(range / precision)) trials.
[[nodiscard]] CapacityAnswer find_capacity(const CapacityQuestion& question);

}  // namespace archsim::scenarios
