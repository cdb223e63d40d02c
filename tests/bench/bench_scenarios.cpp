// Texts are made for a length so that small and large sizes are the same system.
#include "tests/bench/bench_scenarios.hpp"

#include "scenarios/load.hpp"
#include "scenarios/parse.hpp"
#include "scenarios/run.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

namespace archsim::bench {

namespace {

/// The value of a metric that the run must have.
const sim::MetricValue& metric(const scenarios::Replication& run, std::string_view name) {
    for (const sim::MetricValue& value : run.metrics) {
        if (value.name == name && value.value.has_value()) return value;
    }
    fmt::print(stderr, "the run has no metric '{}'\n", name);
    std::exit(1);
}

/// Standard error of the mean from the run's windows.
double window_error(const sim::MetricValue& value) {
    double sum = 0.0;
    double squares = 0.0;
    double count = 0.0;
    for (const std::optional<double>& window : value.windows) {
        if (!window) continue;
        sum += *window;
        squares += *window * *window;
        count += 1.0;
    }
    if (count < 2.0) return 0.0;
    const double variance = (squares - sum * sum / count) / (count - 1.0);
    return std::sqrt(variance > 0.0 ? variance / count : 0.0);
}

}  // namespace

std::string two_servers_text(std::int64_t seconds) {
    return fmt::format(R"({{"scenario": "two-servers", "duration": "{}s", "warm_up": "0s",
"seed": 1, "replications": 1,
"nodes": {{
  "users": {{"kind": "open_loop", "arrivals": "100/s", "calls": ["balancer"]}},
  "balancer": {{"kind": "load_balancer", "policy": "round_robin", "calls": ["web"]}},
  "web": {{"kind": "service", "instances": 2,
          "service_time": {{"kind": "exponential", "mean": "10ms"}}}}
}}}})",
                       seconds);
}

std::string path_text(std::int64_t seconds) {
    std::string text = fmt::format(
        R"({{"scenario": "five-hops", "duration": "{}s", "warm_up": "0s",
"seed": 1, "replications": 1,
"network": {{"within": {{"kind": "exponential", "mean": "1ms"}}}},
"nodes": {{"users": {{"kind": "open_loop", "arrivals": "640/s", "calls": ["hop1"]}})",
        seconds);
    for (int hop = 1; hop <= 5; ++hop) {
        text += fmt::format(R"(,
  "hop{}": {{"kind": "service", "servers": 8, "calls": [{}],
            "service_time": {{"kind": "exponential", "mean": "10ms"}}}})",
                            hop, hop < 5 ? fmt::format("\"hop{}\"", hop + 1) : "");
    }
    return text + "}}";
}

std::string in_flight_text(std::int64_t requests) {
    std::string text = fmt::format(
        R"({{"scenario": "in-flight", "duration": "2s", "warm_up": "0s",
"seed": 1, "replications": 1,
"network": {{"within": "1ms"}},
"nodes": {{"users": {{"kind": "open_loop", "calls": ["hop1"],
  "arrivals": {{"kind": "profile", "points": [["0s", "{0}/s"], ["1s", "0/s"]], "steps": true}}}})",
        requests);
    for (int hop = 1; hop <= 5; ++hop) {
        text += fmt::format(R"(,
  "hop{}": {{"kind": "service", "servers": {}, "calls": [{}], "service_time": "{}"}})",
                            hop, 2 * requests, hop < 5 ? fmt::format("\"hop{}\"", hop + 1) : "",
                            hop < 5 ? "1ms" : "1h");
    }
    return text + "}}";
}

scenarios::Scenario scenario_of(const std::string& text) {
    models::Sources sources;
    models::Diagnostics diagnostics;
    const std::uint32_t source = sources.add("benchmark.json", text);
    const auto document = scenarios::parse(sources.text(source), source, diagnostics);
    std::optional<scenarios::Scenario> scenario;
    if (document) scenario = scenarios::read_scenario(*document, ".", sources, diagnostics);
    if (!scenario) {
        fmt::print(stderr, "{}\n", diagnostics.format(sources));
        std::exit(1);
    }
    return std::move(*scenario);
}

Workload run_scenario(const scenarios::Scenario& scenario) {
    const scenarios::Replication run =
        scenarios::run_replication(scenario, 0, sim::Duration{}, scenarios::RunOptions{});
    const sim::MetricValue& mean = metric(run, "users/latency/mean");
    const double per_second = *metric(run, "users/throughput").value;
    return {.requests =
                static_cast<std::uint64_t>(std::llround(per_second * run.simulated.in_seconds())),
            .events = run.events,
            .mean_sojourn = *mean.value,
            .standard_error = window_error(mean),
            .checksum = run.fingerprint};
}

}  // namespace archsim::bench
