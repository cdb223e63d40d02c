// Reading and merging histograms.
#include "sim/histogram.hpp"

#include "sim/check.hpp"

#include <algorithm>

namespace archsim::sim {

void Histogram::merge(const Histogram& other) {
    if (other.count_ == 0) return;
    buckets_.merge(other.buckets_);
    count_ += other.count_;
    sum_ += other.sum_;
    min_ = std::min(min_, other.min_);
    max_ = std::max(max_, other.max_);
}

void Histogram::clear() {
    if (count_ == 0) return;
    buckets_.clear();
    count_ = 0;
    sum_ = 0;
    min_ = UINT64_MAX;
    max_ = 0;
}

double Histogram::mean_seconds() const {
    if (count_ == 0) return 0.0;
    return static_cast<double>(sum_) / static_cast<double>(count_) / 1e9;
}

Duration Histogram::quantile(double q) const {
    ARCHSIM_CHECK(q >= 0.0 && q <= 1.0, "there is no quantile {}", q);
    if (count_ == 0) return Duration{};
    const double rank = q * static_cast<double>(count_);
    double below = 0.0;
    Duration found = max();
    buckets_.each([&](std::uint64_t least, std::uint64_t largest, std::uint64_t count) {
        const auto here = static_cast<double>(count);
        if (below + here < rank) {
            below += here;
            return false;
        }
        const double share = std::clamp((rank - below) / here, 0.0, 1.0);
        const std::uint64_t first = std::max(least, min_);
        const std::uint64_t last = std::min(largest, max_);
        const double offset = share * static_cast<double>(last - first);
        const std::uint64_t value = first + static_cast<std::uint64_t>(offset + 0.5);
        found = Duration::nanoseconds(static_cast<std::int64_t>(value));
        return true;
    });
    return found;
}

bool Histogram::operator==(const Histogram& other) const {
    if (count_ != other.count_ || sum_ != other.sum_) return false;
    if (count_ != 0 && (min_ != other.min_ || max_ != other.max_)) return false;
    return buckets_ == other.buckets_;
}

}  // namespace archsim::sim
