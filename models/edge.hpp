// An edge of the architecture as a scenario writes it: whom to call, and what the caller does when
// the answer is late or bad.
#pragma once

#include "models/distribution_codec.hpp"
#include "models/resilience/bulkhead.hpp"
#include "models/resilience/circuit_breaker.hpp"
#include "models/resilience/concurrency_limiter.hpp"
#include "models/resilience/rate_limiter.hpp"
#include "models/spec.hpp"
#include "sim/distribution.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <optional>

namespace archsim::models {

/// When and how often a failed call is tried again.
struct RetryConfig {
    std::int64_t attempts = 3;  ///< All tries together, the first one included.
    sim::Duration backoff;
    double multiplier = 2.0;
    sim::Duration max_backoff = sim::Duration::minutes(1);
    bool jitter = false;
    std::optional<sim::Probability> budget = std::nullopt;
    bool rejected = true;  ///< Whether a rejection is worth another try.
    static const Spec<RetryConfig>& spec();
};

/// A second try that starts while the first is still out.
struct HedgeConfig {
    std::optional<sim::Duration> after_time = std::nullopt;
    std::optional<double> after_quantile = std::nullopt;  ///< Of this edge's latency so far.
    std::int64_t at_most = 1;                             ///< Additional tries.
    std::optional<sim::Probability> budget = std::nullopt;
    static const Spec<HedgeConfig>& spec();
};

/// Who answers in the end when a call has failed: another node, or without one a static answer.
struct FallbackConfig {
    std::optional<Reference> to = std::nullopt;
    std::optional<sim::Duration> timeout = std::nullopt;  ///< Of the call to that node.
    sim::Bytes size;                                      ///< Of the static answer.
    static const Spec<FallbackConfig>& spec();
};

/// What an edge may say of the way between two nodes.
struct LinkConfig {
    std::optional<sim::Distribution> delay = std::nullopt;   ///< One way, replaces the network's.
    std::optional<sim::Bandwidth> bandwidth = std::nullopt;  ///< Of each message; likewise.
    sim::Probability loss;                                   ///< Each way.
};

/// One outgoing edge.
struct EdgeConfig : LinkConfig {
    Reference to;
    std::optional<sim::Duration> timeout = std::nullopt;
    std::optional<RetryConfig> retry = std::nullopt;
    std::optional<HedgeConfig> hedge = std::nullopt;
    std::optional<sim::Duration> deadline = std::nullopt;  ///< For a call with all its tries.
    std::optional<BreakerConfig> circuit_breaker = std::nullopt;
    std::optional<RateLimitConfig> rate_limit = std::nullopt;
    std::optional<ConcurrencyLimitConfig> concurrency_limit = std::nullopt;
    std::optional<BulkheadConfig> bulkhead = std::nullopt;
    std::optional<FallbackConfig> fallback = std::nullopt;
    static const Spec<EdgeConfig>& spec();

    /// Whether a call may end without having been sent.
    [[nodiscard]] bool holds_back() const {
        return circuit_breaker || rate_limit || concurrency_limit || bulkhead;
    }
    /// Whether a call is more than one message out and one back.
    [[nodiscard]] bool is_plain() const {
        return !timeout && !retry && !hedge && !deadline && !holds_back() && !fallback;
    }
    /// Whether nothing but the callee was written.
    [[nodiscard]] bool is_bare() const {
        return is_plain() && !delay && !bandwidth && loss.value() == 0.0;
    }
};

}  // namespace archsim::models
