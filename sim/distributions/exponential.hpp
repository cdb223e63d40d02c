// The exponential distribution: memoryless times, as between independent arrivals.
#pragma once

#include "sim/rng.hpp"
#include "sim/units.hpp"

#include <boost/random/exponential_distribution.hpp>

#include <cmath>

namespace archsim::sim {

/// Exponential with a given mean. Samples by the ziggurat of Boost.Random (Marsaglia and Tsang,
/// "The ziggurat method for generating random variables", 2000).
class Exponential {
public:
    /// Requires: mean > 0.
    explicit constexpr Exponential(Duration mean) : mean_{mean}, seconds_{mean.in_seconds()} {}
    [[nodiscard]] constexpr Duration mean() const { return mean_; }

    [[nodiscard]] double sample_seconds(Rng& rng) const {
        return seconds_ * boost::random::exponential_distribution<double>{}(rng);
    }
    [[nodiscard]] constexpr double mean_seconds() const { return seconds_; }
    [[nodiscard]] constexpr double scv() const { return 1.0; }
    [[nodiscard]] double cdf(double seconds) const {
        return seconds <= 0.0 ? 0.0 : -std::expm1(-seconds / seconds_);
    }
    constexpr bool operator==(const Exponential&) const = default;

private:
    Duration mean_;
    double seconds_;
};

}  // namespace archsim::sim
