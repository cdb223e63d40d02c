// Levels of looks, and intervals at them.
#include "scenarios/sequential.hpp"

#include "sim/statistics.hpp"

#include <algorithm>

namespace archsim::scenarios {

int looks_between(std::int64_t first, std::int64_t most) {
    int looks = 1;
    for (std::int64_t n = first; n < most; n *= 2) ++looks;
    return looks;
}

double confidence_of_look(int looks) { return 1.0 - 0.05 / looks; }

std::optional<Interval> interval_at(const MetricResult& metric, double confidence) {
    if (!metric.value || !metric.standard_error || metric.n < 2) return std::nullopt;
    const double half =
        *metric.standard_error * sim::student_t_quantile(0.5 + confidence / 2.0, metric.n - 1);
    Interval interval{*metric.value - half, *metric.value + half};
    if (!metric.ci95) return interval;
    if (metric.ci95->low >= 0.0) interval.low = std::max(interval.low, 0.0);
    if (metric.unit == "ratio" && metric.ci95->high <= 1.0) {
        interval.high = std::min(interval.high, 1.0);
    }
    return interval;
}

}  // namespace archsim::scenarios
