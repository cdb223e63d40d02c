// Metastable failures: the trigger is over, the load is back to normal, and the goodput is not,
// because something keeps the overload going, such as retries (N. Bronson et al., "Metastable
// Failures in Distributed Systems", 2021). Found by watching the load sources from outside, without
// a single event of its own.
#pragma once

#include "models/node.hpp"
#include "models/spec.hpp"
#include "scenarios/result.hpp"
#include "sim/metrics.hpp"
#include "sim/units.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::scenarios {

/// What counts as a failure that goes on by itself.
struct MetastabilityConfig {
    std::optional<sim::Duration> after = std::nullopt;
    sim::Probability loss{0.2};
    static const models::Spec<MetastabilityConfig>& spec();
};

/// Something that disturbs a system for a while: a fault, or more load than usual.
struct Trigger {
    std::string what;
    sim::Instant from;
    sim::Instant to;
};

/// What all load sources together did in one of the equal parts that a run is cut into.
struct LoadSample {
    sim::Instant from;
    sim::Instant to;
    models::LoadCounts counts;
};

/// What became of the goodput after a trigger.
struct Aftermath {
    Trigger trigger;
    double offered_before = 0.0;  ///< 1/s, from the start of the measured time to the trigger.
    double goodput_before = 0.0;
    double goodput_after = 0.0;  ///< 1/s, from the trigger's end on.
    bool is_metastable = false;
    std::optional<sim::Instant> onset{};      ///< Since when the goodput is low, if it is so.
    std::optional<sim::Duration> recovery{};  ///< From the trigger's end; nothing if never.
};

/// The aftermath of a trigger, until `end`; nothing where it cannot be told: too little before or
/// after it, or a load after it that is not what it was. Low is a goodput, averaged over a stretch
/// of at least 100 requests of the usual load, that lacks more than the share `loss`. Metastable is
/// one that stays low for `after` from the trigger's end on, or the length of the trigger twice.
/// Requires: samples of equal length, in order. O(samples).
[[nodiscard]] std::optional<Aftermath> aftermath_of(const Trigger& trigger,
                                                    std::span<const LoadSample> samples,
                                                    sim::Instant measured_from, sim::Instant end,
                                                    const MetastabilityConfig& config);

/// Triggers in order, those that overlap made one.
[[nodiscard]] std::vector<Trigger> merged(std::vector<Trigger> triggers);

/// Samples the load of a run and publishes `system/metastable` and `system/recovery_time`.
class RecoveryWatch {
public:
    /// `metrics` outlives the watch. Requires: triggers as merged() gives them, at least one.
    RecoveryWatch(std::vector<Trigger> triggers, MetastabilityConfig config, sim::Duration length,
                  sim::Metrics& metrics);
    RecoveryWatch(const RecoveryWatch&) = delete;
    RecoveryWatch& operator=(const RecoveryWatch&) = delete;

    /// When the next sample is due; never() after the last.
    [[nodiscard]] sim::Instant next() const;
    /// Takes it. Requires: the clock stands at next().
    void sample(models::LoadCounts since_start);
    /// Judges what was sampled, with metrics counting from `measured_from`.
    void finish(sim::Instant measured_from);
    /// Says why a metric has no value.
    void explain(std::vector<sim::MetricValue>& metrics) const;
    /// Of each trigger that could be judged. Requires: finished.
    [[nodiscard]] const std::vector<Aftermath>& aftermaths() const { return aftermaths_; }

private:
    std::vector<Trigger> triggers_;
    MetastabilityConfig config_;
    sim::Duration length_;
    std::vector<LoadSample> samples_;
    models::LoadCounts before_;
    std::vector<Aftermath> aftermaths_;
};

/// The chapter "metastability" for the aftermaths of each replication. Requires: one or more
/// replications.
[[nodiscard]] Section metastability_section(
    std::span<const std::vector<Aftermath>* const> replications);

}  // namespace archsim::scenarios
