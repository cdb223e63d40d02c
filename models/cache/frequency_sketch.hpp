// How often keys were used of late, approximately, in a few bytes for each resident object.
// A count-min sketch of 4-bit counters that halves itself: 8 to 16 bytes for each object.
#pragma once

#include "models/cache/index.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace archsim::models::cache {

/// Cormode and Muthukrishnan, An improved data stream summary: the count-min sketch and its
/// applications, 2005, with minimal increment and the periodic reset of Einziger, Friedman and
/// Manes, TinyLFU: a highly efficient cache admission policy, 2017. An estimate is never below the
/// true count since the sketch was cleared, halved and capped at 15 as the counters are.
class FrequencySketch {
public:
    /// Counters are halved after `sample` additions for each object of the largest number seen.
    explicit FrequencySketch(std::uint64_t sample) : sample_{sample} { clear(); }

    /// Counts one use. O(1) amortised over the halvings.
    void add(std::uint64_t key) {
        const std::array<Position, rows> positions = positions_of(key);
        const std::uint64_t least = least_of(positions);
        if (least < most) {
            // Only the smallest counters grow: the others already owe their excess to other keys.
            for (const Position& at : positions) {
                if (read(at) == least) words_[at.word] += std::uint64_t{1} << at.shift;
            }
        }
        if (++additions_ >= sample_ * objects_) halve();
    }
    /// Uses of the key, at most 15.
    [[nodiscard]] std::uint64_t estimate(std::uint64_t key) const {
        return least_of(positions_of(key));
    }
    /// Grows with the number of objects, which keep their counts. O(1) amortised.
    void provide_for(std::uint64_t objects) {
        objects_ = std::max(objects_, objects);
        while (spread * objects_ > width_) {
            // Twice the row: a position gains one bit, so both halves start as the old row.
            const std::vector<std::uint64_t> old = words_;
            const std::size_t row = width_ / counters;
            width_ *= 2;
            words_.clear();
            for (std::size_t r = 0; r < rows; ++r) {
                const auto from = old.begin() + static_cast<std::ptrdiff_t>(r * row);
                const auto to = from + static_cast<std::ptrdiff_t>(row);
                words_.insert(words_.end(), from, to);
                words_.insert(words_.end(), from, to);
            }
        }
    }
    /// Forgets everything and is small again.
    void clear() {
        width_ = spread * smallest;
        objects_ = smallest;
        additions_ = 0;
        words_.assign(rows * width_ / counters, 0);
    }
    [[nodiscard]] std::size_t memory() const { return words_.capacity() * sizeof(std::uint64_t); }

private:
    static constexpr std::size_t rows = 4;
    static constexpr std::size_t counters = 16;  ///< in a word
    static constexpr std::uint64_t most = 15;
    static constexpr std::uint64_t smallest = 64;  ///< objects provided for at first
    static constexpr std::uint64_t spread = 4;     ///< counters in a row for each object

    struct Position {
        std::size_t word = 0;
        std::uint32_t shift = 0;
    };

    [[nodiscard]] std::array<Position, rows> positions_of(std::uint64_t key) const {
        std::array<Position, rows> positions;
        std::uint64_t hash = mixed(~key);
        const std::size_t row = width_ / counters;
        for (std::size_t r = 0; r < rows; ++r) {
            positions[r] =
                Position{r * row + (hash & (row - 1)), static_cast<std::uint32_t>(hash >> 60) * 4};
            hash = mixed(hash);
        }
        return positions;
    }
    [[nodiscard]] std::uint64_t read(const Position& at) const {
        return words_[at.word] >> at.shift & most;
    }
    [[nodiscard]] std::uint64_t least_of(const std::array<Position, rows>& positions) const {
        std::uint64_t least = most;
        for (const Position& at : positions) least = std::min(least, read(at));
        return least;
    }
    void halve() {
        for (std::uint64_t& word : words_) word = word >> 1 & 0x7777777777777777ULL;
        additions_ /= 2;
    }

    std::vector<std::uint64_t> words_;
    std::uint64_t width_ = spread * smallest;  ///< counters in a row, a power of two
    std::uint64_t objects_ = smallest;         ///< largest number of objects seen
    std::uint64_t sample_ = 10;
    std::uint64_t additions_ = 0;
};

}  // namespace archsim::models::cache
