// What stands between a caller and its edge: circuit breaker, rate limiter, concurrency limit and
// bulkhead, asked in this order by every try before it is sent.
#pragma once

#include "models/edge.hpp"
#include "models/request.hpp"
#include "models/resilience/bulkhead.hpp"
#include "models/resilience/circuit_breaker.hpp"
#include "models/resilience/concurrency_limiter.hpp"
#include "models/resilience/policy_metrics.hpp"
#include "models/resilience/rate_limiter.hpp"

#include <cstdint>
#include <optional>

namespace archsim::models {

/// The policies of one port that can hold a try back. Knows no events and no requests.
class EdgeGuard {
public:
    /// What a try holds of the policies, to be given back by leave().
    struct Pass {
        CircuitBreaker::Spell spell = 0;
        bool breaker = false;      ///< The breaker wants to hear how it ends.
        bool concurrency = false;  ///< It holds a place of the adaptive limit.
        bool bulkhead = false;     ///< It holds a place of the bulkhead.
    };
    /// A try that may go on, after a while.
    struct Admitted {
        Pass pass;
        sim::Duration wait;
    };

    /// Whether an edge has any of these policies.
    [[nodiscard]] static bool is_needed(const EdgeConfig& config);
    /// Both arguments outlive the guard.
    EdgeGuard(const EdgeConfig& config, PolicyMetrics& metrics);

    /// Breaker and rate limiter: nothing if the try is turned away, which it is also if the limiter
    /// would let it wait longer than `longest_wait`.
    [[nodiscard]] std::optional<Admitted> admit(
        sim::Instant now, sim::Duration longest_wait = sim::Duration::longest());
    /// Concurrency limit and bulkhead, for a try that was admitted. With Entry::wait the caller
    /// keeps it in line until leave() says that the first has a place.
    [[nodiscard]] Bulkhead::Entry enter(Pass& pass);
    /// As admit() and enter(), for a try that cannot wait: a hedge.
    [[nodiscard]] std::optional<Pass> admit_at_once(sim::Instant now);
    /// The try has ended with an outcome after `latency`, or without one. Whatever it held is
    /// free. True if the first in line has its place in the bulkhead.
    [[nodiscard]] bool leave(Pass& pass, sim::Instant now, std::optional<Outcome> outcome,
                             sim::Duration latency);
    /// One that waits in line goes away.
    void leave_line() { bulkhead_->leave_line(); }

private:
    const EdgeConfig& config_;
    PolicyMetrics& metrics_;
    std::optional<CircuitBreaker> breaker_;
    std::optional<RateLimiter> limiter_;
    std::optional<ConcurrencyLimiter> concurrency_;
    std::optional<Bulkhead> bulkhead_;
};

}  // namespace archsim::models
