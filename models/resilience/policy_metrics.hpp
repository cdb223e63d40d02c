// What the policies of an edge measure beside the edge itself, shared by all its caller's
// instances.
#pragma once

#include "sim/metrics.hpp"
#include "sim/time_weighted.hpp"

namespace archsim::models {

/// Counted always where an edge has a policy; published are those of the policies it has.
struct PolicyMetrics {
    sim::Counter* asked = nullptr;            ///< Calls, each with all its tries.
    sim::Counter* expired = nullptr;          ///< Calls that their deadline ended.
    sim::Counter* fallbacks = nullptr;        ///< Calls answered by the fallback.
    sim::Counter* opened = nullptr;           ///< Times that a circuit breaker opened.
    sim::Counter* short_circuited = nullptr;  ///< Tries that an open breaker turned away.
    sim::Counter* limited = nullptr;          ///< Tries that the rate limiter turned away.
    sim::Counter* crowded = nullptr;          ///< Tries that found no place in flight or in line.
    sim::Timing* line_time = nullptr;         ///< In the bulkhead's line, of those that got in.
    sim::Level concurrency;                   ///< Adaptive limits of all instances, added up.
};

}  // namespace archsim::models
