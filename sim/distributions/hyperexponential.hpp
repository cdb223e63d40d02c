// The hyperexponential distribution: a mix of short and long exponential tasks, the usual model of
// a coefficient of variation above 1.
#pragma once

#include "sim/rng.hpp"
#include "sim/units.hpp"

#include <boost/random/exponential_distribution.hpp>

#include <cmath>

namespace archsim::sim {

/// Two exponential phases with balanced means: both contribute half of the mean, which makes the
/// mean and the coefficient of variation determine it (Morse, "Queues, Inventories and
/// Maintenance", 1958).
class Hyperexponential {
public:
    /// `cv` is the coefficient of variation, standard deviation / mean.
    /// Requires: mean > 0, cv >= 1 and finite.
    Hyperexponential(Duration mean, double cv)
        : mean_{mean},
          cv_{cv},
          short_share_{0.5 * (1.0 + std::sqrt((cv * cv - 1.0) / (cv * cv + 1.0)))},
          // 1 - short_share without its cancellation: long tasks are rare for a large cv.
          long_share_{1.0 / ((cv * cv + 1.0) * 2.0 * short_share_)},
          short_seconds_{mean.in_seconds() / (2.0 * short_share_)},
          long_seconds_{mean.in_seconds() / (2.0 * long_share_)} {}
    [[nodiscard]] Duration mean() const { return mean_; }
    [[nodiscard]] double cv() const { return cv_; }

    [[nodiscard]] double sample_seconds(Rng& rng) const {
        const double scale = rng.uniform() < long_share_ ? long_seconds_ : short_seconds_;
        return scale * boost::random::exponential_distribution<double>{}(rng);
    }
    [[nodiscard]] double mean_seconds() const { return mean_.in_seconds(); }
    [[nodiscard]] double scv() const { return cv_ * cv_; }
    [[nodiscard]] double cdf(double seconds) const {
        if (seconds <= 0.0) return 0.0;
        return -short_share_ * std::expm1(-seconds / short_seconds_) -
               long_share_ * std::expm1(-seconds / long_seconds_);
    }
    bool operator==(const Hyperexponential&) const = default;

private:
    Duration mean_;
    double cv_;
    double short_share_;
    double long_share_;
    double short_seconds_;
    double long_seconds_;
};

}  // namespace archsim::sim
