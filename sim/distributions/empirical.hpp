// A distribution as it was measured: a list of times, each with how often it was seen, or the
// percentiles that a monitoring system kept of them.
#pragma once

#include "sim/alias_table.hpp"
#include "sim/rng.hpp"
#include "sim/units.hpp"

#include <optional>
#include <vector>

namespace archsim::sim {

/// Either exactly the given values, each as often as its weight says and nothing between them; or
/// percentiles, between which times are spread evenly.
class Empirical {
public:
    /// A share of all times that is at most `value`.
    struct Percentile {
        Duration value;
        Probability at_most;
        bool operator==(const Percentile&) const = default;
    };

    /// O(values). Requires: as many weights as values, at least one; values >= 0, weights >= 0 with
    /// a finite sum above 0.
    Empirical(std::vector<Duration> values, std::vector<double> weights);
    /// The first percentile may be above 0%: so large a share is exactly its value. O(percentiles).
    /// Requires: at least two, values >= 0; values and shares do not fall; the last share is 100%.
    explicit Empirical(std::vector<Percentile> percentiles);

    /// Empty if made of percentiles, as are the weights.
    [[nodiscard]] const std::vector<Duration>& values() const { return values_; }
    [[nodiscard]] const std::vector<double>& weights() const { return weights_; }
    /// Empty if made of values.
    [[nodiscard]] const std::vector<Percentile>& percentiles() const { return percentiles_; }

    /// O(1), from percentiles O(log percentiles).
    [[nodiscard]] double sample_seconds(Rng& rng) const {
        if (table_) return values_[table_->draw(rng)].in_seconds();
        return at_share(rng.uniform());
    }
    [[nodiscard]] double mean_seconds() const { return mean_; }
    [[nodiscard]] double scv() const { return scv_; }
    /// O(values) or O(percentiles).
    [[nodiscard]] double cdf(double seconds) const;
    bool operator==(const Empirical& other) const {
        return values_ == other.values_ && weights_ == other.weights_ &&
               percentiles_ == other.percentiles_;
    }

private:
    /// The time that a share u of all times does not reach. Requires: 0 <= u < 1, percentiles.
    [[nodiscard]] double at_share(double u) const;

    std::vector<Duration> values_;
    std::vector<double> weights_;
    std::vector<Percentile> percentiles_;
    std::optional<AliasTable> table_;
    double mean_ = 0.0;
    double scv_ = 0.0;
};

}  // namespace archsim::sim
