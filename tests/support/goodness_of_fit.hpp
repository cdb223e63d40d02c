// How well draws fit what they should follow: Kolmogorov-Smirnov distance, chi-square, moments.
// The seeds of the tests are fixed, so a bound at the 0.1 % level never fails by chance.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace archsim::tests {

/// The greatest distance between the share of samples at most x and cdf(x), before and after every
/// jump of either, times sqrt(samples). Above 1.95 once in a thousand at most (exactly so for a
/// continuous cdf, less often for one with jumps: Kolmogorov 1933, Smirnov 1948).
template <class Cdf>
[[nodiscard]] double ks_statistic(std::vector<double> samples, Cdf cdf) {
    std::ranges::sort(samples);
    const auto count = static_cast<double>(samples.size());
    double distance = 0.0;
    for (std::size_t i = 0; i < samples.size();) {
        const double x = samples[i];
        const double before = static_cast<double>(i) / count;
        while (i < samples.size() && samples[i] == x) ++i;
        const double after = static_cast<double>(i) / count;
        const double just_below = std::nextafter(x, -std::numeric_limits<double>::infinity());
        distance =
            std::max({distance, std::abs(after - cdf(x)), std::abs(before - cdf(just_below))});
    }
    return distance * std::sqrt(count);
}
inline constexpr double ks_critical = 1.95;

/// Sum of (observed - expected)^2 / expected. Requires: expected > 0 everywhere.
[[nodiscard]] inline double chi_square(std::span<const std::uint64_t> observed,
                                       std::span<const double> expected) {
    double sum = 0.0;
    for (std::size_t i = 0; i < observed.size(); ++i) {
        const double gap = static_cast<double>(observed[i]) - expected[i];
        sum += gap * gap / expected[i];
    }
    return sum;
}

/// What chi_square exceeds once in a thousand (Wilson and Hilferty, "The distribution of
/// chi-square", 1931: within 1 % from 3 degrees of freedom on).
[[nodiscard]] inline double chi_square_critical(std::size_t degrees) {
    constexpr double normal_p999 = 3.090232306167813;
    const double spread = 2.0 / (9.0 * static_cast<double>(degrees));
    const double root = 1.0 - spread + normal_p999 * std::sqrt(spread);
    return static_cast<double>(degrees) * root * root * root;
}

/// Mean and variance of samples with their standard errors, estimated from the samples.
struct Moments {
    double mean = 0.0;
    double mean_error = 0.0;
    double variance = 0.0;
    double variance_error = 0.0;
};
[[nodiscard]] inline Moments moments_of(std::span<const double> samples) {
    const auto count = static_cast<double>(samples.size());
    Moments result;
    for (const double x : samples) result.mean += x / count;
    double fourth = 0.0;
    for (const double x : samples) {
        const double squared = (x - result.mean) * (x - result.mean);
        result.variance += squared / (count - 1.0);
        fourth += squared * squared / count;
    }
    result.mean_error = std::sqrt(result.variance / count);
    result.variance_error = std::sqrt((fourth - result.variance * result.variance) / count);
    return result;
}

}  // namespace archsim::tests
