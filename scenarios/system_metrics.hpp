// Metrics of the system as a whole that are made of those of its parts.
#pragma once

#include "sim/metrics.hpp"

#include <array>
#include <cstddef>
#include <string>
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

/// Adds "system/bottleneck": what the busiest station of this replication measured. Nothing without
/// stations. O(metrics x log).
void add_system_bottleneck(std::vector<sim::MetricValue>& metrics);

/// "db/primary/utilisation" -> "db/primary"; empty for metrics that are no utilisation.
[[nodiscard]] std::string_view station_of(std::string_view metric);

/// Whether a station only breaks down a larger one that is measured too, as "web/0" does "web".
/// `has_metric` tells whether a metric of some name was measured.
template <class HasMetric>
[[nodiscard]] bool is_part_of_station(std::string_view station, const HasMetric& has_metric) {
    for (std::size_t end = station.rfind('/'); end != std::string_view::npos;
         end = station.rfind('/', end - 1)) {
        if (has_metric(std::string{station.substr(0, end)} + "/utilisation")) return true;
        if (end == 0) break;
    }
    return false;
}

}  // namespace archsim::scenarios
