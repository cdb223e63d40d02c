// Zipf's law: the key of rank r is drawn in proportion to 1 / (r + 1)^skew. What popularity on the
// web looks like, with a skew between 0.6 and 1.2.
#pragma once

#include "sim/alias_table.hpp"
#include "sim/rng.hpp"

#include <cstdint>
#include <optional>

namespace archsim::sim {

/// Keys 0 .. count-1 by falling popularity, exactly by the law for every skew from 0 (all alike)
/// on, 1 included. Up to `most_in_table` keys are drawn from an alias table; more by
/// rejection-inversion (Hormann and Derflinger, "Rejection-inversion to generate variates from
/// monotone discrete distributions", 1996), which takes no memory and, at any count, hardly more
/// than one try.
class ZipfKeys {
public:
    static constexpr std::uint64_t most_in_table = 50'000;

    /// O(count) up to most_in_table, else O(1). Requires: 1 <= count <= 10^12, 0 <= skew <= 100.
    ZipfKeys(std::uint64_t count, double skew);
    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] double skew() const { return skew_; }
    /// O(1) on average.
    [[nodiscard]] std::uint64_t draw(Rng& rng) const {
        return table_ ? table_->draw(rng) : draw_by_rejection(rng);
    }
    /// Of the key of this rank, 0 the most popular. Requires: rank < count.
    [[nodiscard]] double probability(std::uint64_t rank) const;
    bool operator==(const ZipfKeys& other) const {
        return count_ == other.count_ && skew_ == other.skew_;
    }

private:
    [[nodiscard]] std::uint64_t draw_by_rejection(Rng& rng) const;
    /// x^-skew.
    [[nodiscard]] double density(double x) const;
    /// The integral of the density from 1 to x.
    [[nodiscard]] double area(double x) const;
    /// The inverse of area().
    [[nodiscard]] double area_inverse(double a) const;

    std::uint64_t count_;
    double skew_;
    double total_;             ///< The sum of 1 / i^skew over i = 1 .. count.
    double area_first_ = 0.0;  ///< Where the bar of the first key begins...
    double area_last_ = 0.0;   ///< ...and that of the last one ends, on the axis of areas.
    double sure_ = 0.0;        ///< A candidate this close above its key is always accepted.
    std::optional<AliasTable> table_;
};

}  // namespace archsim::sim
