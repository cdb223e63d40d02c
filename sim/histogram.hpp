// A histogram of durations with a known relative error, whatever their range. Counts are integers,
// so merging in any order gives the same result.
#pragma once

#include "sim/duration_buckets.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <vector>

namespace archsim::sim {

/// Values in DurationBuckets, with exact count, sum, minimum and maximum. A quantile lies in the
/// same bucket as the exact one, so it is off by less than 0.2 % whatever the values; where a
/// bucket holds many values, interpolation inside it makes the error far less.
class Histogram {
public:
    /// Of any quantile, against the exact one of the same values.
    static constexpr double worst_relative_error = DurationBuckets::worst_relative_error;

    /// Adds one value; a negative one counts as 0. O(1), allocates at the first value of a
    /// doubling.
    void record(Duration value) {
        const std::uint64_t v = value.count() < 0 ? 0 : static_cast<std::uint64_t>(value.count());
        ++count_;
        sum_ += v;
        if (v < min_) min_ = v;
        if (v > max_) max_ = v;
        buckets_.add(v);
    }
    /// Adds all values of `other`. O(buckets in use).
    void merge(const Histogram& other);
    /// Forgets all values, keeps the memory. O(buckets in use).
    void clear();

    [[nodiscard]] std::uint64_t count() const { return count_; }
    /// 0 if empty.
    [[nodiscard]] Duration min() const { return Duration::nanoseconds(bounded(min_)); }
    [[nodiscard]] Duration max() const { return Duration::nanoseconds(bounded(max_)); }
    /// Mean in seconds for statistics; exact sum over count, 0 if empty.
    [[nodiscard]] double mean_seconds() const;
    /// The value below which a share `q` of all values lies: the value of rank q x count, found in
    /// its bucket by assuming that the bucket's values are spread evenly over that part of it which
    /// lies in [min, max]; 0 if empty. Requires 0 <= q <= 1. O(buckets in use).
    [[nodiscard]] Duration quantile(double q) const;

    using Bucket = DurationBuckets::Bucket;
    /// Buckets with values in ascending order.
    [[nodiscard]] std::vector<Bucket> buckets() const { return buckets_.buckets(); }

    /// Same values, as far as the buckets can tell.
    [[nodiscard]] bool operator==(const Histogram& other) const;

private:
    [[nodiscard]] std::int64_t bounded(std::uint64_t v) const {
        return count_ == 0 ? 0 : static_cast<std::int64_t>(v);
    }

    DurationBuckets buckets_;
    std::uint64_t count_ = 0;
    __extension__ unsigned __int128 sum_ = 0;
    std::uint64_t min_ = UINT64_MAX;
    std::uint64_t max_ = 0;
};

}  // namespace archsim::sim
