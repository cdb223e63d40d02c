// The lognormal distribution: the product of many small influences; a good fit of measured service
// times. Given by what was measured: mean and variation, or two quantiles.
#pragma once

#include "sim/rng.hpp"
#include "sim/units.hpp"

#include <boost/random/normal_distribution.hpp>

#include <cmath>
#include <variant>

namespace archsim::sim {

/// exp(location + spread x a standard normal variable), in seconds.
class Lognormal {
public:
    /// Requires: mean > 0, cv > 0 (standard deviation / mean).
    struct MeanAndCv {
        Duration mean;
        double cv = 1.0;
        bool operator==(const MeanAndCv&) const = default;
    };
    /// Median and 99th percentile. Requires: 0 < p50 < p99.
    struct P50AndP99 {
        Duration p50;
        Duration p99;
        bool operator==(const P50AndP99&) const = default;
    };
    /// The parameters as they were given.
    using Parameters = std::variant<MeanAndCv, P50AndP99>;

    explicit Lognormal(MeanAndCv given)
        : given_{given},
          spread_{std::sqrt(std::log1p(given.cv * given.cv))},
          location_{std::log(given.mean.in_seconds()) - 0.5 * spread_ * spread_} {}
    explicit Lognormal(P50AndP99 given)
        : given_{given},
          spread_{std::log(given.p99.in_seconds() / given.p50.in_seconds()) / normal_p99},
          location_{std::log(given.p50.in_seconds())} {}
    [[nodiscard]] const Parameters& parameters() const { return given_; }

    [[nodiscard]] double sample_seconds(Rng& rng) const {
        return std::exp(location_ + spread_ * boost::random::normal_distribution<double>{}(rng));
    }
    [[nodiscard]] double mean_seconds() const {
        return std::exp(location_ + 0.5 * spread_ * spread_);
    }
    [[nodiscard]] double scv() const { return std::expm1(spread_ * spread_); }
    [[nodiscard]] double cdf(double seconds) const {
        if (seconds <= 0.0) return 0.0;
        return 0.5 * std::erfc(-(std::log(seconds) - location_) / (spread_ * std::sqrt(2.0)));
    }
    bool operator==(const Lognormal&) const = default;

private:
    /// The 99th percentile of a standard normal variable.
    static constexpr double normal_p99 = 2.3263478740408408;

    Parameters given_;
    double spread_;
    double location_;
};

}  // namespace archsim::sim
