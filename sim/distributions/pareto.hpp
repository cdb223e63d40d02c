// The Pareto distribution: heavy tails, where few long tasks make most of the work. The smaller
// alpha, the heavier; up to 2 the variance is infinite, up to 1 even the mean, unless capped.
#pragma once

#include "sim/rng.hpp"
#include "sim/units.hpp"

#include <cmath>
#include <limits>
#include <optional>

namespace archsim::sim {

/// P(X > x) = (minimum / x)^alpha from `minimum` on; with a cap, given that X is not above it (the
/// bounded Pareto distribution). Samples by inversion.
class Pareto {
public:
    /// Requires: minimum > 0, alpha > 0, cap > minimum.
    Pareto(Duration minimum, double alpha, std::optional<Duration> cap = std::nullopt)
        : minimum_{minimum},
          alpha_{alpha},
          cap_{cap},
          low_{minimum.in_seconds()},
          kept_{cap ? -std::expm1(alpha * std::log(low_ / cap->in_seconds())) : 1.0} {}
    [[nodiscard]] Duration minimum() const { return minimum_; }
    [[nodiscard]] double alpha() const { return alpha_; }
    [[nodiscard]] std::optional<Duration> cap() const { return cap_; }

    [[nodiscard]] double sample_seconds(Rng& rng) const {
        const double tail = 1.0 - kept_ * rng.uniform();  // In (1 - kept, 1], so never 0.
        return low_ * std::pow(tail, -1.0 / alpha_);
    }
    [[nodiscard]] double mean_seconds() const { return low_ * relative_moment(1.0); }
    [[nodiscard]] double scv() const {
        const double first = relative_moment(1.0);
        const double second = relative_moment(2.0);
        if (std::isinf(second)) return std::numeric_limits<double>::infinity();
        return second / (first * first) - 1.0;
    }
    [[nodiscard]] double cdf(double seconds) const {
        if (seconds <= low_) return 0.0;
        if (cap_ && seconds >= cap_->in_seconds()) return 1.0;
        return -std::expm1(alpha_ * std::log(low_ / seconds)) / kept_;
    }
    bool operator==(const Pareto&) const = default;

private:
    /// E[(X / minimum)^k]: the integral of alpha x^(k - alpha - 1) from 1 to the cap, over the
    /// share below the cap.
    [[nodiscard]] double relative_moment(double k) const {
        const double excess = k - alpha_;
        if (!cap_) return excess < 0.0 ? alpha_ / -excess : std::numeric_limits<double>::infinity();
        const double log_cap = std::log(cap_->in_seconds() / low_);
        const double integral = excess == 0.0 ? log_cap : std::expm1(excess * log_cap) / excess;
        return alpha_ * integral / kept_;
    }

    Duration minimum_;
    double alpha_;
    std::optional<Duration> cap_;
    double low_;
    double kept_;  ///< Share of the unbounded distribution below the cap.
};

}  // namespace archsim::sim
