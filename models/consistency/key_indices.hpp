// Dense numbers for the keys of a history. Every event looks its key up, so a look-up has to cost
// one memory access: the keys of simulated workloads are small numbers, and a table finds those.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace archsim::models {

/// Numbers keys 0, 1, 2, ... in the order of their first appearance. O(1) amortised; 4 bytes for
/// each possible key up to the largest small one seen, 21 to 43 for each large one, which open
/// addressing with linear probing finds, as in SessionTable.
class KeyIndices {
public:
    /// Keys below this are found in the table (which then takes at most 4 MB).
    static constexpr std::uint64_t small_keys = std::uint64_t{1} << 20;

    /// The number of `key`, a new one if it has none: then it equals the size() before the call.
    std::uint32_t add(std::uint64_t key) {
        if (key < small_.size()) {
            const std::uint32_t index = small_[static_cast<std::size_t>(key)];
            if (index != none) [[likely]]
                return index;
        }
        return add_unusual(key);
    }
    /// The number of `key`, if it has one.
    [[nodiscard]] std::optional<std::uint32_t> find(std::uint64_t key) const {
        if (key < small_.size()) [[likely]] {
            const std::uint32_t index = small_[static_cast<std::size_t>(key)];
            return index == none ? std::nullopt : std::optional{index};
        }
        if (key < small_keys || large_.empty()) return std::nullopt;
        const std::uint32_t index = large_[place_of(key)].index;
        return index == none ? std::nullopt : std::optional{index};
    }
    /// How many keys have a number.
    [[nodiscard]] std::uint32_t size() const { return count_; }
    /// Bytes held.
    [[nodiscard]] std::size_t memory() const {
        return small_.capacity() * sizeof(std::uint32_t) + large_.capacity() * sizeof(Large);
    }

private:
    static constexpr std::uint32_t none = UINT32_MAX;
    struct Large {
        std::uint64_t key = 0;
        std::uint32_t index = none;
    };

    [[gnu::noinline]] std::uint32_t add_unusual(std::uint64_t key) {
        return key < small_keys ? add_small(key) : add_large(key);
    }
    std::uint32_t add_small(std::uint64_t key) {
        if (key >= small_.size()) small_.resize(static_cast<std::size_t>(key) + 1, none);
        return small_[static_cast<std::size_t>(key)] = count_++;
    }
    std::uint32_t add_large(std::uint64_t key) {
        if (4 * (large_count_ + 1) > 3 * large_.size()) grow();
        Large& place = large_[place_of(key)];
        if (place.index == none) {
            place = {key, count_++};
            ++large_count_;
        }
        return place.index;
    }
    // Of the key, or where it would stand. Multiplicative hashing by the golden ratio.
    [[nodiscard]] std::size_t place_of(std::uint64_t key) const {
        const std::uint64_t mixed = (key ^ (key >> 29)) * 0x9e3779b97f4a7c15;
        auto place = static_cast<std::size_t>(mixed >> (64 - std::countr_zero(large_.size())));
        while (large_[place].index != none && large_[place].key != key) {
            place = (place + 1) & (large_.size() - 1);
        }
        return place;
    }
    void grow() {
        std::vector<Large> old(large_.empty() ? 64 : 2 * large_.size());
        old.swap(large_);
        for (const Large& entry : old) {
            if (entry.index != none) large_[place_of(entry.key)] = entry;
        }
    }

    std::vector<std::uint32_t> small_;  // by key
    std::vector<Large> large_;          // a power of two of them, or none
    std::size_t large_count_ = 0;
    std::uint32_t count_ = 0;
};

}  // namespace archsim::models
