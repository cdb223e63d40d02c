// The policy "random": each request goes to a backend drawn in proportion to the weights.
#pragma once

#include "models/load_balancer/trace.hpp"
#include "models/load_balancer/weighted_draw.hpp"

namespace archsim::models {

/// An independent draw for every request.
class RandomChoice {
public:
    static constexpr std::string_view name = "random";
    static constexpr std::string_view summary =
        "An independent draw for every request, in proportion to the weights.";
    static constexpr Spread spread = Spread::at_random;
    struct Config {
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{name, summary};
            return s;
        }
    };

    explicit RandomChoice(const Config&) {}

    /// One draw. O(log n), O(1) when weights are equal.
    std::optional<std::uint32_t> pick(const Request&, const Candidates& candidates, sim::Rng& rng,
                                      Trace* trace) {
        if (candidates.usable.empty()) return std::nullopt;
        draw_.refresh(candidates);
        const std::uint32_t drawn = candidates.usable[draw_.position(rng)];
        if (trace) {
            trace->say("draw in proportion to the weights {}: {}",
                       "sorteio proporcional aos pesos {}: {}",
                       trace->values(candidates, candidates.usable,
                                     [&](std::uint32_t i) { return candidates.all[i].weight; }),
                       trace->label(candidates, drawn));
        }
        return drawn;
    }

    /// The weight of each usable backend over the sum of the weights. O(n).
    [[nodiscard]] std::vector<double> chances(const Request&, const Candidates& candidates) {
        std::vector<double> chance(candidates.all.size(), 0.0);
        if (candidates.usable.empty()) return chance;
        draw_.refresh(candidates);
        for (const std::uint32_t i : candidates.usable) {
            chance[i] = candidates.all[i].weight / draw_.total();
        }
        return chance;
    }

private:
    WeightedDraw draw_;
};

}  // namespace archsim::models
