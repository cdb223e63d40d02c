// Running a scenario: one replication, many on all cores, and the experiment as a whole.
#pragma once

#include "scenarios/cap.hpp"
#include "scenarios/metastability.hpp"
#include "scenarios/scenario.hpp"
#include "sim/metrics.hpp"
#include "sim/simulation.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::scenarios {

/// What one replication measured.
struct Replication {
    std::vector<sim::MetricValue> metrics;
    std::uint64_t events = 0;
    std::uint64_t fingerprint = 0;
    sim::Duration simulated;  ///< Time reached.
    sim::RunEnd end = sim::RunEnd::deadline;
    std::optional<CapObservation> cap;         ///< Of the store that was watched.
    std::vector<Aftermath> aftermaths;         ///< Of the triggers that could be judged.
    std::vector<models::FaultEvent> campaign;  ///< What random campaigns did, in replication 0.
};

/// How far replications have come, for whoever watches from another thread.
struct RunProgress {
    std::atomic<std::int64_t> simulated_ns{0};  ///< Over all replications.
    std::atomic<std::uint64_t> events{0};
};

/// How replications are run.
struct RunOptions {
    unsigned jobs = 1;                             ///< Threads; 0 counts as 1.
    std::uint64_t max_events = UINT64_C(1) << 40;  ///< For one replication.
    const std::atomic<bool>* interrupt = nullptr;  ///< Set to stop soon.
    std::string replay{};                          ///< Command that a failing check prints.
    RunProgress* progress = nullptr;               ///< Told at the end of each window.
    models::HistorySink* history = nullptr;        ///< Hears replication 0, if a store is watched.
};

/// Windows that the measured time is cut into, for intervals from one replication and for series.
inline constexpr int windows_per_run = 20;

/// The warm-up of the scenario; for "auto" the cut that MSER-5 finds in a pilot run of replication
/// 0 (all of its latencies in order of completion). If no cut can be found, half the duration, with
/// a warning appended to `warnings`.
[[nodiscard]] sim::Duration warm_up_of(const Scenario& scenario, const RunOptions& options,
                                       std::vector<std::string>& warnings);

/// Whether a run of the scenario reports a metric of this name.
[[nodiscard]] bool has_metric(const Scenario& scenario, std::string_view name);

/// Whether the metric is one of an instance such as "web/3/utilisation", of which a run may add
/// more than a scenario has at its beginning.
[[nodiscard]] bool is_of_instance(std::string_view metric);

/// Whether a run of the scenario watches a store, so that there is a history to record.
[[nodiscard]] bool watches_store(const Scenario& scenario);

/// Runs replication number `index`. Same scenario, seed and index: same result.
[[nodiscard]] Replication run_replication(const Scenario& scenario, std::int64_t index,
                                          sim::Duration warm_up, const RunOptions& options);

/// Runs replications first .. first + count - 1 on options.jobs threads, results in order.
[[nodiscard]] std::vector<Replication> run_replications(const Scenario& scenario,
                                                        std::int64_t first, std::int64_t count,
                                                        sim::Duration warm_up,
                                                        const RunOptions& options);

}  // namespace archsim::scenarios
