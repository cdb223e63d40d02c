// Consistent hashing with bounded loads: nobody may hold more than c times the average.
// The bound is a pure function; Ring::first_accepted walks on until a member is below its bound.
#pragma once

#include <cmath>
#include <cstdint>

namespace archsim::models {

/// The most requests or keys that a member may hold once `total` are placed (the new one counts):
/// ceil(factor * total * share), at least 1. `share` is the member's weight over the sum of all
/// weights, 1/n for equal ones. Since factor > 1 the bounds add up to more than `total`, so there
/// is always a member with room. Requires: factor > 1, 0 < share <= 1.
/// Source: Mirrokni, Thorup and Zadimoghaddam, "Consistent Hashing with Bounded Loads", 2016.
[[nodiscard]] inline std::uint64_t load_bound(double factor, std::uint64_t total, double share) {
    const double bound = std::ceil(factor * static_cast<double>(total) * share);
    return bound < 1.0 ? 1 : static_cast<std::uint64_t>(bound);
}

}  // namespace archsim::models
