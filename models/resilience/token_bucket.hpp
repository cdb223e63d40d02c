// The limiter "token_bucket": bursts up to a size, and a steady rate in the long run.
#pragma once

#include "models/resilience/pace.hpp"
#include "models/spec.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace archsim::models {

/// Tokens come at a steady rate into a bucket of `burst` places, which is full at the start; what
/// comes to a full bucket is lost. A request takes one token or is refused. (J. Turner, "New
/// Directions in Communications", 1986.)
class TokenBucket {
public:
    static constexpr std::string_view name = "token_bucket";
    struct Config {
        sim::Rate rate;
        std::int64_t burst = 1;
        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{name, "Bursts up to a size, and a steady rate in the long run."}
                    .required("rate", &Config::rate, "Tokens that come; a request takes one.")
                    .more_than(sim::Rate{})
                    .optional("burst", &Config::burst,
                              "Tokens that are kept, and that there are at the start.")
                    .at_least(1)
                    .at_most(1'000'000'000);
            return s;
        }
    };

    explicit TokenBucket(const Config& config) : config_{config} {}

    /// No time if the request may pass, nothing if it is refused. O(1).
    [[nodiscard]] std::optional<sim::Duration> ask(sim::Instant now) {
        double earned = beats_in(now - full_at_, config_.rate);
        if (earned >= static_cast<double>(taken_)) {  // full again
            full_at_ = now;
            taken_ = 0;
            earned = 0.0;
        }
        if (earned < static_cast<double>(taken_ + 1 - config_.burst)) return std::nullopt;
        ++taken_;
        return sim::Duration{};
    }

private:
    Config config_;
    sim::Instant full_at_;    // the last instant at which the bucket was known to be full
    std::int64_t taken_ = 0;  // tokens since then
};

}  // namespace archsim::models
