// The continuous uniform distribution: every time between two bounds is as likely.
#pragma once

#include "sim/rng.hpp"
#include "sim/units.hpp"

#include <algorithm>

namespace archsim::sim {

/// Uniform from `minimum` to `maximum`.
class Uniform {
public:
    /// Requires: 0 <= minimum <= maximum.
    constexpr Uniform(Duration minimum, Duration maximum)
        : minimum_{minimum},
          maximum_{maximum},
          low_{minimum.in_seconds()},
          width_{maximum.in_seconds() - minimum.in_seconds()} {}
    [[nodiscard]] constexpr Duration minimum() const { return minimum_; }
    [[nodiscard]] constexpr Duration maximum() const { return maximum_; }

    [[nodiscard]] double sample_seconds(Rng& rng) const { return low_ + width_ * rng.uniform(); }
    [[nodiscard]] constexpr double mean_seconds() const { return low_ + width_ / 2.0; }
    [[nodiscard]] constexpr double scv() const {
        const double mean = mean_seconds();
        return mean > 0.0 ? width_ * width_ / (12.0 * mean * mean) : 0.0;
    }
    [[nodiscard]] constexpr double cdf(double seconds) const {
        if (width_ <= 0.0) return seconds >= low_ ? 1.0 : 0.0;
        return std::clamp((seconds - low_) / width_, 0.0, 1.0);
    }
    constexpr bool operator==(const Uniform&) const = default;

private:
    Duration minimum_;
    Duration maximum_;
    double low_;
    double width_;
};

}  // namespace archsim::sim
