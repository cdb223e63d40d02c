// Deciding whether a design meets what is asked of it with as few replications as will do: looks at
// doubling counts, each at a stricter level, so that all of them together err in 5 % of cases.
#pragma once

#include "scenarios/expect.hpp"
#include "scenarios/result.hpp"
#include "scenarios/run.hpp"
#include "scenarios/scenario.hpp"

#include <cstdint>
#include <span>

namespace archsim::scenarios {

/// How a trial is run.
struct TrialOptions {
    RunOptions run{};
    std::int64_t first = 4;  ///< Replications at the first look; at least 2.
    std::int64_t most = 64;  ///< At the last look.
    /// Stop after the first look, which has the level that it has among all of them; the values
    /// decide what is open then.
    bool only_first = false;
};

/// What a trial came to.
struct TrialResult {
    Verdict verdict = Verdict::no_data;  ///< Pass or fail, or no_data.
    bool decided = false;                ///< Else the values alone decide.
    Status status = Status::complete;
    Result result{};  ///< Metrics over all replications that were run.
};

/// Runs replications 0, 1, ... until the intervals decide every goal or there are `most`.
/// Each look is at level 1 - 0.05 / looks (Bonferroni), so that peeking costs nothing.
[[nodiscard]] TrialResult run_trial(const Scenario& scenario, std::span<const Expectation> goals,
                                    const TrialOptions& options);

}  // namespace archsim::scenarios
