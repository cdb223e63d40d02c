// Hash modulo n: even shares, but a change of n moves almost every key. The yardstick of the rest.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace archsim::models {

/// hash mod buckets. Growing from n to n + 1 buckets moves n/(n+1) of the keys.
/// Requires: buckets >= 1.
[[nodiscard]] constexpr std::uint32_t modulo_hash(std::uint64_t hash, std::uint32_t buckets) {
    return static_cast<std::uint32_t>(hash % buckets);
}

/// The bucket that hash mod (sum of weights) falls into when the buckets lie end to end, each as
/// long as its weight; equal to modulo_hash for weights of 1. O(buckets).
/// Requires: at least one bucket, weights of 0 or more with a sum above 0.
[[nodiscard]] inline std::size_t weighted_modulo_hash(std::uint64_t hash,
                                                      std::span<const double> weights) {
    double total = 0.0;
    for (const double w : weights) total += w;
    double left = std::fmod(static_cast<double>(hash), total);
    for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
        if (left < weights[i]) return i;
        left -= weights[i];
    }
    return weights.size() - 1;
}

}  // namespace archsim::models
