// Keys that a policy remembers after their objects have left, oldest first.
// 48 to 96 bytes for each remembered key: an entry of 32, twice that where its array has just
// grown, and 16 to 32 of the index.
#pragma once

#include "models/cache/slab.hpp"

#include <cstddef>
#include <cstdint>

namespace archsim::models::cache {

/// A queue of keys with look-up. Every operation O(1), amortised where the table grows.
class Ghosts {
public:
    [[nodiscard]] bool contains(std::uint64_t key) const { return find(key) != no_slot; }
    /// Sum of the weights that the remembered objects had.
    [[nodiscard]] std::uint64_t weight() const { return queue_.weight(); }
    [[nodiscard]] bool empty() const { return queue_.empty(); }

    /// Adds a key as the newest. Requires: absent.
    void remember(std::uint64_t key, std::uint64_t weight) {
        const Slot slot = slab_.take(key, weight);
        queue_.push_front(slab_, slot);
        index_.insert(key, slot);
    }
    /// Adds a key as the newest after forgetting the oldest until it fits under the limit; a key
    /// heavier than the limit is not remembered. Requires: absent.
    void remember(std::uint64_t key, std::uint64_t weight, std::uint64_t limit) {
        if (weight > limit) return;
        while (queue_.weight() + weight > limit) forget_oldest();
        remember(key, weight);
    }
    /// Forgets a key; false when it was not there.
    bool forget(std::uint64_t key) {
        const Slot slot = find(key);
        if (slot == no_slot) return false;
        drop(slot);
        return true;
    }
    /// Requires: not empty.
    void forget_oldest() { drop(queue_.back()); }
    /// Forgets every key.
    void clear() {
        slab_.clear();
        queue_ = List{};
        index_.clear();
    }
    /// Memory of the keys and of their index.
    [[nodiscard]] std::size_t memory() const { return slab_.memory() + index_.memory(); }

private:
    [[nodiscard]] Slot find(std::uint64_t key) const {
        return index_.find(key, [this](Slot slot) { return slab_[slot].key; });
    }
    void drop(Slot slot) {
        index_.erase(slab_[slot].key, slot);
        queue_.unlink(slab_, slot);
        slab_.give_back(slot);
    }

    Slab slab_;
    List queue_;
    Index index_;
};

}  // namespace archsim::models::cache
