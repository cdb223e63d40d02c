// Round numbers for the marks of an axis.
#pragma once

#include <vector>

namespace archsim::reports {

/// Marks at 1, 2 or 5 times a power of ten, about `wanted` of them, from the last one at or below
/// `low` to the first one at or above `high`. Requires: finite, low < high, wanted >= 2.
[[nodiscard]] std::vector<double> linear_ticks(double low, double high, int wanted);

/// Powers of ten that enclose [low, high], with 2 and 5 between them where there are few.
/// Requires: 0 < low < high, finite.
[[nodiscard]] std::vector<double> log_ticks(double low, double high);

}  // namespace archsim::reports
