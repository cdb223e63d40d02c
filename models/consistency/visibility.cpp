// Isotonic regression over histogram buckets.
#include "models/consistency/visibility.hpp"

#include <cstdint>
#include <map>
#include <utility>

namespace archsim::models {
namespace {

// a.count / a.total >= b.count / b.total without division.
bool at_least(const Share& a, const Share& b) {
    return static_cast<long double>(a.count) * static_cast<long double>(b.total) >=
           static_cast<long double>(b.count) * static_cast<long double>(a.total);
}

}  // namespace

std::vector<VisibilityStep> VisibilityCurve::steps() {
    for (std::uint32_t*& place : waiting_) all_.count_up(*std::exchange(place, &nothing_));
    std::map<sim::Duration, std::int64_t> stale;
    for (const auto& bucket : stale_.buckets()) {
        stale[bucket.low] = static_cast<std::int64_t>(bucket.count);
    }
    std::vector<VisibilityStep> steps;
    for (const auto& bucket : all_.buckets()) {
        const auto total = static_cast<std::int64_t>(bucket.count);
        const auto place = stale.find(bucket.low);
        const std::int64_t not_fresh = place == stale.end() ? 0 : place->second;
        VisibilityStep step{bucket.low, Share{total - not_fresh, total}};
        while (!steps.empty() && at_least(steps.back().fresh, step.fresh)) {
            step.from = steps.back().from;
            step.fresh.count += steps.back().fresh.count;
            step.fresh.total += steps.back().fresh.total;
            steps.pop_back();
        }
        steps.push_back(step);
    }
    return steps;
}

std::optional<sim::Duration> time_until_fresh(const std::vector<VisibilityStep>& steps,
                                              double share) {
    for (const VisibilityStep& step : steps) {
        if (step.fresh.value().value_or(0.0) >= share) return step.from;
    }
    return std::nullopt;
}

}  // namespace archsim::models
