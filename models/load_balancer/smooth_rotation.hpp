// Smooth weighted rotation: the credit scheme of nginx that spreads a heavy server's turns evenly.
// Shared by weighted_round_robin and by the policies that break ties with it.
#pragma once

#include "models/load_balancer/trace.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace archsim::models {

/// One credit per backend. Each turn, everyone who takes part earns its weight; the largest credit
/// wins (the first of equals) and pays the sum of the weights. With weights 5, 1, 1 the turns are
/// 1 1 2 1 3 1 1. Those who do not take part keep their credit, and new backends start at 0.
/// Source: nginx ngx_http_upstream_round_robin.c.
class SmoothRotation {
public:
    /// The next turn among `taking_part`, indices into candidates.all. Linear in their number.
    /// Requires: taking_part is not empty.
    std::uint32_t turn(const Candidates& candidates, std::span<const std::uint32_t> taking_part,
                       Trace* trace) {
        if (credit_.size() < candidates.all.size()) credit_.resize(candidates.all.size(), 0.0);
        double total = 0.0;
        std::uint32_t best = taking_part.front();
        for (const std::uint32_t i : taking_part) {
            credit_[i] += candidates.all[i].weight;
            total += candidates.all[i].weight;
            if (credit_[i] > credit_[best]) best = i;
        }
        if (trace) {
            trace->say(
                "credits after earning the weights: {}; the largest (first of equals) pays {}",
                "créditos depois de somar os pesos: {}; o maior (o primeiro, se houver "
                "empate) paga {}",
                trace->values(candidates, taking_part,
                              [this](std::uint32_t i) { return credit_[i]; }),
                total);
        }
        credit_[best] -= total;
        return best;
    }

private:
    std::vector<double> credit_;
};

}  // namespace archsim::models
