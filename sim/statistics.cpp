// Means and intervals. Sums run in the order given, so equal values give equal bits.
#include "sim/statistics.hpp"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/policies/policy.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace archsim::sim {

namespace {

/// No long double inside, whose width differs between machines.
using SameEverywhere = boost::math::policies::policy<boost::math::policies::promote_double<false>>;

struct Moments {
    double mean = 0.0;
    double squares = 0.0;  ///< Sum of squared distances from the mean.
};

Moments moments_of(std::span<const double> values) {
    Moments result;
    for (const double value : values) result.mean += value;
    result.mean /= static_cast<double>(values.size());
    for (const double value : values)
        result.squares += (value - result.mean) * (value - result.mean);
    return result;
}

/// Joins neighbours; an odd one out at the front is dropped, being closest to the start-up.
std::vector<double> joined(const std::vector<double>& values) {
    std::vector<double> pairs;
    for (std::size_t i = values.size() % 2; i < values.size(); i += 2)
        pairs.push_back((values[i] + values[i + 1]) / 2.0);
    return pairs;
}

/// The largest serial correlation that independent values show in 95 of 100 cases.
double correlation_allowed(std::size_t count) {
    const auto n = static_cast<double>(count);
    return normal_quantile(0.95) * std::sqrt((n - 2.0) / (n * n - 1.0));
}

}  // namespace

double student_t_quantile(double probability, int degrees_of_freedom) {
    const boost::math::students_t_distribution<double, SameEverywhere> t{
        static_cast<double>(degrees_of_freedom)};
    return boost::math::quantile(t, probability);
}

double student_t_two_sided(double statistic, int degrees_of_freedom) {
    if (!std::isfinite(statistic)) return 0.0;
    const boost::math::students_t_distribution<double, SameEverywhere> t{
        static_cast<double>(degrees_of_freedom)};
    return 2.0 * boost::math::cdf(boost::math::complement(t, std::abs(statistic)));
}

double normal_quantile(double probability) {
    const boost::math::normal_distribution<double, SameEverywhere> normal{0.0, 1.0};
    return boost::math::quantile(normal, probability);
}

Estimate estimate_mean(std::span<const double> values, double confidence) {
    Estimate result;
    result.n = static_cast<int>(values.size());
    if (values.empty()) return result;
    const Moments moments = moments_of(values);
    result.mean = moments.mean;
    if (result.n < 2) return result;
    const double error = std::sqrt(moments.squares / (result.n - 1.0) / result.n);
    const double half = student_t_quantile((1.0 + confidence) / 2.0, result.n - 1) * error;
    result.standard_error = error;
    result.interval = Interval{result.mean - half, result.mean + half};
    return result;
}

Estimate estimate_difference(std::span<const double> first, std::span<const double> second,
                             double confidence) {
    std::vector<double> differences;
    for (std::size_t i = 0; i < std::min(first.size(), second.size()); ++i)
        differences.push_back(first[i] - second[i]);
    return estimate_mean(differences, confidence);
}

double serial_correlation(std::span<const double> values) {
    if (values.size() < 3) return 0.0;
    const double squares = moments_of(values).squares;
    if (squares <= 0.0) return 0.0;
    double successive = 0.0;
    for (std::size_t i = 1; i < values.size(); ++i)
        successive += (values[i] - values[i - 1]) * (values[i] - values[i - 1]);
    return 1.0 - successive / (2.0 * squares);
}

BatchEstimate estimate_from_batches(std::span<const double> batch_means, double confidence) {
    std::vector<double> batches(batch_means.begin(), batch_means.end());
    BatchEstimate result;
    result.serial_correlation = serial_correlation(batches);
    while (batches.size() >= 2 * batches_least &&
           result.serial_correlation > correlation_allowed(batches.size())) {
        batches = joined(batches);
        result.serial_correlation = serial_correlation(batches);
    }
    result.estimate = estimate_mean(batches, confidence);
    if (batches.size() < batches_least) {
        result.reason =
            fmt::format("only {} batches, {} are needed", batches.size(), batches_least);
    } else if (result.serial_correlation > correlation_allowed(batches.size())) {
        result.reason = fmt::format(
            "too few independent batches: the correlation of neighbours "
            "is {:.2f}",
            result.serial_correlation);
    }
    if (!result.reason.empty()) {
        result.estimate.interval.reset();
        result.estimate.standard_error.reset();
    }
    return result;
}

Interval wilson_interval(std::int64_t successes, std::int64_t trials, double confidence) {
    const double z = normal_quantile((1.0 + confidence) / 2.0);
    const auto n = static_cast<double>(trials);
    const double ratio = static_cast<double>(successes) / n;
    const double centre = (ratio + z * z / (2.0 * n)) / (1.0 + z * z / n);
    const double half =
        z / (1.0 + z * z / n) * std::sqrt(ratio * (1.0 - ratio) / n + z * z / (4.0 * n * n));
    return {successes == 0 ? 0.0 : std::max(0.0, centre - half),
            successes == trials ? 1.0 : std::min(1.0, centre + half)};
}

std::optional<int> replications_needed(const Estimate& estimate, double relative,
                                       double confidence) {
    constexpr int most = 1'000'000;
    if (!estimate.standard_error || estimate.mean == 0.0) return std::nullopt;
    const double target = relative * std::abs(estimate.mean);
    const double deviation = *estimate.standard_error * std::sqrt(static_cast<double>(estimate.n));
    const auto wide = [&](int n) {
        const double t = student_t_quantile((1.0 + confidence) / 2.0, n - 1);
        return t * deviation / std::sqrt(static_cast<double>(n)) > target;
    };
    if (!wide(estimate.n)) return estimate.n;
    if (wide(most)) return std::nullopt;
    int low = estimate.n;
    int high = most;
    while (high - low > 1) {
        const int middle = low + (high - low) / 2;
        (wide(middle) ? low : high) = middle;
    }
    return high;
}

}  // namespace archsim::sim
