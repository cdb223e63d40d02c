// What may be written of a sharded database and of its shards.
#pragma once

#include "models/database/shard_layout.hpp"
#include "models/edge.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace archsim::models {

/// The edge to a database that holds a shard.
struct ShardConfig : EdgeConfig {
    double weight = 1.0;
    bool joined = true;
    static const Spec<ShardConfig>& spec();
};

/// The parameters of a sharded database.
struct ShardedConfig {
    std::vector<ShardConfig> shards;
    ShardingConfig placement;
    std::int64_t keys = 1;
    sim::Bytes value_size;
    std::optional<sim::Rate> migration_rate = std::nullopt;
    sim::Duration retry_after = sim::Duration::seconds(1);
    static const Spec<ShardedConfig>& spec();
};

}  // namespace archsim::models
