// The sums, the table and the rejection of Zipf's law.
#include "sim/popularity/zipf_keys.hpp"

#include "sim/check.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace archsim::sim {

namespace {

/// (e^x - 1) / x, continued by 1 at 0.
double expm1_ratio(double x) { return x == 0.0 ? 1.0 : std::expm1(x) / x; }

/// ln(1 + x) / x, continued by 1 at 0.
double log1p_ratio(double x) { return x == 0.0 ? 1.0 : std::log1p(x) / x; }

/// The sum of i^-skew over i = 1 .. count: term by term up to `summed`, then by the formula of
/// Euler and Maclaurin, whose first neglected term is below 10^-15 of the sum.
double harmonic_sum(std::uint64_t count, double skew) {
    constexpr std::uint64_t summed = 50'000;
    const std::uint64_t direct = std::min(count, summed);
    double sum = 0.0;
    for (std::uint64_t i = direct; i >= 1; --i) sum += std::pow(static_cast<double>(i), -skew);
    if (count == direct) return sum;
    const auto low = static_cast<double>(direct);
    const auto high = static_cast<double>(count);
    const double low_term = std::pow(low, -skew);
    const double high_term = std::pow(high, -skew);
    const double log_ratio = std::log(high / low);
    const double integral = low * low_term * log_ratio * expm1_ratio((1.0 - skew) * log_ratio);
    const double slopes = skew * (low_term / low - high_term / high);
    return sum + integral + (high_term - low_term) / 2.0 + slopes / 12.0;
}

}  // namespace

ZipfKeys::ZipfKeys(std::uint64_t count, double skew) : count_{count}, skew_{skew}, total_{0.0} {
    ARCHSIM_CHECK(count >= 1 && count <= 1'000'000'000'000, "there cannot be {} keys", count);
    ARCHSIM_CHECK(skew >= 0.0 && skew <= 100.0, "the skew {} is not 0 to 100", skew);
    total_ = harmonic_sum(count, skew);
    if (count <= most_in_table) {
        std::vector<double> weights;
        weights.reserve(count);
        for (std::uint64_t i = 1; i <= count; ++i)
            weights.push_back(density(static_cast<double>(i)));
        table_.emplace(weights);
        return;
    }
    area_first_ = area(1.5) - 1.0;
    area_last_ = area(static_cast<double>(count) + 0.5);
    sure_ = 2.0 - area_inverse(area(2.5) - density(2.0));
}

double ZipfKeys::probability(std::uint64_t rank) const {
    return density(static_cast<double>(rank) + 1.0) / total_;
}

double ZipfKeys::density(double x) const { return std::pow(x, -skew_); }

double ZipfKeys::area(double x) const {
    const double log_x = std::log(x);
    return expm1_ratio((1.0 - skew_) * log_x) * log_x;
}

double ZipfKeys::area_inverse(double a) const {
    // Rounding may go below the lowest possible value.
    const double t = std::max(a * (1.0 - skew_), -1.0);
    return std::exp(log1p_ratio(t) * a);
}

std::uint64_t ZipfKeys::draw_by_rejection(Rng& rng) const {
    // A point below the curve is drawn by inversion of its area. It is kept if it lies in the bar
    // of the nearest key, which ends at the key + 1/2 and is as large as the key's density.
    const auto last = static_cast<double>(count_);
    while (true) {
        const double u = area_last_ + rng.uniform() * (area_first_ - area_last_);
        const double x = area_inverse(u);
        const double key = std::clamp(std::floor(x + 0.5), 1.0, last);
        if (key - x <= sure_ || u >= area(key + 0.5) - density(key))
            return static_cast<std::uint64_t>(key) - 1;
    }
}

}  // namespace archsim::sim
