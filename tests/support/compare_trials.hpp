// Trials of `compare` on M/M/1: how often it calls a difference between equal designs, and how
// often its intervals hold the true difference. Shared by a test and a benchmark.
#pragma once

#include <cstdint>

namespace archsim::tests {

/// What trials came to.
struct CompareTrials {
    std::int64_t trials = 0;
    std::int64_t called = 0;        ///< Trials in which some headline metric was called different.
    std::int64_t covered_mean = 0;  ///< Intervals of the mean latency that hold the truth.
    std::int64_t covered_p99 = 0;
};

/// What one trial runs.
struct TrialSetup {
    double load = 0.5;      ///< Of the reference, whose work takes 10 ms on average.
    double speed_up = 1.0;  ///< Work of the design is divided by this.
    std::int64_t replications = 10;
    double seconds = 10.0;  ///< Simulated, after the warm-up.
    double warm_up = 2.0;
};

/// Runs trials with independent seeds, two new ones each. The truth is M/M/1's: the sojourn time is
/// exponential with mean 1 / (mu - lambda).
[[nodiscard]] CompareTrials run_compare_trials(const TrialSetup& setup, std::int64_t trials);

/// The factor by which common random numbers shorten the interval of the difference of mean
/// latencies between the reference and a design faster by setup.speed_up.
[[nodiscard]] double measured_crn_factor(const TrialSetup& setup);

/// The most calls among `trials` that a rate of at most 5 % explains: mean and three standard
/// errors of the binomial distribution.
[[nodiscard]] double calls_allowed(std::int64_t trials);
/// The fewest covered ones of a 95 % interval, likewise.
[[nodiscard]] double coverage_required(std::int64_t trials);

}  // namespace archsim::tests
