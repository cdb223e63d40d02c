// The order "adaptive_lifo": first in first out in good times, last in first out in bad ones.
#pragma once

#include "models/queue/dispatch_order.hpp"

namespace archsim::models {

/// Adaptive LIFO (Maurer, "Fail at Scale", ACM Queue 2015): while the queue stands, the newest
/// message goes first, since somebody still waits for it. Here the queue stands when its oldest
/// waiting message is older than a bound.
class AdaptiveLifo {
public:
    static constexpr std::string_view name = "adaptive_lifo";
    static constexpr std::string_view summary =
        "First in first out; last in first out while the oldest message has waited too long.";
    static constexpr bool by_urgency = false;
    struct Config {
        sim::Duration older_than = sim::Duration::milliseconds(100);
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{name, summary}
                                      .optional("older_than", &Config::older_than,
                                                "Age of the oldest waiting message from which on "
                                                "the newest goes first.")
                                      .at_least(sim::Duration{});
            return s;
        }
    };

    explicit AdaptiveLifo(const Config& config) : config_{config} {}
    [[nodiscard]] bool is_newest_first(sim::Duration oldest) const {
        return oldest > config_.older_than;
    }

private:
    Config config_;
};

}  // namespace archsim::models
