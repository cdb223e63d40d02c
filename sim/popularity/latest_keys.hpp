// What is new is read most: messages, news, timelines. Keys are added as time goes by.
#pragma once

#include "sim/check.hpp"
#include "sim/popularity/zipf_keys.hpp"
#include "sim/rng.hpp"
#include "sim/units.hpp"

#include <cmath>
#include <cstdint>

namespace archsim::sim {

/// The newest `count` keys by Zipf's law, the newest the most popular. At the start these are
/// 0 .. count-1; then a key appears at a constant rate and the oldest is no longer read.
class LatestKeys {
public:
    /// Requires: as ZipfKeys; growth of at most 10^6/s.
    LatestKeys(std::uint64_t count, double skew, Rate growth)
        : ages_{count, skew}, growth_{growth} {
        ARCHSIM_CHECK(growth.per_second() >= 0.0 && growth.per_second() <= 1e6,
                      "keys cannot grow by {} each second", growth.per_second());
    }
    /// The number of keys that are read at a time.
    [[nodiscard]] std::uint64_t count() const { return ages_.count(); }
    [[nodiscard]] double skew() const { return ages_.skew(); }
    [[nodiscard]] Rate growth() const { return growth_; }
    /// The newest key there is. Requires: now not before the start.
    [[nodiscard]] std::uint64_t newest(Instant now) const {
        const double added = std::floor(growth_.per_second() * now.since_start().in_seconds());
        return count() - 1 + static_cast<std::uint64_t>(added);
    }
    /// O(1) on average.
    [[nodiscard]] std::uint64_t draw(Rng& rng, Instant now) const {
        return newest(now) - ages_.draw(rng);
    }
    /// Of the key that is `rank` keys older than the newest. Requires: rank < count.
    [[nodiscard]] double probability(std::uint64_t rank) const { return ages_.probability(rank); }
    bool operator==(const LatestKeys&) const = default;

private:
    ZipfKeys ages_;
    Rate growth_;
};

}  // namespace archsim::sim
