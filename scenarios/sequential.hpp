// Looking more than once: at doubling numbers of replications, each time at a stricter level, so
// that all looks together err as often as a single one would.
#pragma once

#include "scenarios/result.hpp"

#include <cstdint>
#include <optional>

namespace archsim::scenarios {

/// How often one looks that looks at `first` replications, then at twice as many each time, and at
/// `most` in the end. Requires: 0 < first. O(log(most / first)).
[[nodiscard]] int looks_between(std::int64_t first, std::int64_t most);

/// The level of each of so many looks at which all of them together err in 5 % of cases at most
/// (Bonferroni). Requires: looks >= 1.
[[nodiscard]] double confidence_of_look(int looks);

/// The interval of a metric at another level than 95 %, cut to possible values where that of 95 %
/// is; nothing if the metric has no value or no standard error.
[[nodiscard]] std::optional<Interval> interval_at(const MetricResult& metric, double confidence);

}  // namespace archsim::scenarios
