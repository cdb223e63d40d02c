// The policy "power_of_choices": look at a few random backends and take the least busy of them.
#pragma once

#include "models/load_balancer/trace.hpp"
#include "models/load_balancer/weighted_draw.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace archsim::models {

/// Draws d backends in proportion to the weights and takes the one with the least in_flight /
/// weight; the first drawn wins a tie. Two choices already make the longest queue grow like
/// log log n. Draws are distinct by default (nginx `random two least_conn`); with replacement one
/// backend may be drawn twice (Envoy), which costs about 9 % in mean response time at n = 4.
/// Source: Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 1996.
class PowerOfChoices {
public:
    static constexpr std::string_view name = "power_of_choices";
    static constexpr std::string_view summary = "The least busy of a few backends drawn at random.";
    struct Config {
        std::int64_t choices = 2;
        bool replacement = false;
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{name, summary}
                                      .optional("choices", &Config::choices, "Backends looked at.")
                                      .at_least(1)
                                      .at_most(64)
                                      .optional("replacement", &Config::replacement,
                                                "Whether one backend may be drawn twice.");
            return s;
        }
    };

    explicit PowerOfChoices(const Config& config) : config_{config} {}

    /// O(choices^2) with equal weights, O(choices * n) otherwise.
    std::optional<std::uint32_t> pick(const Request&, const Candidates& candidates, sim::Rng& rng,
                                      Trace* trace) {
        if (candidates.usable.empty()) return std::nullopt;
        draw_.refresh(candidates);
        drawn_.clear();
        for (std::size_t k = 0; k < looks(candidates); ++k) {
            drawn_.push_back(config_.replacement ? draw_.position(rng)
                                                 : another_position(candidates, rng));
        }
        if (trace) explain(candidates, *trace);
        return candidates.usable[least_drawn(candidates, drawn_)];
    }

    /// Exact, by going through all n^choices ordered draws: for small examples only.
    [[nodiscard]] std::vector<double> chances(const Request&, const Candidates& candidates) {
        std::vector<double> chance(candidates.all.size(), 0.0);
        if (candidates.usable.empty()) return chance;
        std::vector<std::size_t> drawn;
        add_chances(candidates, drawn, 1.0, chance);
        return chance;
    }

private:
    using Positions = std::vector<std::size_t>;  ///< Into candidates.usable, in order of drawing.

    [[nodiscard]] std::size_t looks(const Candidates& candidates) const {
        const auto wanted = static_cast<std::size_t>(std::max<std::int64_t>(1, config_.choices));
        return config_.replacement ? wanted : std::min(wanted, candidates.usable.size());
    }

    [[nodiscard]] static const Backend& at(const Candidates& candidates, std::size_t position) {
        return candidates.all[candidates.usable[position]];
    }

    [[nodiscard]] static bool contains(const Positions& drawn, std::size_t position) {
        return std::find(drawn.begin(), drawn.end(), position) != drawn.end();
    }

    [[nodiscard]] static std::size_t least_drawn(const Candidates& candidates,
                                                 const Positions& drawn) {
        const auto cost = [&](std::size_t p) {
            return at(candidates, p).in_flight / at(candidates, p).weight;
        };
        // min_element gives the first of equals, which is the first drawn.
        return *std::min_element(drawn.begin(), drawn.end(),
                                 [&](std::size_t a, std::size_t b) { return cost(a) < cost(b); });
    }

    /// A draw among those not drawn yet, with exactly one random number.
    [[nodiscard]] std::size_t another_position(const Candidates& candidates, sim::Rng& rng) const {
        const std::size_t count = candidates.usable.size();
        if (draw_.equal()) {
            std::size_t position = rng.below(count - drawn_.size());
            for (std::size_t p = 0; p <= position; ++p) position += contains(drawn_, p) ? 1 : 0;
            return position;
        }
        double left = draw_.total();
        for (const std::size_t p : drawn_) left -= at(candidates, p).weight;
        double wanted = rng.uniform() * left;
        std::size_t found = 0;
        for (std::size_t p = 0; p < count; ++p) {
            if (contains(drawn_, p)) continue;
            found = p;
            if (wanted < at(candidates, p).weight) break;
            wanted -= at(candidates, p).weight;
        }
        return found;
    }

    void add_chances(const Candidates& candidates, Positions& drawn, double probability,
                     std::vector<double>& chance) const {
        if (drawn.size() == looks(candidates)) {
            chance[candidates.usable[least_drawn(candidates, drawn)]] += probability;
            return;
        }
        double total = 0.0;
        for (std::size_t p = 0; p < candidates.usable.size(); ++p) {
            if (config_.replacement || !contains(drawn, p)) total += at(candidates, p).weight;
        }
        for (std::size_t p = 0; p < candidates.usable.size(); ++p) {
            if (!config_.replacement && contains(drawn, p)) continue;
            const double next = probability * at(candidates, p).weight / total;
            drawn.push_back(p);
            add_chances(candidates, drawn, next, chance);
            drawn.pop_back();
        }
    }

    void explain(const Candidates& candidates, Trace& trace) const {
        std::vector<std::uint32_t> backends;
        for (const std::size_t p : drawn_) backends.push_back(candidates.usable[p]);
        trace.say("drawn, with requests in flight: {}; the least wins, the first drawn on a tie",
                  "sorteados, com requisições em andamento: {}; vence o menor; no empate, o "
                  "primeiro sorteado",
                  trace.values(candidates, backends,
                               [&](std::uint32_t i) { return candidates.all[i].in_flight; }));
    }

    Config config_;
    WeightedDraw draw_;
    Positions drawn_;  ///< Scratch, kept for its capacity.
};

}  // namespace archsim::models
