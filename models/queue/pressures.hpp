// The one list of policies of back pressure. Adding one: write its header, add it to this list.
#pragma once

#include "models/queue/block.hpp"
#include "models/queue/credit.hpp"
#include "models/queue/drop_newest.hpp"
#include "models/queue/drop_oldest.hpp"
#include "models/queue/policy_list.hpp"
#include "models/queue/rate.hpp"
#include "models/queue/reject.hpp"
#include "models/queue/spill.hpp"

namespace archsim::models {

static_assert(PressurePolicy<Block> && PressurePolicy<Credit> && PressurePolicy<Reject> &&
              PressurePolicy<DropNewest> && PressurePolicy<DropOldest> &&
              PressurePolicy<RateAdaption> && PressurePolicy<Spill>);

/// All policies, in the order in which they are documented; the first is the default.
using PressurePolicies =
    QueuePolicies<Block, Credit, Reject, DropNewest, DropOldest, RateAdaption, Spill>;

/// The parameters of any policy.
using PressureConfig = PressurePolicies::Config;

/// Any policy that a scenario can name.
class AnyPressurePolicy {
public:
    explicit AnyPressurePolicy(const PressureConfig& config)
        : policy_{PressurePolicies::make(config)} {}

    [[nodiscard]] Verdict verdict(const Pressure& pressure) {
        return std::visit([&](auto& p) { return p.verdict(pressure); }, policy_);
    }
    void accepted(std::uint16_t producer) {
        std::visit(
            [&](auto& p) {
                if constexpr (requires { p.accepted(producer); }) p.accepted(producer);
            },
            policy_);
    }
    void settled(std::uint16_t producer) {
        std::visit(
            [&](auto& p) {
                if constexpr (requires { p.settled(producer); }) p.settled(producer);
            },
            policy_);
    }
    [[nodiscard]] std::uint16_t line_of(std::uint16_t producer) const {
        return std::visit(
            [&](const auto& p) -> std::uint16_t {
                if constexpr (requires { p.line_of(producer); }) {
                    return p.line_of(producer);
                } else {
                    return 0;
                }
            },
            policy_);
    }
    [[nodiscard]] sim::Duration pace(sim::Instant now, std::uint64_t depth) {
        return std::visit(
            [&](auto& p) -> sim::Duration {
                if constexpr (requires { p.pace(now, depth); }) {
                    return p.pace(now, depth);
                } else {
                    return {};
                }
            },
            policy_);
    }

private:
    PressurePolicies::Any policy_;
};

}  // namespace archsim::models
