// The Weibull distribution: times to failure that wear out (shape above 1) or have infant mortality
// (shape below 1); shape 1 is exponential.
#pragma once

#include "sim/rng.hpp"
#include "sim/units.hpp"

#include <boost/random/exponential_distribution.hpp>

#include <cmath>

namespace archsim::sim {

/// P(X > x) = exp(-(x / scale)^shape). Samples by inversion of an exponential draw.
class Weibull {
public:
    /// Requires: scale > 0, shape > 0.
    constexpr Weibull(Duration scale, double shape)
        : scale_{scale}, shape_{shape}, seconds_{scale.in_seconds()} {}
    [[nodiscard]] constexpr Duration scale() const { return scale_; }
    [[nodiscard]] constexpr double shape() const { return shape_; }

    [[nodiscard]] double sample_seconds(Rng& rng) const {
        const double draw = boost::random::exponential_distribution<double>{}(rng);
        return seconds_ * std::pow(draw, 1.0 / shape_);
    }
    [[nodiscard]] double mean_seconds() const { return seconds_ * std::tgamma(1.0 + 1.0 / shape_); }
    [[nodiscard]] double scv() const {
        // By logarithms, because for a small shape both moments are huge.
        return std::expm1(std::lgamma(1.0 + 2.0 / shape_) - 2.0 * std::lgamma(1.0 + 1.0 / shape_));
    }
    [[nodiscard]] double cdf(double seconds) const {
        return seconds <= 0.0 ? 0.0 : -std::expm1(-std::pow(seconds / seconds_, shape_));
    }
    constexpr bool operator==(const Weibull&) const = default;

private:
    Duration scale_;
    double shape_;
    double seconds_;
};

}  // namespace archsim::sim
