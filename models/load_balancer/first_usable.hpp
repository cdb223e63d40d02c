// The policy "first": always the first backend that has room, as `balance first` of HAProxy.
#pragma once

#include "models/load_balancer/trace.hpp"

namespace archsim::models {

/// Fills the backends in order, so that the last ones can be switched off. Without a limit the
/// first usable backend gets everything.
class FirstUsable {
public:
    static constexpr std::string_view name = "first";
    static constexpr std::string_view summary =
        "The first backend with room; the next only when it is full.";
    struct Config {
        std::int64_t limit = 0;
        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{name, summary}
                    .optional("limit", &Config::limit,
                              "Requests in flight that fill a backend; 0 is no limit.")
                    .at_least(0);
            return s;
        }
    };

    explicit FirstUsable(const Config& config) : config_{config} {}

    /// The first usable backend below the limit; nothing when all are full. O(n).
    std::optional<std::uint32_t> pick(const Request&, const Candidates& candidates, sim::Rng&,
                                      Trace* trace) {
        for (const std::uint32_t i : candidates.usable) {
            if (config_.limit > 0 && candidates.all[i].in_flight >= config_.limit) continue;
            if (trace) {
                trace->say("first usable backend with room: {}",
                           "primeiro servidor disponível com espaço: {}",
                           trace->label(candidates, i));
            }
            return i;
        }
        return std::nullopt;
    }

private:
    Config config_;
};

}  // namespace archsim::models
