// Jump consistent hash: no table at all, but buckets may only be added or removed at the end.
#pragma once

#include <cstdint>

namespace archsim::models {

/// The bucket in [0, buckets) of `key`. Growing from n to n + 1 buckets moves 1/(n+1) of the keys,
/// all to the new bucket. `key` must already be spread over 64 bits (hash text first).
/// Requires: buckets >= 1. Expected steps: the harmonic number of `buckets`.
/// Source: Lamping and Veach, "A Fast, Minimal Memory, Consistent Hash Algorithm", 2014.
[[nodiscard]] constexpr std::uint32_t jump_hash(std::uint64_t key, std::uint32_t buckets) {
    std::int64_t bucket = 0;
    std::int64_t next = 0;
    while (next < std::int64_t{buckets}) {
        bucket = next;
        key = key * 2862933555777941757ULL + 1;
        const double chance = static_cast<double>((key >> 33) + 1);
        // A jump beyond 2^31 * 2^32 still fits: bucket < 2^32 and chance >= 1.
        next = static_cast<std::int64_t>(static_cast<double>(bucket + 1) * (2147483648.0 / chance));
    }
    return static_cast<std::uint32_t>(bucket);
}

}  // namespace archsim::models
