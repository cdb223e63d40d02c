// The policy "block": a full queue holds its publishers up.
#pragma once

#include "models/queue/pressure.hpp"

namespace archsim::models {

/// The publisher's call waits until there is room; first come, first admitted.
class Block {
public:
    static constexpr std::string_view name = "block";
    static constexpr std::string_view summary =
        "The publisher's call waits until there is room; first come, first admitted.";
    struct Config {
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{name, summary};
            return s;
        }
    };

    explicit Block(const Config&) {}
    [[nodiscard]] Verdict verdict(const Pressure& pressure) const {
        return pressure.full ? Verdict::wait : Verdict::accept;
    }
};

}  // namespace archsim::models
