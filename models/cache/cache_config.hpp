// The parameters of a cache.
#pragma once

#include "models/cache/capacity_codec.hpp"
#include "models/cache/evictions.hpp"
#include "models/cache/write_mode.hpp"
#include "models/edge.hpp"
#include "models/spec.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace archsim::models::cache {

/// What a scenario says of a cache.
struct CacheConfig {
    std::int64_t instances = 1;
    Capacity capacity{Capacity::Unit::entries, 1};  ///< Of each instance.
    EvictionChoice eviction;
    sim::Distribution hit_time;
    WriteMode write;
    std::optional<sim::Duration> ttl = std::nullopt;
    sim::Probability ttl_jitter;
    std::optional<sim::Duration> stale_while_revalidate = std::nullopt;
    std::optional<sim::Duration> negative_ttl = std::nullopt;
    bool single_flight = false;
    std::vector<std::string> invalidate_on;
    std::vector<EdgeConfig> calls;
    static const Spec<CacheConfig>& spec();

    /// The parameters of the write mode, or nullptr if it is another.
    template <class Mode>
    [[nodiscard]] const Mode* writes() const {
        return std::get_if<Mode>(&write);
    }
};

}  // namespace archsim::models::cache
