// Moments and draws of measured distributions.
#include "sim/distributions/empirical.hpp"

#include "sim/check.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace archsim::sim {

namespace {

/// Variance / mean^2; 0 where all times are zero.
double relative_variance(double variance, double mean) {
    return mean > 0.0 ? variance / (mean * mean) : 0.0;
}

}  // namespace

Empirical::Empirical(std::vector<Duration> values, std::vector<double> weights)
    : values_{std::move(values)}, weights_{std::move(weights)}, table_{AliasTable{weights_}} {
    ARCHSIM_CHECK(values_.size() == weights_.size(), "{} values have {} weights", values_.size(),
                  weights_.size());
    double total = 0.0;
    for (const double weight : weights_) total += weight;
    for (std::size_t i = 0; i < values_.size(); ++i)
        mean_ += weights_[i] / total * values_[i].in_seconds();
    double variance = 0.0;
    for (std::size_t i = 0; i < values_.size(); ++i) {
        const double gap = values_[i].in_seconds() - mean_;
        variance += weights_[i] / total * gap * gap;
    }
    scv_ = relative_variance(variance, mean_);
}

Empirical::Empirical(std::vector<Percentile> percentiles) : percentiles_{std::move(percentiles)} {
    ARCHSIM_CHECK(percentiles_.size() >= 2, "{} percentiles are too few", percentiles_.size());
    ARCHSIM_CHECK(percentiles_.back().at_most.value() == 1.0, "the last percentile is not 100%");
    // Each stretch is a uniform distribution; the first is a single value.
    struct Stretch {
        double share, low, high;
    };
    std::vector<Stretch> stretches;
    double share = 0.0;
    double low = percentiles_.front().value.in_seconds();
    for (const Percentile& percentile : percentiles_) {
        const double high = percentile.value.in_seconds();
        ARCHSIM_CHECK(percentile.at_most.value() >= share && high >= low, "percentiles fall");
        stretches.push_back({percentile.at_most.value() - share, low, high});
        share = percentile.at_most.value();
        low = high;
    }
    for (const Stretch& part : stretches) mean_ += part.share * (part.low + part.high) / 2.0;
    double variance = 0.0;
    for (const Stretch& part : stretches) {
        const double width = part.high - part.low;
        const double gap = (part.low + part.high) / 2.0 - mean_;
        variance += part.share * (width * width / 12.0 + gap * gap);
    }
    scv_ = relative_variance(variance, mean_);
}

double Empirical::at_share(double u) const {
    const auto above = std::upper_bound(
        percentiles_.begin(), percentiles_.end(), u,
        [](double share, const Percentile& point) { return share < point.at_most.value(); });
    const double high = above->value.in_seconds();
    if (above == percentiles_.begin()) return high;
    const auto below = std::prev(above);
    const double low = below->value.in_seconds();
    const double share = above->at_most.value() - below->at_most.value();
    return low + (u - below->at_most.value()) / share * (high - low);
}

double Empirical::cdf(double seconds) const {
    if (table_) {
        double reached = 0.0;
        double total = 0.0;
        for (std::size_t i = 0; i < values_.size(); ++i) {
            if (values_[i].in_seconds() <= seconds) reached += weights_[i];
            total += weights_[i];
        }
        return reached / total;
    }
    const auto above = std::upper_bound(
        percentiles_.begin(), percentiles_.end(), seconds,
        [](double s, const Percentile& point) { return s < point.value.in_seconds(); });
    if (above == percentiles_.begin()) return 0.0;
    if (above == percentiles_.end()) return 1.0;
    const auto below = std::prev(above);
    const double low = below->value.in_seconds();
    const double along = (seconds - low) / (above->value.in_seconds() - low);
    return below->at_most.value() + along * (above->at_most.value() - below->at_most.value());
}

}  // namespace archsim::sim
