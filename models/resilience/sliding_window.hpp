// The limiter "sliding_window": so many requests in any stretch of a window's length.
#pragma once

#include "models/spec.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace archsim::models {

/// Remembers when the last `limit` requests passed; another may pass once the oldest of them is a
/// window old. No stretch of that length ever has more than the limit.
class SlidingWindow {
public:
    static constexpr std::string_view name = "sliding_window";
    struct Config {
        std::int64_t limit = 1;
        sim::Duration window = sim::Duration::seconds(1);
        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{name, "So many requests in any stretch of a window's length."}
                    .required("limit", &Config::limit, "Requests in one window.")
                    .at_least(1)
                    .at_most(1'000'000)
                    .optional("window", &Config::window, "Its length.")
                    .more_than(sim::Duration{});
            return s;
        }
    };

    explicit SlidingWindow(const Config& config) : config_{config} {}

    /// No time if the request may pass, nothing if it is refused. O(1); 8 bytes for each request
    /// of the limit.
    [[nodiscard]] std::optional<sim::Duration> ask(sim::Instant now) {
        if (passed_.size() < static_cast<std::size_t>(config_.limit)) {
            passed_.push_back(now);
            return sim::Duration{};
        }
        sim::Instant& oldest = passed_[oldest_];
        if (now - oldest < config_.window) return std::nullopt;
        oldest = now;
        oldest_ = (oldest_ + 1) % passed_.size();
        return sim::Duration{};
    }

private:
    Config config_;
    std::vector<sim::Instant> passed_;  // a ring once it is full
    std::size_t oldest_ = 0;
};

}  // namespace archsim::models
