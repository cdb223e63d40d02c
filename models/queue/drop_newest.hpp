// The policy "drop_newest": tail drop, what comes last is lost.
#pragma once

#include "models/queue/pressure.hpp"

namespace archsim::models {

/// The message that comes is dropped, and its publisher does not know.
class DropNewest {
public:
    static constexpr std::string_view name = "drop_newest";
    static constexpr std::string_view summary =
        "The message that comes is dropped, and its publisher does not know.";
    struct Config {
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{name, summary};
            return s;
        }
    };

    explicit DropNewest(const Config&) {}
    [[nodiscard]] Verdict verdict(const Pressure& pressure) const {
        return pressure.full ? Verdict::drop_newest : Verdict::accept;
    }
};

}  // namespace archsim::models
