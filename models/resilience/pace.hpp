// A steady rate counted in whole nanoseconds: how many beats have passed, and when one comes.
#pragma once

#include "sim/units.hpp"

#include <cmath>
#include <cstdint>

namespace archsim::models {

/// Beats of `rate` within `length`, fractions included. One multiplication and one division, so
/// that a whole number of beats comes out whole and rounding never adds up over a run.
[[nodiscard]] inline double beats_in(sim::Duration length, sim::Rate rate) {
    return static_cast<double>(length.count()) * rate.per_second() / 1e9;
}

/// The first whole nanosecond at which `beats` beats of `rate` have passed.
/// Requires: rate > 0.
[[nodiscard]] inline sim::Duration time_of_beat(std::int64_t beats, sim::Rate rate) {
    const double exact = static_cast<double>(beats) * 1e9 / rate.per_second();
    if (!(exact < 3.1536e18)) return sim::Duration::longest();
    return sim::Duration::nanoseconds(static_cast<std::int64_t>(std::ceil(exact)));
}

}  // namespace archsim::models
