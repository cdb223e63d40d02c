// The policy "weighted_round_robin": smooth rotation in proportion to the weights, as in nginx.
#pragma once

#include "models/load_balancer/smooth_rotation.hpp"

namespace archsim::models {

/// Smooth weighted round robin: see SmoothRotation.
class WeightedRoundRobin {
public:
    static constexpr std::string_view name = "weighted_round_robin";
    static constexpr std::string_view summary =
        "Turns in proportion to the weights, spread evenly (the smooth scheme of nginx).";
    struct Config {
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{name, summary};
            return s;
        }
    };

    explicit WeightedRoundRobin(const Config&) {}

    /// The next turn. O(n).
    std::optional<std::uint32_t> pick(const Request&, const Candidates& candidates, sim::Rng&,
                                      Trace* trace) {
        if (candidates.usable.empty()) return std::nullopt;
        return rotation_.turn(candidates, candidates.usable, trace);
    }

private:
    SmoothRotation rotation_;
};

}  // namespace archsim::models
