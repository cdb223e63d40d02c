// An experiment: as many replications as are needed, and the result that reports are made of.
#pragma once

#include "scenarios/result.hpp"
#include "scenarios/run.hpp"
#include "scenarios/scenario.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace archsim::scenarios {

/// "users/latency/p99:2%": run on until the half width of the metric's interval is at most this
/// share of its value.
struct Precision {
    std::string metric;
    double relative = 0.0;
};

/// Reads a precision; nothing if the text is not METRIC:PERCENT with 0 < percent < 100.
[[nodiscard]] std::optional<Precision> parse_precision(const std::string& text);

/// What an experiment does besides what the scenario says.
struct ExperimentOptions {
    RunOptions run;
    std::vector<Precision> until;  ///< Every one of them must be reached.
    /// Run on until no expectation is undecided. Each look is at a stricter level (sequential.hpp),
    /// so that looking often decides nothing by chance.
    bool until_decided = false;
    std::int64_t max_replications = 1000;
    /// Whether to run replication 0 once more for what pictures are made of (detail.hpp).
    bool in_detail = false;
    bool kill_nodes = false;  ///< Also kill each node in a run of its own: the blast radius.
    /// Told after each batch of replications how many there are.
    std::function<void(std::int64_t done)> progress;
};

/// Runs the scenario's replications, then more at fixed counts (doubling) while `until` asks for
/// it, and puts everything together: metrics, theory, expectations, static findings.
/// The result depends on the scenario and these options, not on the number of threads.
[[nodiscard]] Result run_experiment(const Scenario& scenario, const ExperimentOptions& options);

/// Turns replications, in order, into metrics with intervals: over replications if there are two
/// or more, else over the windows of the one.
[[nodiscard]] std::vector<MetricResult> metrics_of(std::span<const Replication> replications);

/// A number that changes with the order and content of all replications.
[[nodiscard]] std::uint64_t combined_fingerprint(std::span<const Replication> replications);

}  // namespace archsim::scenarios
