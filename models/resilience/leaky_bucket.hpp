// The limiter "leaky_bucket": requests wait and leave at a steady rate.
#pragma once

#include "models/resilience/pace.hpp"
#include "models/spec.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

namespace archsim::models {

/// Requests leave one after the other, a beat of the rate apart, the first of an idle time at once.
/// Those that come too early wait in the bucket, and are refused when it is full. A place in the
/// row is kept also for a request whose caller gives up meanwhile.
class LeakyBucket {
public:
    static constexpr std::string_view name = "leaky_bucket";
    struct Config {
        sim::Rate rate;
        std::int64_t capacity = 0;
        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{name, "Smooths: requests wait and leave at a steady rate."}
                    .required("rate", &Config::rate, "Requests that leave.")
                    .more_than(sim::Rate{})
                    .required("capacity", &Config::capacity, "Requests that may wait.")
                    .at_least(0)
                    .at_most(1'000'000'000);
            return s;
        }
    };

    explicit LeakyBucket(const Config& config) : config_{config} {}

    /// How long the request has to wait, or nothing if the bucket is full or that were longer than
    /// `longest_wait`: then it takes no place. O(1).
    [[nodiscard]] std::optional<sim::Duration> ask(
        sim::Instant now, sim::Duration longest_wait = sim::Duration::longest()) {
        const sim::Instant due = began_ + time_of_beat(passed_, config_.rate);
        if (passed_ == 0 || due <= now) {
            began_ = now;
            passed_ = 1;
            return sim::Duration{};
        }
        const auto gone =
            static_cast<std::int64_t>(std::floor(beats_in(now - began_, config_.rate)));
        const std::int64_t waiting = std::max<std::int64_t>(passed_ - 1 - gone, 0);
        if (waiting >= config_.capacity || due - now > longest_wait) return std::nullopt;
        ++passed_;
        return due - now;
    }

private:
    Config config_;
    sim::Instant began_;       // when the first request of the present row left
    std::int64_t passed_ = 0;  // requests of the row, those included that still wait
};

}  // namespace archsim::models
