// Dense numbers for the keys of a history. Every event looks its key up, so a look-up has to cost
// one memory access: the keys of simulated workloads are small numbers, and a table finds those.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace archsim::models {

/// Numbers keys 0, 1, 2, ... in the order of their first appearance. O(1) amortised; 4 bytes for
/// each possible key up to the largest small one seen, a hash entry for each large one.
class KeyIndices {
public:
    /// Keys below this are found in the table (which then takes at most 4 MB).
    static constexpr std::uint64_t small_keys = std::uint64_t{1} << 20;

    /// The number of `key`, a new one if it has none: then it equals the size() before the call.
    std::uint32_t add(std::uint64_t key) {
        if (key < small_.size()) {
            const std::uint32_t index = small_[static_cast<std::size_t>(key)];
            if (index != none) return index;
        }
        return key < small_keys ? add_small(key) : add_large(key);
    }
    /// The number of `key`, if it has one.
    [[nodiscard]] std::optional<std::uint32_t> find(std::uint64_t key) const {
        if (key < small_keys) {
            if (key >= small_.size()) return std::nullopt;
            const std::uint32_t index = small_[static_cast<std::size_t>(key)];
            return index == none ? std::nullopt : std::optional{index};
        }
        const auto place = large_.find(key);
        return place == large_.end() ? std::nullopt : std::optional{place->second};
    }
    /// How many keys have a number.
    [[nodiscard]] std::uint32_t size() const { return count_; }
    /// Bytes held, that of hash entries estimated.
    [[nodiscard]] std::size_t memory() const {
        return small_.capacity() * sizeof(std::uint32_t) + large_.size() * 4 * sizeof(void*);
    }

private:
    static constexpr std::uint32_t none = UINT32_MAX;

    std::uint32_t add_small(std::uint64_t key) {
        if (key >= small_.size()) small_.resize(static_cast<std::size_t>(key) + 1, none);
        return small_[static_cast<std::size_t>(key)] = count_++;
    }
    std::uint32_t add_large(std::uint64_t key) {
        const auto [place, is_new] = large_.try_emplace(key, count_);
        if (is_new) ++count_;
        return place->second;
    }

    std::vector<std::uint32_t> small_;  // by key
    std::unordered_map<std::uint64_t, std::uint32_t> large_;
    std::uint32_t count_ = 0;
};

}  // namespace archsim::models
