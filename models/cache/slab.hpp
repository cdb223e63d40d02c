// Where the entries of a cache live: one array of slots with intrusive links, and the doubly
// linked lists that eviction policies thread through it. Slots are reused, so a cache at its
// capacity allocates nothing.
#pragma once

#include "models/cache/index.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace archsim::models::cache {

/// What is known of one cached object beside its payload: 32 bytes. The links and the two policy
/// words belong to the eviction policy, the key and the weight to the store.
struct Entry {
    std::uint64_t key = 0;
    std::uint64_t weight = 0;  ///< share of the capacity that it takes: 1, or its bytes
    Slot prev = no_slot;       ///< towards the front of its list
    Slot next = no_slot;       ///< towards the back of its list
    std::uint32_t mark = 0;    ///< policy: a counter or a place
    std::uint32_t group = 0;   ///< policy: which of its lists the entry is in
};

/// Array of entries with a chain of free slots. All operations O(1), `take` amortised.
class Slab {
public:
    /// An entry with these values and everything else zero. References to entries end here.
    [[nodiscard]] Slot take(std::uint64_t key, std::uint64_t weight) {
        Slot slot = free_;
        if (slot == no_slot) {
            slot = static_cast<Slot>(entries_.size());
            entries_.emplace_back();
        } else {
            free_ = entries_[slot].next;
        }
        entries_[slot] = Entry{key, weight};
        return slot;
    }
    /// Frees the slot for reuse. Requires: in use, and in no list.
    void give_back(Slot slot) {
        entries_[slot].group = vacant;
        entries_[slot].next = free_;
        free_ = slot;
    }
    /// Frees every slot.
    void clear() {
        entries_.clear();
        free_ = no_slot;
    }

    [[nodiscard]] Entry& operator[](Slot slot) { return entries_.data()[slot]; }
    [[nodiscard]] const Entry& operator[](Slot slot) const { return entries_.data()[slot]; }
    /// True when the slot holds an entry. Requires: slot < slots().
    [[nodiscard]] bool in_use(Slot slot) const { return entries_[slot].group != vacant; }
    /// Slots ever used; those in use are among [0, slots()).
    [[nodiscard]] Slot slots() const { return static_cast<Slot>(entries_.size()); }
    /// Makes room for as many entries at once.
    void reserve(std::size_t entries) { entries_.reserve(entries); }
    /// Memory of the array.
    [[nodiscard]] std::size_t memory() const { return entries_.capacity() * sizeof(Entry); }

private:
    static constexpr std::uint32_t vacant = 0xFFFFFFFFU;

    std::vector<Entry> entries_;
    Slot free_ = no_slot;
};

/// Doubly linked list through a slab; the front is the newest by convention. Every operation O(1).
/// Requires of all: the slab is the one whose slots are in the list.
class List {
public:
    [[nodiscard]] Slot front() const { return front_; }
    [[nodiscard]] Slot back() const { return back_; }
    [[nodiscard]] bool empty() const { return front_ == no_slot; }
    /// Sum of the weights of its entries.
    [[nodiscard]] std::uint64_t weight() const { return weight_; }

    /// Requires: in no list.
    void push_front(Slab& slab, Slot slot) {
        Entry& entry = slab[slot];
        weight_ += entry.weight;
        link_front(slab, slot, entry);
    }
    /// Requires: in this list.
    void unlink(Slab& slab, Slot slot) {
        const Entry& entry = slab[slot];
        weight_ -= entry.weight;
        cut(slab, entry);
    }
    /// Requires: in this list.
    void move_to_front(Slab& slab, Slot slot) {
        if (slot == front_) return;
        Entry& entry = slab[slot];
        cut(slab, entry);
        link_front(slab, slot, entry);
    }
    /// Removes the back. Requires: not empty.
    Slot pop_back(Slab& slab) {
        const Slot slot = back_;
        unlink(slab, slot);
        return slot;
    }
    /// Gives an entry of this list another weight. Requires: in this list.
    void reweigh(Slab& slab, Slot slot, std::uint64_t weight) {
        weight_ = weight_ - slab[slot].weight + weight;
        slab[slot].weight = weight;
    }
    /// Takes over a whole list behind its own back; the other is left empty.
    void append(Slab& slab, List& other) {
        if (other.empty()) return;
        slab[other.front_].prev = back_;
        (back_ == no_slot ? front_ : slab[back_].next) = other.front_;
        back_ = other.back_;
        weight_ += other.weight_;
        other = List{};
    }

private:
    void link_front(Slab& slab, Slot slot, Entry& entry) {
        entry.prev = no_slot;
        entry.next = front_;
        (front_ == no_slot ? back_ : slab[front_].prev) = slot;
        front_ = slot;
    }
    void cut(Slab& slab, const Entry& entry) {
        (entry.prev == no_slot ? front_ : slab[entry.prev].next) = entry.next;
        (entry.next == no_slot ? back_ : slab[entry.next].prev) = entry.prev;
    }

    Slot front_ = no_slot;
    Slot back_ = no_slot;
    std::uint64_t weight_ = 0;
};

}  // namespace archsim::models::cache
