// The policy "round_robin": one backend after the other, weights ignored.
#pragma once

#include "models/load_balancer/trace.hpp"

#include <algorithm>

namespace archsim::models {

/// Goes through the backends in the order in which they were added. The position is the backend
/// that was picked last, so it survives health and membership changes, as in nginx with a live
/// change and in HAProxy static-rr; a reload that forgets it is a new policy.
class RoundRobin {
public:
    static constexpr std::string_view name = "round_robin";
    static constexpr std::string_view summary = "One backend after the other, weights ignored.";
    static constexpr Spread spread = Spread::in_turn;
    struct Config {
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{name, summary};
            return s;
        }
    };

    explicit RoundRobin(const Config&) {}

    /// The next in the rotation. O(log n).
    std::optional<std::uint32_t> pick(const Request&, const Candidates& candidates, sim::Rng&,
                                      Trace* trace) {
        if (candidates.usable.empty()) return std::nullopt;
        return next(candidates, trace);
    }

    /// The first usable backend after the last one picked. O(log n).
    /// Requires: at least one usable backend.
    std::uint32_t next(const Candidates& candidates, Trace* trace) {
        const auto after =
            last_ ? std::upper_bound(candidates.usable.begin(), candidates.usable.end(), *last_)
                  : candidates.usable.begin();
        const std::uint32_t chosen =
            after == candidates.usable.end() ? candidates.usable.front() : *after;
        if (trace && last_) {
            trace->say("the rotation stands after {}; usable: {}",
                       "a rotação está depois de {}; disponíveis: {}",
                       trace->label(candidates, *last_),
                       trace->names(candidates, candidates.usable));
        } else if (trace) {
            trace->say("the rotation starts; usable: {}", "a rotação começa; disponíveis: {}",
                       trace->names(candidates, candidates.usable));
        }
        last_ = chosen;
        return chosen;
    }

private:
    std::optional<std::uint32_t> last_;
};

}  // namespace archsim::models
