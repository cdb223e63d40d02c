// How much of the history of one key a site knows: of each site, up to which of its writes. Two
// writes are concurrent iff neither's author knew the other (Parker et al., "Detection of Mutual
// Inconsistency in Distributed Systems", 1983).
#pragma once

#include "models/database/versioned_data.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace archsim::models {

/// The most sites of a multi-primary database: a vector has a place for each.
inline constexpr std::size_t sites_most = 8;

/// One write: the site that took it, and where it stands in the log of that site.
struct Dot {
    std::size_t site = 0;
    LogPosition position = 0;
    bool operator==(const Dot&) const = default;
};

/// Up to which position of the log of each site something is known.
class VersionVector {
public:
    [[nodiscard]] LogPosition at(std::size_t site) const { return known_[site]; }
    /// Whether the write is among what is known.
    [[nodiscard]] bool covers(const Dot& dot) const { return known_[dot.site] >= dot.position; }
    /// Whether all that `other` knows is known. O(sites).
    [[nodiscard]] bool covers(const VersionVector& other) const {
        for (std::size_t i = 0; i < sites_most; ++i) {
            if (known_[i] < other.known_[i]) return false;
        }
        return true;
    }
    void learn(const Dot& dot) { known_[dot.site] = std::max(known_[dot.site], dot.position); }
    /// O(sites).
    void learn(const VersionVector& other) {
        for (std::size_t i = 0; i < sites_most; ++i) {
            known_[i] = std::max(known_[i], other.known_[i]);
        }
    }
    bool operator==(const VersionVector&) const = default;

private:
    std::array<LogPosition, sites_most> known_{};
};

}  // namespace archsim::models
