// The one list of adaptive concurrency limits. Adding one: write its header, add it to this list.
#pragma once

#include "models/choice.hpp"
#include "models/resilience/aimd_limit.hpp"
#include "models/resilience/gradient_limit.hpp"
#include "sim/check.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <optional>
#include <variant>

namespace archsim::models {

/// Which law moves the limit, and its parameters.
using ConcurrencyLimitConfig = OneOf<AimdLimit::Config, GradientLimit::Config>;

/// Lets as many requests be in flight as a limit says that learns from the answers.
class ConcurrencyLimiter {
public:
    explicit ConcurrencyLimiter(const ConcurrencyLimitConfig& config) : law_{make(config)} {}

    /// Takes a place, or returns false. O(1).
    [[nodiscard]] bool enter() {
        if (static_cast<double>(in_flight_) + 1.0 > limit()) return false;
        ++in_flight_;
        return true;
    }
    /// Gives the place back. An answer after `latency` moves the limit; without one (`good` is
    /// nothing) it stays. Requires: enter() gave the place.
    void leave(sim::Duration latency, std::optional<bool> good) {
        ARCHSIM_CHECK(in_flight_ > 0, "a place was given back that nobody held");
        if (good) {
            std::visit([&](auto& law) { law.answered(latency, *good, in_flight_); }, law_);
        }
        --in_flight_;
    }

    [[nodiscard]] double limit() const {
        return std::visit([](const auto& law) { return law.limit(); }, law_);
    }
    /// The limit in whole requests.
    [[nodiscard]] std::int64_t whole_limit() const { return static_cast<std::int64_t>(limit()); }
    [[nodiscard]] std::int64_t in_flight() const { return in_flight_; }

private:
    using Law = std::variant<AimdLimit, GradientLimit>;
    struct Maker {
        Law operator()(const AimdLimit::Config& c) const { return AimdLimit{c}; }
        Law operator()(const GradientLimit::Config& c) const { return GradientLimit{c}; }
    };
    static Law make(const ConcurrencyLimitConfig& config) { return std::visit(Maker{}, config); }

    Law law_;
    std::int64_t in_flight_ = 0;
};

}  // namespace archsim::models
