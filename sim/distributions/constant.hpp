// The distribution that is no chance at all: always the same time.
#pragma once

#include "sim/rng.hpp"
#include "sim/units.hpp"

namespace archsim::sim {

/// Always `value`; draws nothing from the stream.
class Constant {
public:
    /// Requires: value >= 0.
    explicit constexpr Constant(Duration value = Duration{}) : value_{value} {}
    [[nodiscard]] constexpr Duration value() const { return value_; }

    [[nodiscard]] constexpr double sample_seconds(Rng&) const { return value_.in_seconds(); }
    [[nodiscard]] constexpr double mean_seconds() const { return value_.in_seconds(); }
    [[nodiscard]] constexpr double scv() const { return 0.0; }
    [[nodiscard]] constexpr double cdf(double seconds) const {
        return seconds >= value_.in_seconds() ? 1.0 : 0.0;
    }
    constexpr bool operator==(const Constant&) const = default;

private:
    Duration value_;
};

}  // namespace archsim::sim
