// The policy "weighted_least_connections": requests in flight per unit of weight.
#pragma once

#include "models/load_balancer/least_of.hpp"

namespace archsim::models {

/// Least in_flight / weight; equal ratios are exact ties, since division rounds correctly. With the
/// default ties this is the least_conn of nginx (ngx_http_upstream_least_conn_module.c).
class WeightedLeastConnections {
public:
    static constexpr std::string_view name = "weighted_least_connections";
    static constexpr std::string_view summary =
        "The backend with the fewest requests in flight per unit of weight.";
    struct Config {
        TieBreak ties = TieBreak::weighted_round_robin;
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{name, summary}.optional(
                "ties", &Config::ties, "Which of several equally good backends is taken.");
            return s;
        }
    };

    explicit WeightedLeastConnections(const Config& config) : least_{config.ties} {}

    /// What is compared: the backend with the least of it wins.
    [[nodiscard]] static double cost(const Backend& backend) {
        return backend.in_flight / backend.weight;
    }

    /// The cheapest usable backend. O(n).
    std::optional<std::uint32_t> pick(const Request&, const Candidates& candidates, sim::Rng& rng,
                                      Trace* trace) {
        if (trace) {
            trace->say("in flight per weight: {}", "em andamento por peso: {}",
                       trace->values(candidates, candidates.usable,
                                     [&](std::uint32_t i) { return cost(candidates.all[i]); }));
        }
        return least_.pick(candidates, cost, rng, trace);
    }

    /// The probability of each backend, when ties are broken at random. O(n).
    [[nodiscard]] std::vector<double> chances(const Request&, const Candidates& candidates) {
        return least_.chances(candidates, cost);
    }

private:
    LeastOf least_;
};

}  // namespace archsim::models
