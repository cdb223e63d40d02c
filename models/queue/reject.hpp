// The policy "reject": a full queue turns publishers away.
#pragma once

#include "models/queue/pressure.hpp"

namespace archsim::models {

/// The publisher hears `rejected` and may try again.
class Reject {
public:
    static constexpr std::string_view name = "reject";
    static constexpr std::string_view summary = "The publisher hears \"rejected\".";
    struct Config {
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{name, summary};
            return s;
        }
    };

    explicit Reject(const Config&) {}
    [[nodiscard]] Verdict verdict(const Pressure& pressure) const {
        return pressure.full ? Verdict::refuse : Verdict::accept;
    }
};

}  // namespace archsim::models
