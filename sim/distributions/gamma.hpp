// The gamma distribution: a mean and any coefficient of variation; below 1 it is more regular than
// exponential, above 1 more bursty.
#pragma once

#include "sim/rng.hpp"
#include "sim/units.hpp"

namespace archsim::sim {

/// One draw of a gamma variable of this shape and scale 1, by squeezed rejection (Marsaglia and
/// Tsang, "A simple method for generating gamma variables", 2000). Expected O(1).
/// Requires: shape > 0.
[[nodiscard]] double sample_standard_gamma(double shape, Rng& rng);

/// P(X <= x) of that variable: the regularised lower incomplete gamma function.
[[nodiscard]] double standard_gamma_cdf(double shape, double x);

/// Gamma by mean and shape; the squared coefficient of variation is 1 / shape.
class Gamma {
public:
    /// Requires: mean > 0, shape > 0.
    constexpr Gamma(Duration mean, double shape)
        : mean_{mean}, shape_{shape}, scale_{mean.in_seconds() / shape} {}
    [[nodiscard]] constexpr Duration mean() const { return mean_; }
    [[nodiscard]] constexpr double shape() const { return shape_; }

    [[nodiscard]] double sample_seconds(Rng& rng) const {
        return scale_ * sample_standard_gamma(shape_, rng);
    }
    [[nodiscard]] constexpr double mean_seconds() const { return mean_.in_seconds(); }
    [[nodiscard]] constexpr double scv() const { return 1.0 / shape_; }
    [[nodiscard]] double cdf(double seconds) const {
        return standard_gamma_cdf(shape_, seconds / scale_);
    }
    constexpr bool operator==(const Gamma&) const = default;

private:
    Duration mean_;
    double shape_;
    double scale_;  ///< Seconds.
};

}  // namespace archsim::sim
