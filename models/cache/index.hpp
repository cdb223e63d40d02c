// From a 64-bit key to the slot of its entry: one flat table with linear probing.
// A cell keeps 32 bits of the key's hash; the hash bits alone give the cell's home, so growing and
// closing gaps never look at the entries. At most half full: 16 to 32 bytes for each key.
#pragma once

#include "sim/rng.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace archsim::models::cache {

/// Place of an entry in a slab.
using Slot = std::uint32_t;
/// No entry.
inline constexpr Slot no_slot = 0xFFFFFFFFU;

/// Spreads a key over 64 bits, one to one.
[[nodiscard]] constexpr std::uint64_t mixed(std::uint64_t key) { return sim::splitmix64(key); }

/// Hash table of slots by key, up to 2^30 of them. The keys themselves stay with their owner, who
/// tells them through `key_of(slot)`. Every operation is O(1) on average, insertion amortised.
class Index {
public:
    /// Room for `expected` keys before the first growth.
    explicit Index(std::size_t expected = 0) { allocate(std::bit_ceil(2 * expected + 8)); }

    /// Slot of the key, or `no_slot`.
    template <typename KeyOf>
    [[nodiscard]] Slot find(std::uint64_t key, KeyOf&& key_of) const {
        const std::uint32_t tag = tag_of(key);
        const Cell* const cells = cells_.data();
        for (std::size_t i = tag >> shift_;; i = (i + 1) & mask_) {
            const Cell cell = cells[i];
            if (cell.slot == no_slot) return no_slot;
            if (cell.tag == tag && key_of(cell.slot) == key) return cell.slot;
        }
    }

    /// Adds a key. Requires: the key is absent.
    void insert(std::uint64_t key, Slot slot) {
        if (2 * (count_ + 1) > cells_.size()) grow();
        ++count_;
        place(Cell{tag_of(key), slot});
    }

    /// Removes a key. Requires: the key is present with this slot.
    void erase(std::uint64_t key, Slot slot) {
        Cell* const cells = cells_.data();
        std::size_t gap = tag_of(key) >> shift_;
        while (cells[gap].slot != slot) gap = (gap + 1) & mask_;
        // Later cells of the run move back over the gap unless that would put them before home.
        for (std::size_t i = (gap + 1) & mask_; cells[i].slot != no_slot; i = (i + 1) & mask_) {
            const std::size_t home = cells[i].tag >> shift_;
            if (((i - home) & mask_) >= ((i - gap) & mask_)) {
                cells[gap] = cells[i];
                gap = i;
            }
        }
        cells[gap] = Cell{};
        --count_;
    }

    /// Removes every key; keeps the memory. O(cells).
    void clear() {
        cells_.assign(cells_.size(), Cell{});
        count_ = 0;
    }

    /// Keys in the table.
    [[nodiscard]] std::size_t count() const { return count_; }
    /// Memory of the table.
    [[nodiscard]] std::size_t memory() const { return cells_.capacity() * sizeof(Cell); }

private:
    struct Cell {
        std::uint32_t tag = 0;
        Slot slot = no_slot;
    };

    static std::uint32_t tag_of(std::uint64_t key) {
        return static_cast<std::uint32_t>(mixed(key) >> 32);
    }

    void allocate(std::size_t cells) {
        cells_.assign(cells, Cell{});
        mask_ = cells - 1;
        shift_ = 32 - static_cast<std::uint32_t>(std::bit_width(mask_));
    }

    void place(Cell cell) {
        std::size_t i = cell.tag >> shift_;
        while (cells_[i].slot != no_slot) i = (i + 1) & mask_;
        cells_[i] = cell;
    }

    void grow() {
        const std::vector<Cell> old = std::exchange(cells_, {});
        allocate(2 * old.size());
        for (const Cell& cell : old) {
            if (cell.slot != no_slot) place(cell);
        }
    }

    std::vector<Cell> cells_;
    std::size_t count_ = 0;
    std::size_t mask_ = 0;
    std::uint32_t shift_ = 0;
};

}  // namespace archsim::models::cache
