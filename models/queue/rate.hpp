// The policy "rate": producers are told how fast they may send, and the queue adapts that.
#pragma once

#include "models/queue/pressure.hpp"

#include <algorithm>
#include <cstdint>

namespace archsim::models {

/// Additive increase, multiplicative decrease (Chiu and Jain, "Analysis of the Increase and
/// Decrease Algorithms for Congestion Avoidance in Computer Networks", 1989). The client library of
/// every producer keeps to one common rate, so a message is held back on the producer's side; that
/// time counts as blocked. The rate changes at the first message of each interval.
class RateAdaption {
public:
    static constexpr std::string_view name = "rate";
    static constexpr std::string_view summary =
        "Producers keep to a common rate that rises step by step and is cut while the queue is "
        "long.";
    struct Config {
        sim::Rate initial = sim::Rate::per_second(100.0);
        sim::Rate least = sim::Rate::per_second(1.0);
        sim::Rate increase = sim::Rate::per_second(10.0);
        double decrease = 0.5;
        std::int64_t target = 100;
        sim::Duration interval = sim::Duration::seconds(1);
        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{name, summary}
                    .optional("initial", &Config::initial, "The rate at the start.")
                    .more_than(sim::Rate{})
                    .optional("least", &Config::least, "The rate never falls below this.")
                    .more_than(sim::Rate{})
                    .optional("increase", &Config::increase, "Added after a good interval.")
                    .more_than(sim::Rate{})
                    .optional("decrease", &Config::decrease, "Factor after a bad interval.")
                    .more_than(0.0)
                    .less_than(1.0)
                    .optional("target", &Config::target,
                              "A queue with more messages than this is too long.")
                    .at_least(0)
                    .optional("interval", &Config::interval, "How often the rate is changed.")
                    .more_than(sim::Duration{})
                    .assume("A queue at its limit rejects, whatever the rate.");
            return s;
        }
    };

    explicit RateAdaption(const Config& config)
        : config_{config}, rate_{config.initial.per_second()} {}
    [[nodiscard]] Verdict verdict(const Pressure& pressure) const {
        return pressure.full ? Verdict::refuse : Verdict::accept;
    }
    [[nodiscard]] sim::Duration pace(sim::Instant now, std::uint64_t depth) {
        if (now >= next_change_) {
            const bool is_long = depth > static_cast<std::uint64_t>(config_.target);
            if (started_) {
                rate_ = is_long ? std::max(rate_ * config_.decrease, config_.least.per_second())
                                : rate_ + config_.increase.per_second();
            }
            started_ = true;
            next_change_ = now + config_.interval;
        }
        const sim::Instant turn = std::max(now, next_turn_);
        next_turn_ = turn + sim::Duration::from_seconds(1.0 / rate_);
        return turn - now;
    }
    /// Messages a second that producers may send at present, all together.
    [[nodiscard]] double rate() const { return rate_; }

private:
    Config config_;
    double rate_;
    bool started_ = false;
    sim::Instant next_change_;
    sim::Instant next_turn_;
};

}  // namespace archsim::models
