// The parameters of a load balancer as a scenario writes them.
#pragma once

#include "models/distribution_codec.hpp"
#include "models/edge.hpp"
#include "models/health/backend_health.hpp"
#include "models/load_balancer/policies.hpp"
#include "models/spec.hpp"

#include <optional>
#include <vector>

namespace archsim::models {

/// A component whose instances are backends.
struct TargetConfig : LinkConfig {
    Reference to;
    double weight = 1.0;
    static const Spec<TargetConfig>& spec();
};

/// Everything that a scenario can say of a load balancer.
struct BalancerConfig {
    BalancingConfig policy;
    std::vector<TargetConfig> calls;
    std::optional<sim::Duration> timeout = std::nullopt;
    std::optional<RetryConfig> retry = std::nullopt;
    std::optional<HedgeConfig> hedge = std::nullopt;
    std::optional<HealthCheckConfig> health_check = std::nullopt;
    std::optional<EjectionConfig> ejection = std::nullopt;
    std::optional<SlowStartConfig> slow_start = std::nullopt;
    sim::Probability panic_threshold;
    sim::Duration load_reports;
    static const Spec<BalancerConfig>& spec();
};

}  // namespace archsim::models
