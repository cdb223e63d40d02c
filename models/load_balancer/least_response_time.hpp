// The policy "least_response_time": the backend expected to answer first.
#pragma once

#include "models/load_balancer/least_of.hpp"

#include <utility>

namespace archsim::models {

/// Least (in_flight + 1) * mean response time / weight, the score of least_time in nginx (open
/// source since 1.31.0, ngx_http_upstream_least_time_module). Backends without an answer so far
/// come before all others, those with fewer requests in flight per weight first.
class LeastResponseTime {
public:
    static constexpr std::string_view name = "least_response_time";
    static constexpr std::string_view summary =
        "The backend with the least mean response time times the requests it would then hold.";
    struct Config {
        TieBreak ties = TieBreak::random;
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{name, summary}.optional(
                "ties", &Config::ties, "Which of several equally good backends is taken.");
            return s;
        }
    };

    explicit LeastResponseTime(const Config& config) : least_{config.ties} {}

    /// What is compared: the backend with the least of it wins.
    [[nodiscard]] static std::pair<bool, double> cost(const Backend& backend) {
        const bool known = backend.response_time > sim::Duration{};
        const double seconds = known ? backend.response_time.in_seconds() : 1.0;
        return {known, (backend.in_flight + 1.0) * seconds / backend.weight};
    }

    /// The cheapest usable backend. O(n).
    std::optional<std::uint32_t> pick(const Request&, const Candidates& candidates, sim::Rng& rng,
                                      Trace* trace) {
        if (trace) {
            trace->say("mean response time in ms x (in flight + 1) / weight: {}",
                       "tempo médio de resposta em ms x (em andamento + 1) / peso: {}",
                       trace->values(candidates, candidates.usable, [&](std::uint32_t i) {
                           const Backend& b = candidates.all[i];
                           return b.response_time.in_seconds() * 1e3 * (b.in_flight + 1.0) /
                                  b.weight;
                       }));
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
