// The policy "credit": each producer may have so many messages under way and no more.
#pragma once

#include "models/queue/pressure.hpp"

#include <cstdint>
#include <map>

namespace archsim::models {

/// Credit-based flow control (Kung, Blackwell and Chapman, "Credit-Based Flow Control for ATM
/// Networks", 1994): a message takes a credit of its producer, and gives it back when it is
/// settled. Without credit, or with the queue full, the producer's call waits in a line of its own,
/// so that a greedy producer does not hold up the others.
class Credit {
public:
    static constexpr std::string_view name = "credit";
    static constexpr std::string_view summary =
        "Each load source may have so many unsettled messages; beyond that its calls wait.";
    struct Config {
        std::int64_t credits = 100;
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{name, summary}
                                      .optional("credits", &Config::credits,
                                                "Unsettled messages allowed to each load source.")
                                      .at_least(1);
            return s;
        }
    };

    explicit Credit(const Config& config) : credits_{config.credits} {}
    [[nodiscard]] Verdict verdict(const Pressure& pressure) const {
        const auto used = used_.find(pressure.producer);
        const bool spent = used != used_.end() && used->second >= credits_;
        return pressure.full || spent ? Verdict::wait : Verdict::accept;
    }
    void accepted(std::uint16_t producer) { ++used_[producer]; }
    void settled(std::uint16_t producer) { --used_[producer]; }
    [[nodiscard]] static std::uint16_t line_of(std::uint16_t producer) { return producer; }

private:
    std::int64_t credits_;
    std::map<std::uint16_t, std::int64_t> used_;
};

}  // namespace archsim::models
