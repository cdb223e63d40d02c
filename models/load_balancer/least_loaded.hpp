// The policy "least_loaded": the backend that reports the lowest load.
#pragma once

#include "models/load_balancer/least_of.hpp"

namespace archsim::models {

/// Lowest load as last reported by the backends themselves (requests present per server). Unlike
/// the requests in flight it includes the work of other balancers, but it is as old as the report.
class LeastLoaded {
public:
    static constexpr std::string_view name = "least_loaded";
    static constexpr std::string_view summary = "The backend that last reported the lowest load.";
    static constexpr bool uses_load = true;
    struct Config {
        TieBreak ties = TieBreak::random;
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{name, summary}.optional(
                "ties", &Config::ties, "Which of several equally good backends is taken.");
            return s;
        }
    };

    explicit LeastLoaded(const Config& config) : least_{config.ties} {}

    /// What is compared: the backend with the least of it wins.
    [[nodiscard]] static double cost(const Backend& backend) { return backend.load; }

    /// The cheapest usable backend. O(n).
    std::optional<std::uint32_t> pick(const Request&, const Candidates& candidates, sim::Rng& rng,
                                      Trace* trace) {
        if (trace) {
            trace->say("reported load: {}", "carga informada: {}",
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
