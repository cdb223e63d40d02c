// The backend with the least of something, and the three ways to choose among equals.
// "Least connections" differs between real balancers only in how it breaks ties.
#pragma once

#include "models/load_balancer/smooth_rotation.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace archsim::models {

/// How to choose among backends that cost the same.
enum class TieBreak : std::uint8_t {
    random,                ///< Each with equal probability (HAProxy 3.5, theory).
    first,                 ///< The lowest index.
    weighted_round_robin,  ///< Smooth credits among the tied ones only (nginx).
};

template <>
struct EnumNames<TieBreak> {
    static constexpr std::array<EnumName<TieBreak>, 3> names{{
        {TieBreak::random, "random", "Each with equal probability."},
        {TieBreak::first, "first", "The one named first."},
        {TieBreak::weighted_round_robin, "weighted_round_robin",
         "In turn, in proportion to the weights."},
    }};
};

/// Finds the least cost among the usable backends and breaks ties; keeps the state for that.
class LeastOf {
public:
    explicit LeastOf(TieBreak ties) : ties_{ties} {}

    /// The choice; nothing when no backend is usable. `cost` gives a totally ordered value of a
    /// backend. Draws one number when a tie is broken at random. O(backends).
    template <class Cost>
    std::optional<std::uint32_t> pick(const Candidates& candidates, Cost cost, sim::Rng& rng,
                                      Trace* trace) {
        if (candidates.usable.empty()) return std::nullopt;
        gather(candidates, cost);
        if (trace) {
            trace->say("least: {}", "menor valor: {}", trace->names(candidates, tied_));
        }
        if (tied_.size() == 1 || ties_ == TieBreak::first) return tied_.front();
        if (ties_ == TieBreak::weighted_round_robin) {
            return rotation_.turn(candidates, tied_, trace);
        }
        return tied_[rng.below(tied_.size())];
    }

    /// The probability of each backend in `all`; empty unless ties are broken at random.
    template <class Cost>
    [[nodiscard]] std::vector<double> chances(const Candidates& candidates, Cost cost) {
        if (ties_ != TieBreak::random || candidates.usable.empty()) return {};
        gather(candidates, cost);
        std::vector<double> chance(candidates.all.size(), 0.0);
        for (const std::uint32_t i : tied_) chance[i] = 1.0 / static_cast<double>(tied_.size());
        return chance;
    }

private:
    template <class Cost>
    void gather(const Candidates& candidates, Cost cost) {
        tied_.clear();
        auto least = cost(candidates.all[candidates.usable.front()]);
        for (const std::uint32_t i : candidates.usable) {
            const auto here = cost(candidates.all[i]);
            if (here > least) continue;
            if (here < least) tied_.clear();
            least = here;
            tied_.push_back(i);
        }
    }

    TieBreak ties_;
    SmoothRotation rotation_;
    std::vector<std::uint32_t> tied_;  ///< Scratch, kept for its capacity.
};

}  // namespace archsim::models
