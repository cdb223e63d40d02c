// Counts of durations in buckets of a known relative width, whatever their range.
#pragma once

#include "sim/units.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace archsim::sim {

/// Log-linear buckets: exact below 512 ns, then 512 buckets for each doubling, so that a bucket is
/// at most 1/512 = 0.195 % of its values wide. Counts are integers of any size, so merging in any
/// order gives the same result. Memory: 2 KiB for each doubling that occurs.
class DurationBuckets {
public:
    /// Width of a bucket against any of its values, at most.
    static constexpr double worst_relative_error = 1.0 / 512.0;

    DurationBuckets() = default;
    DurationBuckets(const DurationBuckets& other) { *this = other; }
    DurationBuckets& operator=(const DurationBuckets& other);
    DurationBuckets(DurationBuckets&&) noexcept = default;
    DurationBuckets& operator=(DurationBuckets&&) noexcept = default;
    ~DurationBuckets() = default;

    /// Counts one value in nanoseconds. O(1), allocates at the first value of a doubling.
    void add(std::uint64_t value) { count_up(counter(value)); }
    /// The counter of the bucket of a value, for callers that fetch it now and count later. It
    /// stays where it is until the buckets are assigned to or end.
    [[nodiscard]] std::uint32_t& counter(std::uint64_t value) {
        const std::size_t octave = octave_of(value);
        if (blocks_[octave] == nullptr) [[unlikely]]
            touch(octave);
        return (*blocks_[octave])[slot_of(value, octave)];
    }
    /// Counts one value in the bucket of this counter, which is one of these buckets.
    void count_up(std::uint32_t& counter) {
        if (++counter == 0) [[unlikely]]
            carry(counter);
    }
    /// Counts what `other` has counted. O(buckets in use).
    void merge(const DurationBuckets& other);
    /// Forgets all counts, keeps the memory. O(buckets in use).
    void clear();

    /// One bucket with values: they lie in [low, high).
    struct Bucket {
        Duration low;
        Duration high;
        std::uint64_t count;
    };
    /// Buckets with values in ascending order.
    [[nodiscard]] std::vector<Bucket> buckets() const;

    /// Calls `visit` with the least and the largest value of each bucket with values and with its
    /// count, in ascending order, until it returns true. O(buckets in use).
    template <class Visit>
    void each(const Visit& visit) const {
        for (std::size_t octave = 0; octave < blocks_.size(); ++octave) {
            if (!blocks_[octave]) continue;
            for (std::size_t slot = 0; slot < width; ++slot) {
                const std::uint64_t low = low_of(octave, slot);
                const std::uint64_t here = (*blocks_[octave])[slot] + carried(low);
                if (here != 0 && visit(low, low + width_of(octave) - 1, here)) return;
            }
        }
    }

    /// Same counts.
    [[nodiscard]] bool operator==(const DurationBuckets& other) const;

private:
    static constexpr int bits = 9;
    static constexpr std::size_t width = std::size_t{1} << bits;
    static constexpr std::size_t octaves = 63 - bits + 1;
    using Block = std::array<std::uint32_t, width>;

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
    [[nodiscard]] std::uint64_t carried(std::uint64_t low) const {
        if (carries_.empty()) [[likely]]
            return 0;
        const auto found = carries_.find(low);
        return found == carries_.end() ? 0 : found->second << 32;
    }
    [[gnu::noinline, gnu::cold]] void touch(std::size_t octave);
    [[gnu::noinline, gnu::cold]] void carry(const std::uint32_t& counter);

    // Small counters, so that many histograms fit into a processor's cache; what goes beyond them
    // is counted apart.
    std::array<std::unique_ptr<Block>, octaves + 1> blocks_{};
    std::map<std::uint64_t, std::uint64_t> carries_;  // by least value; in units of 2^32
};

}  // namespace archsim::sim
