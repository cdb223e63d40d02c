// The policy "stay_until_busy": one backend serves until it is busy, then the next takes its turn.
#pragma once

#include "models/load_balancer/trace.hpp"

#include <algorithm>

namespace archsim::models {

/// Stays with a backend, whose caches are warm, until `limit` requests are in flight there, and
/// then moves on in the order in which the backends were added. With all of them busy every request
/// moves on, as in round robin.
class StayUntilBusy {
public:
    static constexpr std::string_view name = "stay_until_busy";
    static constexpr std::string_view summary = "One backend until it is busy, then the next.";
    struct Config {
        std::int64_t limit = 10;
        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{name, summary}
                    .optional("limit", &Config::limit, "Requests in flight that mean busy.")
                    .at_least(1);
            return s;
        }
    };

    explicit StayUntilBusy(const Config& config) : config_{config} {}

    /// The backend that serves at present, or the next one. O(log n).
    std::optional<std::uint32_t> pick(const Request&, const Candidates& candidates, sim::Rng&,
                                      Trace* trace) {
        if (candidates.usable.empty()) return std::nullopt;
        if (!serving_ || !can_go_on(candidates.all[*serving_])) move_on(candidates);
        if (trace) {
            trace->say("{} serves until {} requests are in flight",
                       "{} atende até haver {} requisições em andamento",
                       trace->label(candidates, *serving_), config_.limit);
        }
        return serving_;
    }

private:
    [[nodiscard]] bool can_go_on(const Backend& backend) const {
        return backend.usable && backend.in_flight < config_.limit;
    }

    void move_on(const Candidates& candidates) {
        const auto usable = candidates.usable;
        const auto next =
            serving_ ? std::upper_bound(usable.begin(), usable.end(), *serving_) : usable.begin();
        serving_ = next == usable.end() ? usable.front() : *next;
    }

    Config config_;
    std::optional<std::uint32_t> serving_;
};

}  // namespace archsim::models
