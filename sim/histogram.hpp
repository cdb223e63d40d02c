// A histogram of durations with a known relative error, whatever their range. Counts are integers,
// so merging in any order gives the same result.
#pragma once

#include "sim/units.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace archsim::sim {

/// Log-linear buckets: exact below 512 ns, then 512 buckets for each doubling, so that a bucket is
/// at most 1/512 = 0.195 % of its values wide. A quantile lies in the same bucket as the exact one,
/// so it is off by less than 0.2 % whatever the values; where a bucket holds many values,
/// interpolation inside it makes the error far less. Count, sum, minimum and maximum are exact.
/// Memory: 4 KiB for each doubling that occurs.
class Histogram {
public:
    /// Of any quantile, against the exact one of the same values.
    static constexpr double worst_relative_error = 1.0 / 512.0;

    Histogram() = default;
    Histogram(const Histogram& other) { *this = other; }
    Histogram& operator=(const Histogram& other);
    Histogram(Histogram&&) noexcept = default;
    Histogram& operator=(Histogram&&) noexcept = default;
    ~Histogram() = default;

    /// Adds one value; a negative one counts as 0. O(1), allocates at the first value of a
    /// doubling.
    void record(Duration value) {
        const std::uint64_t v = value.count() < 0 ? 0 : static_cast<std::uint64_t>(value.count());
        ++count_;
        sum_ += v;
        if (v < min_) min_ = v;
        if (v > max_) max_ = v;
        const std::size_t octave = octave_of(v);
        if (blocks_[octave] == nullptr) [[unlikely]]
            touch(octave);
        ++(*blocks_[octave])[slot_of(v, octave)];
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

    /// One bucket with values: they lie in [low, high).
    struct Bucket {
        Duration low;
        Duration high;
        std::uint64_t count;
    };
    /// Buckets with values in ascending order.
    [[nodiscard]] std::vector<Bucket> buckets() const;

    /// Same values, as far as the buckets can tell.
    [[nodiscard]] bool operator==(const Histogram& other) const;

private:
    static constexpr int bits = 9;
    static constexpr std::size_t width = std::size_t{1} << bits;
    static constexpr std::size_t octaves = 63 - bits + 1;
    using Block = std::array<std::uint64_t, width>;

    [[nodiscard]] static std::size_t octave_of(std::uint64_t v) {
        const auto top =
            static_cast<int>(std::bit_width(v | (width - 1)));  // `bits` for all below `width`
        return static_cast<std::size_t>(top - bits);
    }
    [[nodiscard]] static std::size_t slot_of(std::uint64_t v, std::size_t octave) {
        return octave == 0 ? v : (v >> (octave - 1)) & (width - 1);
    }
    [[nodiscard]] static std::uint64_t low_of(std::size_t octave, std::size_t slot) {
        return octave == 0 ? slot : (width + slot) << (octave - 1);
    }
    [[nodiscard]] static std::uint64_t width_of(std::size_t octave) {
        return octave == 0 ? 1 : std::uint64_t{1} << (octave - 1);
    }
    [[nodiscard]] std::int64_t bounded(std::uint64_t v) const {
        return count_ == 0 ? 0 : static_cast<std::int64_t>(v);
    }
    void touch(std::size_t octave);

    std::array<std::unique_ptr<Block>, octaves + 1> blocks_{};
    std::uint64_t count_ = 0;
    __extension__ unsigned __int128 sum_ = 0;
    std::uint64_t min_ = UINT64_MAX;
    std::uint64_t max_ = 0;
};

}  // namespace archsim::sim
