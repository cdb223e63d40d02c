// Metrics of the result from replications and batches.
#include "scenarios/estimates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace archsim::scenarios {

namespace {

/// The part of the interval that holds possible values.
Interval possible(Interval interval, const std::string& unit, std::span<const double> values) {
    const auto [low, high] = std::ranges::minmax_element(values);
    if (*low >= 0.0) interval.low = std::max(interval.low, 0.0);
    if (unit == "ratio" && *high <= 1.0) interval.high = std::min(interval.high, 1.0);
    return interval;
}

}  // namespace

MetricResult over_replications(std::string name, std::string unit,
                               std::span<const std::optional<double>> values,
                               std::string why_absent) {
    std::vector<double> measured;
    for (const auto& value : values)
        if (value) measured.push_back(*value);
    MetricResult metric{.name = std::move(name), .unit = std::move(unit)};
    metric.n = static_cast<int>(measured.size());
    if (measured.empty()) {
        metric.reason = std::move(why_absent);
        return metric;
    }
    const sim::Estimate estimate = sim::estimate_mean(measured);
    metric.value = estimate.mean;
    if (measured.size() < values.size())
        metric.reason =
            fmt::format("measured in {} of {} replications", measured.size(), values.size());
    if (!estimate.interval) {
        if (metric.reason.empty()) metric.reason = "one replication";
        return metric;
    }
    metric.ci95 = possible(*estimate.interval, metric.unit, measured);
    metric.standard_error = estimate.standard_error;
    metric.method = Method::replications;
    return metric;
}

MetricResult over_batches(std::string name, std::string unit, double value,
                          std::span<const double> batches) {
    MetricResult metric{.name = std::move(name), .unit = std::move(unit), .value = value, .n = 1};
    const sim::BatchEstimate result = sim::estimate_from_batches(batches);
    metric.reason = result.reason;
    if (!result.estimate.interval) return metric;
    const Interval& around = *result.estimate.interval;
    const double half = (around.high - around.low) / 2.0;
    std::vector<double> seen(batches.begin(), batches.end());
    seen.push_back(value);
    metric.ci95 = possible({value - half, value + half}, metric.unit, seen);
    metric.standard_error = result.estimate.standard_error;
    metric.n = result.estimate.n;
    metric.method = Method::batch_means;
    return metric;
}

TheoryResult beside_theory(const MetricResult& metric, double value, std::string formula) {
    TheoryResult theory{.metric = metric.name, .value = value, .formula = std::move(formula)};
    if (metric.value && metric.standard_error && *metric.standard_error > 0.0)
        theory.deviation_sigmas = (*metric.value - value) / *metric.standard_error;
    return theory;
}

}  // namespace archsim::scenarios
