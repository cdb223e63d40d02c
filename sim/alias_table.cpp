// Building an alias table: every choice that has less than the average share is topped up by one
// that has more.
#include "sim/alias_table.hpp"

#include "sim/check.hpp"

#include <cmath>

namespace archsim::sim {

AliasTable::AliasTable(std::span<const double> weights) : columns_(weights.size()) {
    ARCHSIM_CHECK(!weights.empty(), "there is nothing to choose from");
    double sum = 0.0;
    for (const double weight : weights) {
        ARCHSIM_CHECK(weight >= 0.0, "the weight {} is negative", weight);
        sum += weight;
    }
    ARCHSIM_CHECK(sum > 0.0 && std::isfinite(sum), "the weights add up to {}", sum);

    std::vector<double> share(weights.size());
    std::vector<std::uint32_t> small;
    std::vector<std::uint32_t> large;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        share[i] = weights[i] / sum * static_cast<double>(weights.size());
        (share[i] < 1.0 ? small : large).push_back(static_cast<std::uint32_t>(i));
    }
    while (!small.empty() && !large.empty()) {
        const std::uint32_t poor = small.back();
        const std::uint32_t rich = large.back();
        small.pop_back();
        columns_[poor] = {share[poor], rich};
        share[rich] = (share[rich] + share[poor]) - 1.0;
        if (share[rich] < 1.0) {
            large.pop_back();
            small.push_back(rich);
        }
    }
    // What is left has share 1 but for rounding, so it keeps its column.
    for (const std::uint32_t i : small) columns_[i] = {1.0, i};
    for (const std::uint32_t i : large) columns_[i] = {1.0, i};
}

}  // namespace archsim::sim
