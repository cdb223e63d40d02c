// The order "fifo": what came first goes first.
#pragma once

#include "models/queue/dispatch_order.hpp"

namespace archsim::models {

/// First in, first out.
class FirstInFirstOut {
public:
    static constexpr std::string_view name = "fifo";
    static constexpr std::string_view summary = "First in, first out.";
    static constexpr bool by_urgency = false;
    struct Config {
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{name, summary};
            return s;
        }
    };

    explicit FirstInFirstOut(const Config&) {}
    [[nodiscard]] bool is_newest_first(sim::Duration) const { return false; }
};

}  // namespace archsim::models
