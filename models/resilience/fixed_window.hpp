// The limiter "fixed_window": so many requests in each window of the clock.
#pragma once

#include "models/spec.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace archsim::models {

/// Counts requests in windows that stand one beside the other from the start of the run. Around the
/// border of two windows twice the limit may pass within one window's length.
class FixedWindow {
public:
    static constexpr std::string_view name = "fixed_window";
    struct Config {
        std::int64_t limit = 1;
        sim::Duration window = sim::Duration::seconds(1);
        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{name, "So many requests in each window of the clock."}
                    .required("limit", &Config::limit, "Requests in one window.")
                    .at_least(1)
                    .optional("window", &Config::window, "Its length.")
                    .more_than(sim::Duration{});
            return s;
        }
    };

    explicit FixedWindow(const Config& config) : config_{config} {}

    /// No time if the request may pass, nothing if it is refused. O(1).
    [[nodiscard]] std::optional<sim::Duration> ask(sim::Instant now) {
        const std::int64_t window = now.count() / config_.window.count();
        if (window != window_) {
            window_ = window;
            passed_ = 0;
        }
        if (passed_ >= config_.limit) return std::nullopt;
        ++passed_;
        return sim::Duration{};
    }

private:
    Config config_;
    std::int64_t window_ = 0;  // the number of the present one
    std::int64_t passed_ = 0;
};

}  // namespace archsim::models
