// The order "lifo": what came last goes first.
#pragma once

#include "models/queue/dispatch_order.hpp"

namespace archsim::models {

/// Last in, first out.
class LastInFirstOut {
public:
    static constexpr std::string_view name = "lifo";
    static constexpr std::string_view summary = "Last in, first out.";
    static constexpr bool by_urgency = false;
    struct Config {
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{name, summary};
            return s;
        }
    };

    explicit LastInFirstOut(const Config&) {}
    [[nodiscard]] bool is_newest_first(sim::Duration) const { return true; }
};

}  // namespace archsim::models
