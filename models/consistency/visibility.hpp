// The t-visibility curve: how likely a read is fresh, by the time since the last acknowledged
// write.
#pragma once

#include "models/consistency/share.hpp"
#include "sim/duration_buckets.hpp"
#include "sim/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace archsim::models {

/// A step of the curve: of the reads issued at least `from` after the last acknowledged write (and
/// before the next step), this share was fresh.
struct VisibilityStep {
    sim::Duration from;
    Share fresh;
};

/// Collects reads; O(1) each, a few kilobytes for each doubling of the time since the write.
class VisibilityCurve {
public:
    VisibilityCurve() { waiting_.fill(&nothing_); }
    VisibilityCurve(const VisibilityCurve&) = delete;
    VisibilityCurve& operator=(const VisibilityCurve&) = delete;

    /// A read was issued `elapsed` after the latest acknowledged write of its key.
    void add(sim::Duration elapsed, bool fresh) {
        const auto value = elapsed.count() < 0 ? 0 : static_cast<std::uint64_t>(elapsed.count());
        if (!fresh) stale_.add(value);
        // The counters are many and far apart: one is fetched now and counted up a few reads later.
        std::uint32_t*& place = waiting_[next_++ % waiting_.size()];
        all_.count_up(*place);
        place = &all_.counter(value);
        __builtin_prefetch(place, 1);
    }

    /// The curve as the rising step function that fits the reads best (pooling of adjacent
    /// violators; Ayer, Brunk, Ewing, Reid and Silverman, "An Empirical Distribution Function for
    /// Sampling with Incomplete Information", 1955). Freshness can only grow with time, and a scan
    /// for the first time that looks fresh enough would be biased low. O(buckets).
    [[nodiscard]] std::vector<VisibilityStep> steps();

private:
    sim::DurationBuckets all_;
    sim::DurationBuckets stale_;
    std::array<std::uint32_t*, 8> waiting_{};  // to be counted up
    std::size_t next_ = 0;
    std::uint32_t nothing_ = 0;
};

/// The start of the first step with a share of at least `share`, absent if there is none.
[[nodiscard]] std::optional<sim::Duration> time_until_fresh(
    const std::vector<VisibilityStep>& steps, double share);

}  // namespace archsim::models
