// The policy "hash": a hash modulo the servers, by the formulas of nginx and of HAProxy.
#pragma once

#include "models/load_balancer/identity.hpp"
#include "models/load_balancer/round_robin.hpp"
#include "models/ring/hash.hpp"
#include "models/ring/modulo.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace archsim::models {

/// Which real balancer's arithmetic is used.
enum class HashFormula : std::uint8_t {
    nginx,    ///< `hash KEY`: unusable servers keep their stretch, their keys are hashed again.
    haproxy,  ///< `balance hdr(...)`, map-based: the map holds usable servers only.
};

template <>
struct EnumNames<HashFormula> {
    static constexpr std::array<EnumName<HashFormula>, 2> names{{
        {HashFormula::nginx, "nginx",
         "A server that is down keeps its keys, which are hashed again."},
        {HashFormula::haproxy, "haproxy", "The map holds usable servers only."},
    }};
};

/// The plain alternative to consistent hashing: almost every key moves when a server joins.
/// nginx: the sum over attempts k of (crc32(k + key) >> 16) & 0x7fff, with k left out at first,
/// modulo the sum of all weights; after 20 retries round robin decides
/// (ngx_http_upstream_hash_module.c). HAProxy: sdbm(key) modulo the length of a map in which each
/// usable server appears as often as its weight (lb_map.c; weights are rounded to whole numbers).
class HashChoice {
public:
    static constexpr std::string_view name = "hash";
    static constexpr std::string_view summary =
        "A hash modulo the servers; almost everything moves when one joins.";
    struct Config {
        HashBy by = HashBy::session;
        HashFormula formula = HashFormula::nginx;
        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{name, summary}
                    .optional("by", &Config::by,
                              "What decides: all requests with the same one go together.")
                    .optional("formula", &Config::formula, "Whose arithmetic is used.");
            return s;
        }
    };

    explicit HashChoice(const Config& config) : config_{config}, fallback_{RoundRobin::Config{}} {}

    /// nginx: O(n) per attempt. haproxy: O(1), O(n * sum of weights) after a change.
    std::optional<std::uint32_t> pick(const Request& request, const Candidates& candidates,
                                      sim::Rng&, Trace* trace) {
        return pick_identity(IdentityText{request, config_.by}.view(), candidates, trace);
    }

    /// The choice for a text.
    std::optional<std::uint32_t> pick_identity(std::string_view text, const Candidates& candidates,
                                               Trace* trace) {
        if (candidates.usable.empty()) return std::nullopt;
        if (version_ != candidates.version) {
            version_ = candidates.version;
            if (config_.formula == HashFormula::nginx) {
                weights_.clear();
                for (const Backend& b : candidates.all) weights_.push_back(b.weight);
            } else {
                map_ = static_rotation(candidates);
            }
        }
        return config_.formula == HashFormula::nginx ? by_nginx(text, candidates, trace)
                                                     : by_haproxy(text, candidates, trace);
    }

    /// HAProxy's map: one period of its static-rr rotation over the usable backends.
    [[nodiscard]] static std::vector<std::uint32_t> static_rotation(const Candidates& candidates) {
        struct Score {
            std::uint32_t index;
            std::int64_t weight;
            std::int64_t score;
        };
        std::vector<Score> scores;
        std::int64_t total = 0;
        for (const std::uint32_t i : candidates.usable) {
            const double whole = std::max(1.0, std::round(candidates.all[i].weight));
            scores.push_back({i, static_cast<std::int64_t>(whole), 0});
            total += scores.back().weight;
        }
        std::vector<std::uint32_t> map;
        for (std::int64_t turn = 0; turn < total; ++turn) {
            Score* best = nullptr;
            std::int64_t most = 0;
            for (Score& s : scores) {
                s.score += s.weight;
                const std::int64_t level = (s.score + total) / total;
                if (best != nullptr && level <= most) continue;
                best = &s;
                most = level;
            }
            map.push_back(best->index);
            best->score -= total;
        }
        return map;
    }

private:
    static constexpr int most_retries = 20;

    std::optional<std::uint32_t> by_nginx(std::string_view text, const Candidates& candidates,
                                          Trace* trace) {
        std::uint64_t hash = 0;
        for (int attempt = 0; attempt <= most_retries; ++attempt) {
            Crc32 crc;
            if (attempt > 0) crc.add(fmt::format("{}", attempt));
            hash += (crc.add(text).value() >> 16) & 0x7fffU;
            const auto index = static_cast<std::uint32_t>(weighted_modulo_hash(hash, weights_));
            if (trace) {
                trace->say("attempt {}: hash of \"{}\" = {}, modulo the weights: {}",
                           "tentativa {}: hash de \"{}\" = {}, módulo os pesos: {}", attempt + 1,
                           text, hash, trace->label(candidates, index));
            }
            if (candidates.all[index].usable) return index;
        }
        // The formula gives up here; round robin does not look at the request or draw.
        return fallback_.next(candidates, trace);
    }

    std::optional<std::uint32_t> by_haproxy(std::string_view text, const Candidates& candidates,
                                            Trace* trace) const {
        const std::uint32_t slot = modulo_hash(sdbm(text), static_cast<std::uint32_t>(map_.size()));
        if (trace) {
            trace->say("hash of \"{}\" = {}, modulo {} = {}: {}",
                       "hash de \"{}\" = {}, módulo {} = {}: {}", text, sdbm(text), map_.size(),
                       slot, trace->label(candidates, map_[slot]));
        }
        return map_[slot];
    }

    Config config_;
    RoundRobin fallback_;
    std::optional<std::uint64_t> version_;
    std::vector<double> weights_;     ///< nginx: of all backends.
    std::vector<std::uint32_t> map_;  ///< haproxy: usable backends.
};

}  // namespace archsim::models
