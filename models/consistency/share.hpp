// So many of so many, with the uncertainty of the ratio.
#pragma once

#include "sim/statistics.hpp"

#include <cstdint>
#include <optional>

namespace archsim::models {

/// A count out of a total of trials.
struct Share {
    std::int64_t count = 0;
    std::int64_t total = 0;

    /// Counts one trial.
    void add(bool hit) {
        ++total;
        if (hit) ++count;
    }
    /// The ratio, absent without trials.
    [[nodiscard]] std::optional<double> value() const {
        if (total == 0) return std::nullopt;
        return static_cast<double>(count) / static_cast<double>(total);
    }
    /// Wilson's 95 % interval, absent without trials.
    [[nodiscard]] std::optional<sim::Interval> interval() const {
        if (total == 0) return std::nullopt;
        return sim::wilson_interval(count, total);
    }
    /// The part that was not counted.
    [[nodiscard]] Share complement() const { return Share{total - count, total}; }
};

}  // namespace archsim::models
