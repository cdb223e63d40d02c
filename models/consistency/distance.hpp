// How far a history is from linearizable, in time.
#pragma once

#include "models/consistency/zones.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace archsim::models {

/// The two distances of a history: the largest over its keys.
struct DistanceResult {
    /// Delta: how much earlier every read would have to begin. Zero for a linearizable history;
    /// absent when nothing helps, because a value was read before it was written, or never was.
    std::optional<sim::Duration> delta = sim::Duration{};
    /// Gamma: by how much every operation would have to grow at both ends. Absent where values
    /// were read that never were written.
    std::optional<sim::Duration> gamma = sim::Duration{};
};

/// Distance of the keys whose zones on the time axis are given; `unwritten` tells that some read
/// returned a value that was never written. O(versions x log versions x log range).
/// Source of Delta and Gamma: Golab, Li and Shah, "Analyzing Consistency Properties for Fun and
/// Profit", 2011, and Golab et al., "Client-centric Benchmarking of Eventual Consistency", 2014.
[[nodiscard]] DistanceResult distance(const std::map<std::uint64_t, std::vector<Zone>>& keys,
                                      bool unwritten);

}  // namespace archsim::models
