// What a scenario writes about failing over to a replica.
#pragma once

#include "models/spec.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <optional>

namespace archsim::models {

/// Which replica becomes the primary.
enum class Promotion : std::uint8_t {
    most_advanced,  ///< The one with the latest entry.
    designated,     ///< Always the same one.
    nearest,        ///< The one nearest to the old primary.
};

/// What becomes of writes that only the old primary has, when it comes back.
enum class OldTail : std::uint8_t { discard, keep };

/// How a dead primary is found out and replaced.
struct FailoverConfig {
    sim::Duration interval = sim::Duration::seconds(1);
    sim::Duration timeout = sim::Duration::seconds(10);
    Promotion promotion = Promotion::most_advanced;
    std::int64_t designated = 0;
    bool fencing = true;
    sim::Duration redirect_delay;
    OldTail old_tail = OldTail::discard;
    std::optional<RegionName> detector_region = std::nullopt;
    static const Spec<FailoverConfig>& spec();
};

}  // namespace archsim::models
