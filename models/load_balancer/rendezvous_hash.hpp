// The policy "rendezvous": every backend scores the request, the highest score gets it.
#pragma once

#include "models/load_balancer/identity.hpp"
#include "models/load_balancer/membership.hpp"
#include "models/load_balancer/trace.hpp"
#include "models/ring/hash.hpp"
#include "models/ring/rendezvous.hpp"

namespace archsim::models {

/// Sends a session, key or address to the backend with the highest weighted score.
class RendezvousHash {
public:
    static constexpr std::string_view name = "rendezvous";
    static constexpr std::string_view summary =
        "The backend with the highest random weight for the hash; no table at all.";
    struct Config {
        HashBy by = HashBy::session;
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{name, summary}.optional(
                "by", &Config::by, "What decides: all requests with the same one go together.");
            return s;
        }
    };

    explicit RendezvousHash(const Config& config) : config_{config} {}

    /// O(n).
    std::optional<std::uint32_t> pick(const Request& request, const Candidates& candidates,
                                      sim::Rng&, Trace* trace) {
        return pick_identity(IdentityText{request, config_.by}.view(), candidates, trace);
    }

    /// The choice for a text.
    std::optional<std::uint32_t> pick_identity(std::string_view text, const Candidates& candidates,
                                               Trace* trace) {
        if (version_ != candidates.version) {
            version_ = candidates.version;
            scores_ = Rendezvous{usable_members(candidates)};
        }
        const std::uint64_t hash = xxh64(text);
        if (trace) {
            const auto score = [&](std::uint32_t i) {
                const Backend& b = candidates.all[i];
                return fmt::format("{:.4f}", Rendezvous::score(hash, xxh64(b.name), b.weight));
            };
            trace->say("scores of \"{}\": {}; the largest wins",
                       "pontuações de \"{}\": {}; vence a maior", text,
                       trace->values(candidates, candidates.usable, score));
        }
        return scores_.owner(hash);
    }

private:
    Config config_;
    std::optional<std::uint64_t> version_;
    Rendezvous scores_;
};

}  // namespace archsim::models
