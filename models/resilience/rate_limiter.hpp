// The one list of rate limiters. Adding one: write its header, add it to this list.
#pragma once

#include "models/choice.hpp"
#include "models/resilience/fixed_window.hpp"
#include "models/resilience/leaky_bucket.hpp"
#include "models/resilience/sliding_window.hpp"
#include "models/resilience/token_bucket.hpp"
#include "sim/units.hpp"

#include <optional>
#include <variant>

namespace archsim::models {

/// Which limiter, and its parameters.
using RateLimitConfig =
    OneOf<TokenBucket::Config, LeakyBucket::Config, FixedWindow::Config, SlidingWindow::Config>;

/// Any of them. Each is a state machine that only knows what time it is.
class RateLimiter {
public:
    explicit RateLimiter(const RateLimitConfig& config) : limiter_{make(config)} {}

    /// How long a request has to wait before it may pass, mostly no time; nothing if it is refused.
    /// Refused is also, without using anything up, what would have to wait longer than
    /// `longest_wait`. Requires: now does not go back from call to call. O(1).
    [[nodiscard]] std::optional<sim::Duration> ask(
        sim::Instant now, sim::Duration longest_wait = sim::Duration::longest()) {
        const auto ask = [=](auto& limiter) {
            if constexpr (requires { limiter.ask(now, longest_wait); }) {
                return limiter.ask(now, longest_wait);  // one that lets requests wait
            } else {
                return limiter.ask(now);
            }
        };
        return std::visit(ask, limiter_);
    }

private:
    using Any = std::variant<TokenBucket, LeakyBucket, FixedWindow, SlidingWindow>;
    struct Maker {
        Any operator()(const TokenBucket::Config& c) const { return TokenBucket{c}; }
        Any operator()(const LeakyBucket::Config& c) const { return LeakyBucket{c}; }
        Any operator()(const FixedWindow::Config& c) const { return FixedWindow{c}; }
        Any operator()(const SlidingWindow::Config& c) const { return SlidingWindow{c}; }
    };
    static Any make(const RateLimitConfig& config) { return std::visit(Maker{}, config); }

    Any limiter_;
};

}  // namespace archsim::models
