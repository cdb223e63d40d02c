// A distribution as it was measured: a list of times, each with how often it was seen.
#pragma once

#include "sim/alias_table.hpp"
#include "sim/rng.hpp"
#include "sim/units.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace archsim::sim {

/// Exactly the given values, each as often as its weight says; nothing between them.
class Empirical {
public:
    /// Requires: as many weights as values, at least one; values >= 0, weights >= 0 with a finite
    /// sum above 0.
    Empirical(std::vector<Duration> values, std::vector<double> weights)
        : values_{std::move(values)}, weights_{std::move(weights)}, table_{weights_} {}
    [[nodiscard]] const std::vector<Duration>& values() const { return values_; }
    [[nodiscard]] const std::vector<double>& weights() const { return weights_; }

    [[nodiscard]] double sample_seconds(Rng& rng) const {
        return values_[table_.draw(rng)].in_seconds();
    }
    /// O(values), as are the others below.
    [[nodiscard]] double mean_seconds() const {
        return weighted([](double seconds) { return seconds; });
    }
    [[nodiscard]] double scv() const {
        const double mean = mean_seconds();
        if (mean <= 0.0) return 0.0;
        return weighted([mean](double s) { return (s - mean) * (s - mean); }) / (mean * mean);
    }
    [[nodiscard]] double cdf(double seconds) const {
        return weighted([seconds](double s) { return s <= seconds ? 1.0 : 0.0; });
    }
    bool operator==(const Empirical& other) const {
        return values_ == other.values_ && weights_ == other.weights_;
    }

private:
    /// The mean of f(value in seconds).
    template <class Function>
    [[nodiscard]] double weighted(Function f) const {
        double sum = 0.0;
        double total = 0.0;
        for (std::size_t i = 0; i < values_.size(); ++i) {
            sum += weights_[i] * f(values_[i].in_seconds());
            total += weights_[i];
        }
        return sum / total;
    }

    std::vector<Duration> values_;
    std::vector<double> weights_;
    AliasTable table_;
};

}  // namespace archsim::sim
