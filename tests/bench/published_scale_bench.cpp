// Twitter at its published scale, from its file to metrics: what full rate costs in CPU time and
// memory.
#include "scenarios/load.hpp"
#include "scenarios/run.hpp"
#include "tests/bench/measure.hpp"
#include "tests/bench/speed_bench.hpp"
#include "tests/support/checkout.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string>

namespace archsim::bench {

namespace {

/// The value of a metric; not a number where there is none.
double value_of(const scenarios::Replication& run, std::string_view name) {
    for (const sim::MetricValue& metric : run.metrics) {
        if (metric.name == name && metric.value) return *metric.value;
    }
    return std::nan("");
}

double most_memory_in_megabytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

}  // namespace

bool run_published_scale_bench(bool smoke) {
    const std::string path = tests::checkout() + "/scenarios/twitter/published-scale.json";
    models::Sources sources;
    models::Diagnostics diagnostics;
    auto scenario = scenarios::load_scenario(path, {}, sources, diagnostics);
    if (!scenario) {
        fmt::print("published_scale: {} WRONG\n", diagnostics.format(sources));
        return false;
    }
    if (smoke) scenario->duration = sim::Duration::milliseconds(50);
    const double start = user_seconds();
    const auto run = scenarios::run_replication(*scenario, 0, sim::Duration{}, {});
    const double seconds = user_seconds() - start;
    const double length = scenario->duration.in_seconds();
    const double requests = value_of(run, "users/requests");
    const double deliveries = value_of(run, "fan_out/fan_out/feed_cache/deliveries") * length;
    // Servers are plenty, so nobody waits: ten legs of 0.25 ms and work of 1, 0.5, 1 and 0.1 ms.
    const double expected = 10 * 0.25e-3 + 1e-3 + 0.5e-3 + 1e-3 + 0.1e-3;
    const double latency = value_of(run, "users/view_feed/latency/mean");
    const bool agrees = std::abs(latency / expected - 1.0) < 0.01;
    fmt::print("published_scale: {} s of Twitter in {:.1f} CPU seconds\n", length, seconds);
    fmt::print("  {:.2f} M events, {:.0f} k requests, {:.0f} k deliveries/cpu-s\n",
               static_cast<double>(run.events) / seconds / 1e6, requests / seconds / 1e3,
               deliveries / seconds / 1e3);
    fmt::print("  at most {:.0f} MB; mean of a feed {:.3f} ms, without waiting {:.3f} ms {}\n",
               most_memory_in_megabytes(), latency * 1e3, expected * 1e3, agrees ? "" : "WRONG");
    return agrees;
}

}  // namespace archsim::bench
