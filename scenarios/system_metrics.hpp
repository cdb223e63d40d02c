// Metrics of the system as a whole that are made of those of its parts.
#pragma once

#include "sim/metrics.hpp"

#include <array>
#include <string_view>
#include <vector>

namespace archsim::scenarios {

/// What such a metric is called, its unit, and what it says.
struct SystemMetric {
    std::string_view name;
    std::string_view unit;
    std::string_view doc;
};

/// All of them. A run knows them by name before it begins.
inline constexpr std::array system_metrics = {
    SystemMetric{"system/availability", "ratio",
                 "Requests that ended ok, of those that ended, of all load sources together."},
    SystemMetric{"system/bottleneck", "ratio",
                 "The utilisation of the busiest station, which the chapter \"bottleneck\" names."},
};

/// Adds "system/availability" to what a replication measured. Nothing without load sources.
/// O(metrics).
void add_system_availability(std::vector<sim::MetricValue>& metrics);

}  // namespace archsim::scenarios
