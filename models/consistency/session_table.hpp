// What each session last did with each key: a table without nodes, as nearly every answer of a run
// looks into it and the misses of the processor's cache are what that costs.
#pragma once

#include "models/history.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace archsim::models {

/// The last operation of one kind.
struct LastUse {
    Order rank = before_history;  ///< Its version's rank as the newer one.
    Order end = after_history;    ///< Its completion; after_history: there is none.

    /// Whether there was one that ended before `operation` began.
    [[nodiscard]] bool before(const Operation& operation) const {
        return end != after_history && end <= operation.invoked_order;
    }
};

/// What a session last did with a key.
struct SessionState {
    LastUse write;
    LastUse read;
};

/// The states by session and key: open addressing with linear probing (Knuth, "The Art of Computer
/// Programming", volume 3, section 6.4, algorithm L), at most three quarters full. Nothing is ever
/// removed, and nobody walks over it, so its order cannot show. O(1) amortised; 53 to 107 bytes for
/// each pair.
class SessionTable {
public:
    /// Session and number of a key in one; the largest number of both stands for no place.
    using Place = std::uint64_t;
    [[nodiscard]] static constexpr Place place_of(std::uint32_t session, std::uint32_t key_index) {
        return std::uint64_t{session} << 32 | key_index;
    }

    /// The state at a place, an empty one if it is new; valid until the next call.
    SessionState& at(Place place) {
        if (entries_.empty()) entries_.resize(smallest);
        Entry* entry = &find(place);
        if (entry->place != place) {
            if (4 * (size_ + 1) > 3 * entries_.size()) {
                grow();
                entry = &find(place);
            }
            ++size_;
            entry->place = place;
        }
        return entry->state;
    }
    /// Where at() will look first, to be fetched before; nullptr while the table is empty.
    [[nodiscard]] const void* address_of(Place place) const {
        return entries_.empty() ? nullptr : &entries_[start_of(place)];
    }
    /// Pairs that have a state.
    [[nodiscard]] std::size_t size() const { return size_; }
    /// Bytes held.
    [[nodiscard]] std::size_t memory() const { return entries_.capacity() * sizeof(Entry); }

private:
    static constexpr std::size_t smallest = 64;
    static constexpr Place free = UINT64_MAX;

    struct Entry {
        Place place = free;
        SessionState state;
    };

    // Multiplicative hashing, by the golden ratio; the upper bits of the product are the good ones.
    [[nodiscard]] std::size_t start_of(Place place) const {
        const std::uint64_t mixed = (place ^ (place >> 29)) * 0x9e3779b97f4a7c15;
        return static_cast<std::size_t>(mixed >> (64 - std::countr_zero(entries_.size())));
    }

    Entry& find(Place place) {
        std::size_t i = start_of(place);
        while (entries_[i].place != free && entries_[i].place != place) {
            i = (i + 1) & (entries_.size() - 1);
        }
        return entries_[i];
    }

    void grow() {
        std::vector<Entry> old(2 * entries_.size());
        old.swap(entries_);
        for (const Entry& entry : old) {
            if (entry.place != free) find(entry.place) = entry;
        }
    }

    std::vector<Entry> entries_;  // a power of two of them, or none
    std::size_t size_ = 0;
};

}  // namespace archsim::models
