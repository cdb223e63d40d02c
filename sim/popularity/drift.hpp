// Popularity that moves: which key has which rank changes with time, while the law of the ranks
// stays. What frequency counts without ageing cannot follow.
#pragma once

#include "sim/units.hpp"

#include <cstdint>
#include <optional>

namespace archsim::sim {

/// Two ways to move, alone or together; by default none. Draws no random number: two designs under
/// comparison see the same keys become popular.
class Drift {
public:
    Drift() = default;
    /// The ranks move on by this many keys a unit of time: the second key becomes the first. With
    /// `shuffle_every`, all ranks are dealt anew each time such a period ends; the first has
    /// ranks = keys. Requires: shuffle_every > 0.
    explicit Drift(Rate keys, std::optional<Duration> shuffle_every = std::nullopt);
    [[nodiscard]] Rate keys() const { return keys_; }
    [[nodiscard]] std::optional<Duration> shuffle_every() const { return shuffle_every_; }
    [[nodiscard]] bool is_none() const { return keys_ == Rate{} && !shuffle_every_; }
    /// The key that has `rank` at `now`; at each instant another one for each rank. O(1) on
    /// average. Requires: rank < count, now not before the start.
    [[nodiscard]] std::uint64_t key_of(std::uint64_t rank, std::uint64_t count, Instant now) const;
    bool operator==(const Drift&) const = default;

private:
    Rate keys_;
    std::optional<Duration> shuffle_every_;
};

/// The place of `index` in permutation number `key` of 0 .. count-1: a Feistel network of four
/// rounds that is repeated while its result is out of range (Black and Rogaway, "Ciphers with
/// arbitrary finite domains", 2002). No memory, at most four repetitions on average.
/// Requires: index < count <= 2^62.
[[nodiscard]] std::uint64_t permuted(std::uint64_t index, std::uint64_t count, std::uint64_t key);

}  // namespace archsim::sim
