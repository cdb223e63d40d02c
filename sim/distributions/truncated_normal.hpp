// The normal distribution without its negative part, because no task takes less than no time.
#pragma once

#include "sim/rng.hpp"
#include "sim/units.hpp"

#include <boost/random/normal_distribution.hpp>

#include <cmath>

namespace archsim::sim {

/// A normal variable given that it is not negative. What is cut off raises the mean above that of
/// the normal variable: mean_seconds() and scv() are those of the times that are drawn.
class TruncatedNormal {
public:
    /// Mean and standard deviation before the cut. Requires: mean >= 0, deviation > 0.
    TruncatedNormal(Duration mean, Duration deviation)
        : mean_{mean},
          deviation_{deviation},
          centre_{mean.in_seconds()},
          spread_{deviation.in_seconds()} {}
    [[nodiscard]] Duration mean_before_cut() const { return mean_; }
    [[nodiscard]] Duration deviation_before_cut() const { return deviation_; }

    /// Draws until the time is not negative: at most two draws on average, since mean >= 0.
    [[nodiscard]] double sample_seconds(Rng& rng) const {
        boost::random::normal_distribution<double> normal;
        while (true) {
            const double seconds = centre_ + spread_ * normal(rng);
            if (seconds >= 0.0) return seconds;
        }
    }
    [[nodiscard]] double mean_seconds() const { return centre_ + spread_ * hazard(); }
    /// Moments of a normal variable cut from below (Johnson, Kotz and Balakrishnan, "Continuous
    /// Univariate Distributions", volume 1, 1994, section 13.10).
    [[nodiscard]] double scv() const {
        const double cut = -centre_ / spread_;
        const double h = hazard();
        const double variance = spread_ * spread_ * (1.0 + cut * h - h * h);
        return variance / (mean_seconds() * mean_seconds());
    }
    [[nodiscard]] double cdf(double seconds) const {
        if (seconds < 0.0) return 0.0;
        return 1.0 - upper_tail((seconds - centre_) / spread_) / upper_tail(-centre_ / spread_);
    }
    bool operator==(const TruncatedNormal&) const = default;

private:
    [[nodiscard]] static double upper_tail(double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)); }
    /// Density over upper tail of the standard normal variable at the cut.
    [[nodiscard]] double hazard() const {
        constexpr double one_over_root_two_pi = 0.3989422804014327;
        const double cut = -centre_ / spread_;
        return one_over_root_two_pi * std::exp(-0.5 * cut * cut) / upper_tail(cut);
    }

    Duration mean_;
    Duration deviation_;
    double centre_;
    double spread_;
};

}  // namespace archsim::sim
