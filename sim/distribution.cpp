// What every law of a distribution has in common, and mixtures, which are made of distributions.
#include "sim/distribution.hpp"

#include "sim/check.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace archsim::sim {

double Distribution::visited_sample(Rng& rng) const {
    return std::visit([&rng](const auto& law) { return law.sample_seconds(rng); }, law_);
}

double Distribution::mean_seconds() const {
    return std::visit([](const auto& law) { return law.mean_seconds(); }, law_);
}

double Distribution::scv() const {
    return std::visit([](const auto& law) { return law.scv(); }, law_);
}

double Distribution::cdf(double seconds) const {
    return std::visit([seconds](const auto& law) { return law.cdf(seconds); }, law_);
}

Duration Distribution::least() const {
    // Draws are rounded to nanoseconds, and before that to what a double can tell apart.
    const auto is_certain = [this](std::int64_t nanoseconds) {
        const double seconds = Duration::nanoseconds(nanoseconds).in_seconds();
        const double rounding = 2.0 * std::numeric_limits<double>::epsilon() * seconds;
        return cdf(seconds - std::max(0.5e-9, rounding)) <= 0.0;
    };
    std::int64_t certain = 0;
    std::int64_t uncertain = Duration::longest().count();
    if (is_certain(uncertain)) return Duration::longest();
    while (uncertain - certain > 1) {
        const std::int64_t middle = certain + (uncertain - certain) / 2;
        (is_certain(middle) ? certain : uncertain) = middle;
    }
    return Duration::nanoseconds(certain);
}

bool Distribution::operator==(const Distribution& other) const { return law_ == other.law_; }

Mixture::Mixture(std::vector<Distribution> parts, std::vector<double> weights)
    : parts_{std::move(parts)}, weights_{std::move(weights)}, table_{weights_} {
    ARCHSIM_CHECK(parts_.size() == weights_.size(), "{} parts have {} weights", parts_.size(),
                  weights_.size());
}
Mixture::Mixture(const Mixture& other) = default;
Mixture::Mixture(Mixture&& other) noexcept = default;
Mixture& Mixture::operator=(const Mixture& other) = default;
Mixture& Mixture::operator=(Mixture&& other) noexcept = default;
Mixture::~Mixture() = default;

bool Mixture::operator==(const Mixture& other) const {
    return parts_ == other.parts_ && weights_ == other.weights_;
}

double Mixture::sample_seconds(Rng& rng) const {
    return parts_[table_.draw(rng)].sample_seconds(rng);
}

namespace {

/// The mean of f(part) over the parts by weight. A part without weight adds nothing, even where
/// f is infinite.
template <class Function>
double weighted(const Mixture& mixture, Function f) {
    double sum = 0.0;
    double total = 0.0;
    for (std::size_t i = 0; i < mixture.parts().size(); ++i) {
        const double weight = mixture.weights()[i];
        if (weight > 0.0) sum += weight * f(mixture.parts()[i]);
        total += weight;
    }
    return sum / total;
}

}  // namespace

double Mixture::mean_seconds() const {
    return weighted(*this, [](const Distribution& part) { return part.mean_seconds(); });
}

double Mixture::scv() const {
    const double mean = mean_seconds();
    if (mean <= 0.0) return 0.0;
    if (std::isinf(mean)) return std::numeric_limits<double>::infinity();
    // The variance within the parts and that between them.
    const double variance = weighted(*this, [mean](const Distribution& part) {
        const double part_mean = part.mean_seconds();
        const double within = part_mean > 0.0 ? part.scv() * part_mean * part_mean : 0.0;
        return within + (part_mean - mean) * (part_mean - mean);
    });
    return variance / (mean * mean);
}

double Mixture::cdf(double seconds) const {
    return weighted(*this, [seconds](const Distribution& part) { return part.cdf(seconds); });
}

}  // namespace archsim::sim
