// What an autoscaler has measured, and what every policy of scaling has in common.
#pragma once

#include "models/spec.hpp"
#include "sim/units.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>

namespace archsim::models {

/// One look at a service: means over the time since the look before, all instances together.
struct ScalingSample {
    sim::Instant since;
    sim::Instant at;
    double busy = 0.0;          ///< Servers at work.
    double capacity = 0.0;      ///< Servers there were.
    double arrivals = 0.0;      ///< Work that came, a second.
    std::uint64_t present = 0;  ///< Requests waiting or in service at `at`.
    std::int64_t servers = 1;   ///< Of one instance.
};

/// A policy says how many instances there should be; limits, delays and cooldowns are the business
/// of the autoscaler. `planned` are the instances in rotation and those that are starting.
template <class Policy>
concept ScalingPolicy = std::constructible_from<Policy, const typename Policy::Config&> &&
    HasSpec<typename Policy::Config> &&
    requires(Policy policy, const ScalingSample& sample, std::int64_t planned) {
    { policy.wanted(sample, planned) } -> std::same_as<std::int64_t>;
};

/// The fewest instances that can do `load` where one does `each`, one part in 10^9 forgiven so that
/// a load that fits exactly is not one instance too much. Requires: each > 0.
[[nodiscard]] inline std::int64_t instances_for(double load, double each) {
    constexpr double forgiven = 1.0 - 1e-9;
    constexpr double most = 1e9;
    return static_cast<std::int64_t>(std::ceil(std::clamp(load / each, 0.0, most) * forgiven));
}

}  // namespace archsim::models
