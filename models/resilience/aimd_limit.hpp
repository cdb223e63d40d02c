// The concurrency limit "aimd": grows by one for each round of good answers, shrinks by a factor
// with each bad one.
#pragma once

#include "models/spec.hpp"
#include "sim/units.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

namespace archsim::models {

/// Additive increase, multiplicative decrease, which makes many callers share fairly what there is
/// (D. Chiu and R. Jain, "Analysis of the Increase and Decrease Algorithms for Congestion Avoidance
/// in Computer Networks", 1989). An answer raises the limit by 1 / limit, and only while at least
/// half of the limit is in use.
class AimdLimit {
public:
    static constexpr std::string_view name = "aimd";
    struct Config {
        std::int64_t initial = 10;
        std::int64_t least = 1;
        std::int64_t most = 1000;
        double backoff = 0.9;
        std::optional<sim::Duration> slow = std::nullopt;
        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{name,
                             "One more for each round of good answers, a share less for "
                             "each bad one."}
                    .optional("initial", &Config::initial, "Limit at the start.")
                    .at_least(1)
                    .optional("least", &Config::least, "It never falls below this.")
                    .at_least(1)
                    .optional("most", &Config::most, "It never grows beyond this.")
                    .at_least(1)
                    .optional("backoff", &Config::backoff, "Factor for each bad answer.")
                    .at_least(0.1)
                    .less_than(1.0)
                    .optional("slow", &Config::slow, "Later answers count as bad ones.")
                    .more_than(sim::Duration{})
                    .check([](const Config& config, const Place& place) {
                        if (config.least <= config.initial && config.initial <= config.most) return;
                        place.fail("initial", {.code = Code::out_of_range,
                                               .message = "the limit at the start lies outside "
                                                          "least and most"});
                    });
            return s;
        }
    };

    explicit AimdLimit(const Config& config)
        : config_{config}, limit_{static_cast<double>(config.initial)} {}

    [[nodiscard]] double limit() const { return limit_; }
    /// An answer has come, with so many requests in flight before it. O(1).
    void answered(sim::Duration latency, bool good, std::int64_t in_flight) {
        if (!good || (config_.slow && latency > *config_.slow)) {
            limit_ *= config_.backoff;
        } else if (2.0 * static_cast<double>(in_flight) >= limit_) {
            limit_ += 1.0 / limit_;
        }
        limit_ = std::clamp(limit_, static_cast<double>(config_.least),
                            static_cast<double>(config_.most));
    }

private:
    Config config_;
    double limit_;
};

}  // namespace archsim::models
