// The policy "drop_oldest": old news makes room for new.
#pragma once

#include "models/queue/pressure.hpp"

namespace archsim::models {

/// The message that has waited longest is dropped to make room.
class DropOldest {
public:
    static constexpr std::string_view name = "drop_oldest";
    static constexpr std::string_view summary =
        "The message that has waited longest is dropped to make room.";
    struct Config {
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{name, summary};
            return s;
        }
    };

    explicit DropOldest(const Config&) {}
    [[nodiscard]] Verdict verdict(const Pressure& pressure) const {
        return pressure.full ? Verdict::drop_oldest : Verdict::accept;
    }
};

}  // namespace archsim::models
