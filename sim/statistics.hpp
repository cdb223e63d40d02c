// What a handful of measured values says about the true one: means with confidence intervals over
// replications, over batches of one run and over pairs, and intervals for ratios.
// It knows nothing of metrics or reports, so that a run can judge its own precision as it goes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace archsim::sim {

/// A closed interval. Requires: low <= high.
struct Interval {
    double low = 0.0;
    double high = 0.0;
    constexpr bool operator==(const Interval&) const = default;
};

/// A mean with what is known of its error.
struct Estimate {
    double mean = 0.0;
    int n = 0;                               ///< Values that it stands on.
    std::optional<double> standard_error{};  ///< Of the mean; absent for fewer than two values.
    std::optional<Interval> interval{};      ///< Likewise.
};

/// Quantile of Student's t. Requires: 0 < probability < 1, degrees_of_freedom >= 1.
[[nodiscard]] double student_t_quantile(double probability, int degrees_of_freedom);

/// The chance that Student's t is at least as far from 0 as `statistic`, on either side.
/// Requires: degrees_of_freedom >= 1.
[[nodiscard]] double student_t_two_sided(double statistic, int degrees_of_freedom);

/// Quantile of the standard normal distribution. Requires: 0 < probability < 1.
[[nodiscard]] double normal_quantile(double probability);

/// Mean of independent values with its Student t interval. O(n). Requires: 0 < confidence < 1.
/// Source: Law, "Simulation Modeling and Analysis", 2015, section 9.5.1.
[[nodiscard]] Estimate estimate_mean(std::span<const double> values, double confidence = 0.95);

/// Mean of first[i] - second[i] with its interval: the same seed run on two designs. O(n).
/// Source: paired-t, Law 2015, section 10.2.1. Requires: equal sizes.
[[nodiscard]] Estimate estimate_difference(std::span<const double> first,
                                           std::span<const double> second,
                                           double confidence = 0.95);

/// Correlation of each value with the next, after von Neumann (1941): 1 minus half the ratio of
/// the mean square successive difference to the variance. 0 for fewer than three or equal values.
[[nodiscard]] double serial_correlation(std::span<const double> values);

/// The estimate from one run cut into batches of equal length.
struct BatchEstimate {
    Estimate estimate{};              ///< Without interval where the batches do not allow one.
    double serial_correlation = 0.0;  ///< Between the batches that were used.
    std::string reason{};             ///< Why there is no interval, or "".
};

/// Fewer batches than this give no interval: Schmeiser 1982, "Batch Size Effects".
inline constexpr int batches_least = 10;

/// Mean and interval from the means of consecutive batches. Neighbours are joined as long as they
/// are correlated at the 5 % level and enough of them would be left. O(n).
/// Source: Fishman 1978, "Grouping Observations in Digital Simulation".
[[nodiscard]] BatchEstimate estimate_from_batches(std::span<const double> batch_means,
                                                  double confidence = 0.95);

/// Interval of a ratio of independent trials. Requires: 0 <= successes <= trials, trials >= 1.
/// Source: Wilson 1927, "Probable Inference".
[[nodiscard]] Interval wilson_interval(std::int64_t successes, std::int64_t trials,
                                       double confidence = 0.95);

/// How many replications would make the interval's half width at most `relative` times the mean,
/// if their variance stays. At least those there are; absent without a standard error or with a
/// mean of zero, and where more than a million would be needed.
/// Source: Law 2015, section 9.4.1. Requires: relative > 0.
[[nodiscard]] std::optional<int> replications_needed(const Estimate& estimate, double relative,
                                                     double confidence = 0.95);

}  // namespace archsim::sim
