// The order "priority": larger priorities go first.
#pragma once

#include "models/queue/dispatch_order.hpp"

namespace archsim::models {

/// The most urgent first, equals first in first out.
class UrgentFirst {
public:
    static constexpr std::string_view name = "priority";
    static constexpr std::string_view summary = "The most urgent first, equals first in first out.";
    static constexpr bool by_urgency = true;
    struct Config {
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{name, summary};
            return s;
        }
    };

    explicit UrgentFirst(const Config&) {}
    [[nodiscard]] bool is_newest_first(sim::Duration) const { return false; }
};

}  // namespace archsim::models
