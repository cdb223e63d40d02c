// Two M/M/1 systems side by side.
#include "tests/support/compare_trials.hpp"

#include "models/document.hpp"
#include "scenarios/compare.hpp"
#include "scenarios/load.hpp"
#include "scenarios/parse.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

namespace archsim::tests {

namespace {

constexpr double service_rate = 100.0;

scenarios::Scenario single_queue(const TrialSetup& setup, double speed) {
    const std::string text = fmt::format(
        R"({{"scenario": "trial", "duration": "{}ms", "warm_up": "{}ms", "nodes": {{
            "users": {{"kind": "open_loop", "arrivals": "{}/s", "calls": ["web"]}},
            "web": {{"kind": "service",
                     "service_time": {{"kind": "exponential", "mean": "{}ns"}}}}}}}})",
        std::llround(1e3 * (setup.seconds + setup.warm_up)), std::llround(1e3 * setup.warm_up),
        service_rate * setup.load, std::llround(1e9 / service_rate / speed));
    models::Sources sources;
    models::Diagnostics diagnostics;
    const auto document = scenarios::parse(text, sources.add("trial", text), diagnostics);
    if (!document) throw std::runtime_error(diagnostics.format(sources));
    auto scenario = scenarios::read_scenario(*document, ".", sources, diagnostics);
    if (!scenario) throw std::runtime_error(diagnostics.format(sources));
    return *std::move(scenario);
}

scenarios::ComparisonResult trial(const TrialSetup& setup, std::int64_t first_seed,
                                  bool independent) {
    std::vector<scenarios::Design> designs;
    designs.push_back({"reference", single_queue(setup, 1.0)});
    designs.push_back({"design", single_queue(setup, setup.speed_up)});
    designs[0].scenario.seed = first_seed;
    designs[1].scenario.seed = first_seed + 1;
    return scenarios::run_comparison(
        designs, {.independent = independent, .replications = setup.replications});
}

const scenarios::MetricComparison& metric_of(const scenarios::ComparisonResult& result,
                                             const std::string& name) {
    for (const auto& metric : result.designs.front().metrics) {
        if (metric.metric == name) return metric;
    }
    throw std::runtime_error("no metric " + name);
}

bool covers(const scenarios::MetricComparison& metric, double truth) {
    return metric.interval && metric.interval->low <= truth && truth <= metric.interval->high;
}

}  // namespace

CompareTrials run_compare_trials(const TrialSetup& setup, std::int64_t trials) {
    const double arrivals = service_rate * setup.load;
    const double difference =
        1.0 / (service_rate * setup.speed_up - arrivals) - 1.0 / (service_rate - arrivals);
    CompareTrials made{.trials = trials};
    for (std::int64_t i = 0; i < trials; ++i) {
        const scenarios::ComparisonResult result = trial(setup, 1 + 2 * i, true);
        bool called = false;
        for (const auto& metric : result.designs.front().metrics) {
            called = called || (metric.headline && (metric.change == scenarios::Change::improved ||
                                                    metric.change == scenarios::Change::regressed));
        }
        made.called += static_cast<int>(called);
        made.covered_mean +=
            static_cast<int>(covers(metric_of(result, "users/latency/mean"), difference));
        made.covered_p99 += static_cast<int>(
            covers(metric_of(result, "users/latency/p99"), difference * std::log(100.0)));
    }
    return made;
}

double measured_crn_factor(const TrialSetup& setup) {
    return metric_of(trial(setup, 1, false), "users/latency/mean").crn_factor.value_or(0.0);
}

double calls_allowed(std::int64_t trials) {
    const auto n = static_cast<double>(trials);
    return 0.05 * n + 3.0 * std::sqrt(n * 0.05 * 0.95);
}

double coverage_required(std::int64_t trials) {
    const auto n = static_cast<double>(trials);
    return 0.95 * n - 3.0 * std::sqrt(n * 0.05 * 0.95);
}

}  // namespace archsim::tests
