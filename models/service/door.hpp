// Who may come in at an instance of a service: a rate limit, a concurrency limit that learns, and
// shedding by priority while the queue is long or slow.
#pragma once

#include "models/resilience/concurrency_limiter.hpp"
#include "models/resilience/rate_limiter.hpp"
#include "models/spec.hpp"
#include "sim/units.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace archsim::models {

/// Turns away requests of a low priority while there is too much to do.
struct ShedLevel {
    std::int64_t below = 256;                             ///< Requests of a lower priority go.
    std::optional<std::int64_t> queue = std::nullopt;     ///< While so many wait, or more.
    std::optional<sim::Duration> waiting = std::nullopt;  ///< While the wait is so long.
    static const Spec<ShedLevel>& spec();
    /// Whether it turns away a request, with so many in the queue and the last wait.
    [[nodiscard]] bool turns_away(std::uint8_t priority, std::uint64_t waiting_now,
                                  sim::Duration last_wait) const;
};

/// What is asked before a request may come in.
struct AdmissionConfig {
    std::optional<RateLimitConfig> rate_limit = std::nullopt;
    std::optional<ConcurrencyLimitConfig> concurrency_limit = std::nullopt;
    std::vector<ShedLevel> shed;
    static const Spec<AdmissionConfig>& spec();
};

/// Why a request was turned away at the door.
enum class Refused : std::uint8_t { shed, rate_limit, concurrency };
inline constexpr int refused_count = 3;
[[nodiscard]] constexpr std::string_view name_of(Refused reason) {
    constexpr std::string_view names[refused_count] = {"shed", "rate_limit", "concurrency"};
    return names[static_cast<int>(reason)];
}

/// The door of one instance. Knows no events; time and queue are told to it.
class ServiceDoor {
public:
    /// `config` outlives the door.
    explicit ServiceDoor(const AdmissionConfig& config);

    /// A request that was let in after `wait`, or the reason why it was not.
    struct Entry {
        std::optional<Refused> refused;
        sim::Duration wait;
    };
    /// Asks for a request; one that was let in has to leave(). O(levels).
    [[nodiscard]] Entry ask(sim::Instant now, std::uint8_t priority, std::uint64_t waiting_now,
                            sim::Duration last_wait);
    /// A request has gone, answered well or not after `latency`, or lost (nothing).
    void leave(sim::Duration latency, std::optional<bool> good);

private:
    const AdmissionConfig& config_;
    std::optional<RateLimiter> rate_;
    std::optional<ConcurrencyLimiter> concurrency_;
};

}  // namespace archsim::models
