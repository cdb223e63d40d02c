// An edge of the architecture as a scenario writes it: whom to call, and what the caller does when
// the answer is late or bad.
#pragma once

#include "models/distribution_codec.hpp"
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
    static const Spec<HedgeConfig>& spec();
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
    static const Spec<EdgeConfig>& spec();

    /// Whether a call over this edge needs more than one message out and one back.
    [[nodiscard]] bool is_plain() const { return !timeout && !retry && !hedge; }
    /// Whether nothing but the callee was written.
    [[nodiscard]] bool is_bare() const {
        return is_plain() && !delay && !bandwidth && loss.value() == 0.0;
    }
};

}  // namespace archsim::models
