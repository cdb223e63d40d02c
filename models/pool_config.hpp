// The parameters of whatever passes requests on to one of several backends: load balancers and
// rings.
#pragma once

#include "models/edge.hpp"
#include "models/health/backend_health.hpp"
#include "models/spec.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace archsim::models {

/// A component whose instances are backends.
struct TargetConfig : LinkConfig {
    Reference to;
    double weight = 1.0;
    bool joined = true;
    static const Spec<TargetConfig>& spec();
};

/// The parameters of everything that has backends.
struct PoolConfig {
    std::vector<TargetConfig> calls;
    std::optional<sim::Duration> timeout = std::nullopt;
    std::optional<RetryConfig> retry = std::nullopt;
    std::optional<HedgeConfig> hedge = std::nullopt;
    std::optional<HealthCheckConfig> health_check = std::nullopt;
    std::optional<EjectionConfig> ejection = std::nullopt;
    std::optional<SlowStartConfig> slow_start = std::nullopt;
    sim::Probability panic_threshold;

    /// What of it belongs to the edge to a backend.
    [[nodiscard]] EdgeConfig edge() const;
};

/// Reports what does not go together in a pool.
void check_pool(const PoolConfig& config, const Place& place);

/// Declares the parameters of PoolConfig, slow start left out, and the metrics of a pool on the
/// Spec of a configuration that derives from it.
template <class Config>
[[nodiscard]] Spec<Config> with_pool_fields(Spec<Config>&& spec) {
    return std::move(spec)
        .required("calls", &Config::calls, "The nodes whose instances are backends.")
        .optional("timeout", &Config::timeout, "How long a try may take.")
        .more_than(sim::Duration{})
        .optional("retry", &Config::retry,
                  "When a try that failed is made again, at a backend chosen anew.")
        .optional("hedge", &Config::hedge, "When a slow try is doubled.")
        .optional("health_check", &Config::health_check, "Active probes.")
        .optional("ejection", &Config::ejection, "Passive ejection after failures.")
        .optional("panic_threshold", &Config::panic_threshold,
                  "Below this share of healthy backends, health is ignored.")
        .metric("backend", "ratio", "backend/NAME/share: share of the tries sent there.")
        .metric("imbalance", "", "Tries of the busiest backend over the mean.")
        .metric("no_backend", "ratio", "Share of tries for which no backend was usable.")
        .metric("ejections", "count", "Passive ejections since the start of the run.")
        .metric("health_changes", "count", "Turns up or down by probes since the start.")
        .check([](const Config& config, const Place& place) { check_pool(config, place); });
}

}  // namespace archsim::models
