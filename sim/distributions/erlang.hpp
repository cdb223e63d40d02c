// The Erlang distribution: a task of several exponential stages, one after the other.
#pragma once

#include "sim/distributions/gamma.hpp"
#include "sim/rng.hpp"
#include "sim/units.hpp"

#include <boost/random/exponential_distribution.hpp>

#include <cstdint>

namespace archsim::sim {

/// The sum of `stages` exponential times with the same mean, `mean` together. The squared
/// coefficient of variation is 1 / stages.
class Erlang {
public:
    /// Requires: mean > 0, stages >= 1.
    constexpr Erlang(Duration mean, std::int64_t stages)
        : mean_{mean},
          stages_{stages},
          stage_seconds_{mean.in_seconds() / static_cast<double>(stages)} {}
    [[nodiscard]] constexpr Duration mean() const { return mean_; }
    [[nodiscard]] constexpr std::int64_t stages() const { return stages_; }

    /// Adds up the stages where there are few; beyond that, one gamma draw is cheaper.
    [[nodiscard]] double sample_seconds(Rng& rng) const {
        if (stages_ > few) return stage_seconds_ * sample_standard_gamma(shape(), rng);
        boost::random::exponential_distribution<double> stage;
        double sum = 0.0;
        for (std::int64_t i = 0; i < stages_; ++i) sum += stage(rng);
        return stage_seconds_ * sum;
    }
    [[nodiscard]] constexpr double mean_seconds() const { return mean_.in_seconds(); }
    [[nodiscard]] constexpr double scv() const { return 1.0 / shape(); }
    [[nodiscard]] double cdf(double seconds) const {
        return standard_gamma_cdf(shape(), seconds / stage_seconds_);
    }
    constexpr bool operator==(const Erlang&) const = default;

private:
    static constexpr std::int64_t few = 8;
    [[nodiscard]] constexpr double shape() const { return static_cast<double>(stages_); }

    Duration mean_;
    std::int64_t stages_;
    double stage_seconds_;
};

}  // namespace archsim::sim
