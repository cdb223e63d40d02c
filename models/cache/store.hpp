// The memory of a cache: objects by key under a capacity in entries or in bytes, with an eviction
// policy that says who leaves. It knows no time: versions, dirty flags and expiry instants are
// part of the payload, whose meaning belongs to the owner.
// Memory of an object: an entry of 32 bytes, 16 to 32 of the index, the payload, and what the
// policy's header states.
#pragma once

#include "models/cache/eviction.hpp"
#include "sim/check.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace archsim::models::cache {

/// How much a cache may hold.
struct Capacity {
    enum class Unit : std::uint8_t { entries, bytes };
    Unit unit = Unit::entries;
    std::uint64_t amount = 0;  ///< at least 1

    /// What an object of this many bytes takes of the capacity. An object of no bytes takes one,
    /// so that no cache holds objects without end.
    [[nodiscard]] std::uint64_t weight(std::uint64_t bytes) const {
        return unit == Unit::entries ? 1 : std::max<std::uint64_t>(bytes, 1);
    }
};

/// What became of a `put`.
enum class Put : std::uint8_t {
    inserted,  ///< the key is new in the cache
    updated,   ///< the key was resident and has the new payload and size
    refused    ///< larger than the whole cache: nothing is stored, the key is absent
};

/// Objects by key. `Policy` decides who leaves; `Payload` is what the owner keeps with each key.
/// Look-up, insertion and removal cost one index operation (O(1) on average) and one call of the
/// policy. Callbacks must not call the store.
template <EvictionPolicy Policy, std::movable Payload>
class Store {
    static_assert(!std::same_as<Payload, bool>, "a vector of bool has no references to give");

public:
    /// Requires: capacity.amount >= 1, and the policy was built for the same capacity.
    Store(Capacity capacity, Policy policy)
        : capacity_{capacity}, policy_{std::move(policy)}, index_{prepared(capacity)} {
        ARCHSIM_CHECK(capacity.amount >= 1, "a cache needs room for something");
        slab_.reserve(prepared(capacity));
        payloads_.reserve(prepared(capacity));
    }

    /// The payload of the key, or null; a hit counts as use. The pointer ends with the next `put`,
    /// `erase` or `clear`.
    [[nodiscard]] Payload* find(std::uint64_t key) {
        const Slot slot = slot_of(key);
        if (slot == no_slot) return nullptr;
        policy_.touch(slab_, slot);
        return &payloads_[slot];
    }
    /// The payload of the key, or null, without counting as use.
    [[nodiscard]] Payload* peek(std::uint64_t key) {
        const Slot slot = slot_of(key);
        return slot == no_slot ? nullptr : &payloads_[slot];
    }
    [[nodiscard]] const Payload* peek(std::uint64_t key) const {
        const Slot slot = slot_of(key);
        return slot == no_slot ? nullptr : &payloads_[slot];
    }

    /// Stores an object of `bytes`, evicting until it fits; overwriting a resident key counts as
    /// use. Each evicted object is given to `on_victim(key, weight, payload)` before it goes; where
    /// an overwritten object grows, it may itself be the victim. The older value of a refused key
    /// is outdated by the new one and leaves without the call.
    template <typename OnVictim>
    Put put(std::uint64_t key, std::uint64_t bytes, Payload payload, OnVictim&& on_victim) {
        const std::uint64_t weight = capacity_.weight(bytes);
        const Slot found = slot_of(key);
        if (weight > capacity_.amount) {
            if (found != no_slot) {
                policy_.erase(slab_, found);
                leave(found, [](std::uint64_t, std::uint64_t, Payload&) {});
            }
            return Put::refused;
        }
        if (found != no_slot) {
            payloads_[found] = std::move(payload);
            overwrite(found, weight, on_victim);
            return Put::updated;
        }
        policy_.expect(key, weight);
        make_room(weight, on_victim);
        const Slot slot = slab_.take(key, weight);
        if (slot == payloads_.size()) {
            payloads_.push_back(std::move(payload));
        } else {
            payloads_[slot] = std::move(payload);
        }
        index_.insert(key, slot);
        weight_ += weight;
        policy_.admit(slab_, slot);
        return Put::inserted;
    }
    /// As above where nobody asks for the victims.
    Put put(std::uint64_t key, std::uint64_t bytes, Payload payload) {
        return put(key, bytes, std::move(payload), [](std::uint64_t, std::uint64_t, Payload&) {});
    }

    /// Invalidates a key; false when it was not resident. The policy does not remember it.
    bool erase(std::uint64_t key) {
        const Slot slot = slot_of(key);
        if (slot == no_slot) return false;
        policy_.erase(slab_, slot);
        leave(slot, [](std::uint64_t, std::uint64_t, Payload&) {});
        return true;
    }

    /// Loses everything, the policy's memory of former keys included, as in a crash.
    void clear() {
        index_.clear();
        slab_.clear();
        payloads_.clear();
        policy_.clear();
        weight_ = 0;
    }

    /// Calls `visit(key, weight, payload)` for each object, in an order that depends only on
    /// the calls so far. O(largest number of objects ever resident).
    template <typename Visit>
    void for_each(Visit&& visit) {
        for (Slot slot = 0; slot < slab_.slots(); ++slot) {
            if (!slab_.in_use(slot)) continue;
            visit(std::uint64_t{slab_[slot].key}, std::uint64_t{slab_[slot].weight},
                  payloads_[slot]);
        }
    }

    /// Objects that are resident.
    [[nodiscard]] std::size_t count() const { return index_.count(); }
    /// What they take of the capacity, in its unit; never more than it.
    [[nodiscard]] std::uint64_t occupied() const { return weight_; }
    [[nodiscard]] Capacity capacity() const { return capacity_; }
    /// Memory of the simulation behind the cache: entries, index, payloads and policy.
    [[nodiscard]] std::size_t memory() const {
        return slab_.memory() + index_.memory() + payloads_.capacity() * sizeof(Payload) +
               policy_.memory();
    }

private:
    /// Entries to allocate at once; a cache of bytes or of millions of entries grows as it fills.
    static std::size_t prepared(Capacity capacity) {
        if (capacity.unit == Capacity::Unit::bytes) return 0;
        return static_cast<std::size_t>(std::min<std::uint64_t>(capacity.amount, 1U << 16U));
    }

    [[nodiscard]] Slot slot_of(std::uint64_t key) const {
        return index_.find(key, [this](Slot slot) { return slab_[slot].key; });
    }

    template <typename OnVictim>
    void make_room(std::uint64_t weight, OnVictim& on_victim) {
        while (weight_ + weight > capacity_.amount) leave(policy_.evict(slab_), on_victim);
    }

    template <typename OnVictim>
    void overwrite(Slot slot, std::uint64_t weight, OnVictim& on_victim) {
        policy_.touch(slab_, slot);
        const std::uint64_t before = slab_[slot].weight;
        if (weight == before) return;
        policy_.reweigh(slab_, slot, weight);
        weight_ = weight_ - before + weight;
        make_room(0, on_victim);
    }

    /// Forgets an entry that the policy has let go.
    template <typename OnVictim>
    void leave(Slot slot, OnVictim&& on_victim) {
        const std::uint64_t key = slab_[slot].key;
        const std::uint64_t weight = slab_[slot].weight;
        on_victim(key, weight, payloads_[slot]);
        index_.erase(key, slot);
        slab_.give_back(slot);
        weight_ -= weight;
    }

    Capacity capacity_;
    Policy policy_;
    Slab slab_;
    Index index_;
    std::vector<Payload> payloads_;
    std::uint64_t weight_ = 0;
};

}  // namespace archsim::models::cache
