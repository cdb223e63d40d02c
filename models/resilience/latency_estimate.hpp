// What a caller knows of the latency of its edge: a quantile of all answers so far. It is the
// caller's own knowledge and no metric, so that how a run is measured cannot change it.
#pragma once

#include "sim/histogram.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <optional>

namespace archsim::models {

/// A quantile that is taken anew whenever there are a sixteenth more answers.
class LatencyEstimate {
public:
    /// Requires: 0 < quantile < 1.
    explicit LatencyEstimate(double quantile) : quantile_{quantile} {}

    /// O(1), now and then O(buckets of the histogram).
    void record(sim::Duration latency) {
        seen_.record(latency);
        if (seen_.count() < renewal_) return;
        renewal_ = seen_.count() + seen_.count() / 16 + 1;
        value_ = seen_.quantile(quantile_);
    }
    /// Nothing before there are a hundred answers.
    [[nodiscard]] std::optional<sim::Duration> value() const { return value_; }

private:
    static constexpr std::uint64_t least_answers = 100;
    double quantile_;
    sim::Histogram seen_;
    std::uint64_t renewal_ = least_answers;
    std::optional<sim::Duration> value_;
};

}  // namespace archsim::models
