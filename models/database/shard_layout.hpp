// Which shard each key of a known key space belongs to: hash, range, directory or ring. Pure; the
// sharded database moves the keys.
#pragma once

#include "models/ring/placement.hpp"
#include "sim/distribution.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace archsim::models {

/// Ranges of consecutive keys.
struct RangePlacement {
    static const Spec<RangePlacement>& spec();
};
/// A key that is placed by hand.
struct PinConfig {
    std::int64_t key = 0;
    Reference to;
    static const Spec<PinConfig>& spec();
};
/// A table with an entry for every key.
struct DirectoryPlacement {
    std::vector<PinConfig> pinned;
    std::optional<sim::Distribution> lookup_time = std::nullopt;
    static const Spec<DirectoryPlacement>& spec();
};

using ShardingConfig = OneOf<ModuloPlacement, RangePlacement, DirectoryPlacement, RingPlacement,
                             JumpPlacement, RendezvousPlacement, MaglevPlacement>;

/// Ids of the shards that own keys 0 to n - 1.
using ShardTable = std::vector<std::uint32_t>;

/// Lays `keys` keys over the members. `before` is the table so far, empty at the start; ranges and
/// directories change it as little as they can. O(keys) look-ups of the placement.
/// - range: at the start stretches in proportion to the weights, in the order of the members. A
///   member that joins gets the upper half of the keys of the member with the most (the first such;
///   weights no longer count); the keys of one that leaves go to the owner of the next lower key
///   that stays, or else of the next higher one.
/// - directory: at the start in turn. A member that joins gets keys / members of them, taken from
///   those that hold more, lowest keys first; the keys of one that leaves go to those that hold
///   least. A pinned key stays with its shard while that is a member.
/// Requires: members in ascending order of ids, at least one.
[[nodiscard]] ShardTable lay_out(const ShardingConfig& config,
                                 const std::vector<RingMember>& members, std::uint64_t keys,
                                 const ShardTable& before);

}  // namespace archsim::models
