// The concurrency limit "gradient": shrinks when answers take longer than they used to.
#pragma once

#include "models/spec.hpp"
#include "sim/units.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace archsim::models {

/// Compares each latency with its long-term mean: a longer one means that a queue builds up. The
/// rule is "Gradient2" of Netflix's concurrency-limits (2018): gradient = tolerance x mean /
/// latency, kept within 0.5 and 1, and the limit moves a fifth of the way to limit x gradient + 4.
/// Here a bad answer has the gradient 0.5, whatever its latency.
class GradientLimit {
public:
    static constexpr std::string_view name = "gradient";
    struct Config {
        std::int64_t initial = 20;
        std::int64_t least = 1;
        std::int64_t most = 1000;
        double tolerance = 1.5;
        std::int64_t memory = 600;
        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{name, "Shrinks when answers take longer than they used to."}
                    .optional("initial", &Config::initial, "Limit at the start.")
                    .at_least(1)
                    .optional("least", &Config::least, "It never falls below this.")
                    .at_least(1)
                    .optional("most", &Config::most, "It never grows beyond this.")
                    .at_least(1)
                    .optional("tolerance", &Config::tolerance,
                              "How many times the usual latency is still no sign of a queue.")
                    .at_least(1.0)
                    .optional("memory", &Config::memory,
                              "Answers over which the usual latency is averaged.")
                    .at_least(1)
                    .check([](const Config& config, const Place& place) {
                        if (config.least <= config.initial && config.initial <= config.most) return;
                        place.fail("initial", {.code = Code::out_of_range,
                                               .message = "the limit at the start lies outside "
                                                          "least and most"});
                    });
            return s;
        }
    };

    explicit GradientLimit(const Config& config)
        : config_{config}, limit_{static_cast<double>(config.initial)} {}

    [[nodiscard]] double limit() const { return limit_; }
    /// An answer has come, with so many requests in flight before it. O(1).
    void answered(sim::Duration latency, bool good, std::int64_t in_flight) {
        constexpr double room = 4.0;       // requests that may wait, so that growth is noticed
        constexpr double smoothing = 0.2;  // of the way to the new limit
        const double now = latency.in_seconds();
        if (usual_ < 0.0) usual_ = now;
        usual_ += 2.0 / (static_cast<double>(config_.memory) + 1.0) * (now - usual_);
        if (usual_ > 2.0 * now) usual_ *= 0.95;  // recovers quickly from a time of long latencies
        if (2.0 * static_cast<double>(in_flight) < limit_) return;  // not what holds us back
        double gradient = 0.5;
        if (good) {
            gradient = now <= 0.0 ? 1.0 : std::clamp(config_.tolerance * usual_ / now, 0.5, 1.0);
        }
        limit_ += smoothing * (limit_ * gradient + room - limit_);
        limit_ = std::clamp(limit_, static_cast<double>(config_.least),
                            static_cast<double>(config_.most));
    }

private:
    Config config_;
    double limit_;
    double usual_ = -1.0;  // seconds; below 0 before the first answer
};

}  // namespace archsim::models
