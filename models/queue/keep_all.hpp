// The policy "none": everything that was accepted is delivered.
#pragma once

#include "models/queue/shedding.hpp"

namespace archsim::models {

/// Sheds nothing.
class KeepAll {
public:
    static constexpr std::string_view name = "none";
    static constexpr std::string_view summary = "Delivers everything that was accepted.";
    struct Config {
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{name, summary};
            return s;
        }
    };

    explicit KeepAll(const Config&) {}
    template <class Queue>
    [[nodiscard]] Message* next(sim::Instant, Queue& queue) {
        return queue.head();
    }
};

}  // namespace archsim::models
