// Maglev hashing: a table of prime size that members fill in turn, each in its own order.
// One array access per look-up, shares equal to within one entry, a little collateral movement.
#pragma once

#include "models/ring/member.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace archsim::models {

/// The look-up table. Offsets and skips come from xxh64 with seeds 0 and 1, keys from xxh64, and
/// weights are honoured as in Envoy: a member of half the largest weight fills every other round.
/// Sources: Eisenbud et al., "Maglev: A Fast and Reliable Software Network Load Balancer", NSDI
/// 2016, section 3.4; Envoy maglev_lb.cc for the hash functions and the weights.
class Maglev {
public:
    Maglev() = default;
    /// Fills the table; expected O(table_size log table_size).
    /// Requires: table_size prime and not below the number of members, every weight above 0.
    Maglev(std::span<const RingMember> members, std::uint32_t table_size);

    /// The member that owns a key; nothing when there are no members.
    [[nodiscard]] std::optional<std::uint32_t> owner(std::string_view key) const;

    /// The table: entry i is the id of the member that owns keys with hash mod size equal to i.
    [[nodiscard]] std::span<const std::uint32_t> table() const { return table_; }

private:
    std::vector<std::uint32_t> table_;
};

/// Whether a number is prime; trial division, O(sqrt n). Sizes of Maglev tables must be.
[[nodiscard]] constexpr bool is_prime(std::uint32_t n) {
    if (n < 2) return false;
    for (std::uint64_t d = 2; d * d <= n; ++d) {
        if (n % d == 0) return false;
    }
    return true;
}

}  // namespace archsim::models
