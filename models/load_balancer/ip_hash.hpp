// The policy "ip_hash": the client's network decides, with the formula of nginx.
#pragma once

#include "models/load_balancer/round_robin.hpp"
#include "models/ring/modulo.hpp"

#include <vector>

namespace archsim::models {

/// Hashes the first three octets of an IPv4 address, so that a whole /24 network shares a backend,
/// modulo the sum of all weights. When that backend is unusable the hash is taken once more over
/// its own result, up to 20 times, then round robin decides.
/// Source: nginx ngx_http_upstream_ip_hash_module.c.
class IpHash {
public:
    static constexpr std::string_view name = "ip_hash";
    static constexpr std::string_view summary =
        "A hash of the client's /24 network modulo the weights, as ip_hash of nginx.";
    struct Config {
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{name, summary};
            return s;
        }
    };

    explicit IpHash(const Config&) : fallback_{RoundRobin::Config{}} {}

    /// O(n) per attempt.
    std::optional<std::uint32_t> pick(const Request& request, const Candidates& candidates,
                                      sim::Rng&, Trace* trace) {
        if (candidates.usable.empty()) return std::nullopt;
        refresh(candidates);
        std::uint64_t hash = 89;
        for (int attempt = 0; attempt <= most_retries; ++attempt) {
            for (const int shift : {24, 16, 8}) {
                hash = (hash * 113 + ((request.address >> shift) & 255U)) % 6271;
            }
            const auto index = static_cast<std::uint32_t>(weighted_modulo_hash(hash, weights_));
            if (trace) {
                trace->say("hash of {}.{}.{} = {}, modulo the weights: {} ({})",
                           "hash de {}.{}.{} = {}, módulo os pesos: {} ({})", request.address >> 24,
                           (request.address >> 16) & 255U, (request.address >> 8) & 255U, hash,
                           trace->label(candidates, index),
                           state_of(candidates.all[index].usable, trace->language()));
            }
            if (candidates.all[index].usable) return index;
        }
        return fallback_.next(candidates, trace);
    }

private:
    static constexpr int most_retries = 20;

    static std::string_view state_of(bool usable, Language language) {
        if (language == Language::portuguese) return usable ? "disponível" : "indisponível";
        return usable ? "usable" : "not usable";
    }

    void refresh(const Candidates& candidates) {
        if (version_ == candidates.version) return;
        version_ = candidates.version;
        weights_.clear();
        for (const Backend& b : candidates.all) weights_.push_back(b.weight);
    }

    RoundRobin fallback_;
    std::optional<std::uint64_t> version_;
    std::vector<double> weights_;  ///< Of all backends: an unusable one keeps its stretch.
};

}  // namespace archsim::models
