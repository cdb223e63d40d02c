// The t-visibility curve: how likely a read is fresh, by the time since the last acknowledged
// write.
#pragma once

#include "models/consistency/share.hpp"
#include "sim/histogram.hpp"
#include "sim/units.hpp"

#include <optional>
#include <vector>

namespace archsim::models {

/// A step of the curve: of the reads issued at least `from` after the last acknowledged write (and
/// before the next step), this share was fresh.
struct VisibilityStep {
    sim::Duration from;
    Share fresh;
};

/// Collects reads; O(1) each, a few kilobytes in all.
class VisibilityCurve {
public:
    /// A read was issued `elapsed` after the latest acknowledged write of its key.
    void add(sim::Duration elapsed, bool fresh) {
        all_.record(elapsed);
        if (!fresh) stale_.record(elapsed);
    }

    /// The curve as the rising step function that fits the reads best (pooling of adjacent
    /// violators; Ayer, Brunk, Ewing, Reid and Silverman, "An Empirical Distribution Function for
    /// Sampling with Incomplete Information", 1955). Freshness can only grow with time, and a scan
    /// for the first time that looks fresh enough would be biased low. O(buckets).
    [[nodiscard]] std::vector<VisibilityStep> steps() const;

private:
    sim::Histogram all_;
    sim::Histogram stale_;
};

/// The start of the first step with a share of at least `share`, absent if there is none.
[[nodiscard]] std::optional<sim::Duration> time_until_fresh(
    const std::vector<VisibilityStep>& steps, double share);

}  // namespace archsim::models
