// How long after a partition heals until the replicas agree again.
#pragma once

#include "models/history.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace archsim::models {

/// What followed one heal.
struct HealResult {
    sim::Instant healed;
    std::int64_t keys = 0;      ///< Keys that any replica had a value of at the heal.
    std::int64_t diverged = 0;  ///< Of those, with replicas that disagreed.
    std::int64_t open = 0;      ///< Of those, still not equal on all replicas at the end.
    /// Until every diverged key had been equal on all its replicas once; absent while some is open.
    std::optional<sim::Duration> convergence;
};

/// Follows the value of every key on every replica. O(replicas of the key) per change, O(1) where
/// there is but one; O(keys) per heal.
class ConvergenceTracker {
public:
    /// The version of a key at the only replica that was told of, number 0, which agrees with
    /// itself. Whoever calls keeps one for each key.
    struct Single {
        static constexpr Version none = std::numeric_limits<Version>::max();
        Version version = none;
    };

    /// A replica changed its value.
    void applied(const Application& application, std::uint32_t key_index, Single& single);
    /// A partition ended, while so many keys had a Single that was not none.
    void healed(sim::Instant at, std::int64_t singles);

    [[nodiscard]] const std::vector<HealResult>& heals() const { return heals_; }

private:
    struct KeyState {
        std::vector<std::pair<std::uint16_t, Version>> values;  // by replica
        std::uint16_t replicas = 1;
        bool is_open = false;  // diverged at the latest heal and not equal since

        [[nodiscard]] bool is_equal() const;
    };

    std::vector<KeyState> keys_;
    std::vector<HealResult> heals_;
};

}  // namespace archsim::models
