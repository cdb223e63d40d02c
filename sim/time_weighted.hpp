// A whole number that changes over time, such as the length of a queue, and its exact average.
#pragma once

#include "sim/units.hpp"

#include <cstdint>

namespace archsim::sim {

/// An integer level with its time integral in exact integer arithmetic. All operations O(1).
class Level {
public:
    /// Sums since a reset: what the mean and the maximum of a window are made of.
    struct Sums {
        __extension__ __int128 integral = 0;  ///< level x nanoseconds
        Instant from;
        std::int64_t max = 0;
    };

    [[nodiscard]] std::int64_t value() const { return value_; }

    /// Adds `by` at `now`. Requires now not before the last change.
    void change(Instant now, std::int64_t by) {
        advance(now);
        value_ += by;
        if (value_ > window_.max) window_.max = value_;
    }
    void set(Instant now, std::int64_t value) { change(now, value - value_); }

    /// The integral from the start of the run to `now`, in level x nanoseconds.
    [[nodiscard]] __int128_t integral(Instant now) {
        advance(now);
        return total_ + window_.integral;
    }
    /// The current window up to `now`.
    [[nodiscard]] Sums window(Instant now) {
        advance(now);
        return window_;
    }
    /// Starts a new window at `now`; its maximum starts at the present level.
    void start_window(Instant now) {
        advance(now);
        total_ += window_.integral;
        window_ = Sums{0, now, value_};
    }

private:
    void advance(Instant now) {
        window_.integral += static_cast<__int128_t>(value_) * (now - changed_).count();
        changed_ = now;
    }

    std::int64_t value_ = 0;
    Instant changed_;
    Sums window_;
    __extension__ __int128 total_ = 0;
};

}  // namespace archsim::sim
