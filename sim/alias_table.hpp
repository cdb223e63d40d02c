// Drawing one of n choices by their weights in constant time.
#pragma once

#include "sim/rng.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace archsim::sim {

/// Choices 0 .. n-1, each drawn as often as its weight says, in O(1) with two random numbers and
/// one comparison (Vose, "A linear algorithm for generating random numbers with a given
/// distribution", 1991). The table takes 16 bytes per choice.
class AliasTable {
public:
    /// O(n). Requires: 1 <= n < 2^32, weights >= 0 with a finite sum above 0.
    explicit AliasTable(std::span<const double> weights);

    [[nodiscard]] std::size_t draw(Rng& rng) const {
        const auto column = static_cast<std::size_t>(rng.below(columns_.size()));
        const Column& chosen = columns_[column];
        return rng.uniform() < chosen.keep ? column : chosen.alias;
    }
    [[nodiscard]] std::size_t size() const { return columns_.size(); }

    bool operator==(const AliasTable&) const = default;

private:
    /// A choice that is kept with probability `keep` and else replaced by `alias`.
    struct Column {
        double keep = 1.0;
        std::uint32_t alias = 0;
        bool operator==(const Column&) const = default;
    };
    std::vector<Column> columns_;
};

}  // namespace archsim::sim
