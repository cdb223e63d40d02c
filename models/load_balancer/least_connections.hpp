// The policy "least_connections": the backend with the fewest requests in flight.
#pragma once

#include "models/load_balancer/least_of.hpp"

namespace archsim::models {

/// Fewest requests in flight, weights ignored. In flight counts what this balancer sent and has
/// not seen answered: in transit, queued and in service.
class LeastConnections {
public:
    static constexpr std::string_view name = "least_connections";
    static constexpr std::string_view summary = "The backend with the fewest requests in flight.";
    struct Config {
        TieBreak ties = TieBreak::random;
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{name, summary}.optional(
                "ties", &Config::ties, "Which of several equally good backends is taken.");
            return s;
        }
    };

    explicit LeastConnections(const Config& config) : least_{config.ties} {}

    /// What is compared: the backend with the least of it wins.
    [[nodiscard]] static std::uint32_t cost(const Backend& backend) { return backend.in_flight; }

    /// The cheapest usable backend. O(n).
    std::optional<std::uint32_t> pick(const Request&, const Candidates& candidates, sim::Rng& rng,
                                      Trace* trace) {
        if (trace) {
            trace->say("in flight: {}", "em andamento: {}",
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
