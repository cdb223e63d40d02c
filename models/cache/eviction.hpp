// What every eviction policy is: a rule that names the next object to leave a cache.
// The store owns the entries and asks; a policy keeps only its lists and the policy words of the
// entries. Policies are pure: no clock, no engine, and the same calls give the same victims.
#pragma once

#include "models/cache/slab.hpp"
#include "models/spec.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>

namespace archsim::models::cache {

/// What a policy is told once, when its cache is built.
struct Setting {
    std::uint64_t capacity = 0;  ///< sum of the weights that may be resident; at least 1
    std::uint64_t seed = 0;      ///< for the policies that draw random numbers
};

/// The calls of a store upon its policy. Insertion of a key is always: `expect(key, weight)`, then
/// `evict` until the object fits, then `admit` of its slot. No operation may take longer than
/// O(log n) amortised over the calls.
/// - touch: a resident entry was read or overwritten.
/// - expect: an absent key is about to be inserted with this weight.
/// - evict: chooses a victim and takes it out of its lists. Requires: an entry is resident.
/// - admit: a new entry, not yet in any list.
/// - erase: the entry was invalidated from outside; takes it out without remembering its key.
/// - reweigh: sets the weight of a resident entry.
/// - clear: forgets every entry and key (the store has lost its memory).
/// - memory: bytes held beside the slab.
template <typename Policy>
concept EvictionPolicy = std::movable<Policy> &&
    requires(Policy policy, const Policy& unchanged, Slab& slab, Slot slot, std::uint64_t number) {
    policy.touch(slab, slot);
    policy.expect(number, number);
    { policy.evict(slab) } -> std::same_as<Slot>;
    policy.admit(slab, slot);
    policy.erase(slab, slot);
    policy.reweigh(slab, slot, number);
    policy.clear();
    { unchanged.memory() } -> std::same_as<std::size_t>;
};

/// A policy that can be chosen by name in a scenario: its Config declares name and parameters.
template <typename Policy>
concept NamedEviction = EvictionPolicy<Policy> && HasSpec<typename Policy::Config> &&
    std::constructible_from<Policy, const typename Policy::Config&, const Setting&>;

/// The part that policies with a single list share.
class SingleList {
public:
    void expect(std::uint64_t /*key*/, std::uint64_t /*weight*/) {}
    void erase(Slab& slab, Slot slot) { list_.unlink(slab, slot); }
    void reweigh(Slab& slab, Slot slot, std::uint64_t weight) { list_.reweigh(slab, slot, weight); }
    void clear() { list_ = List{}; }
    [[nodiscard]] std::size_t memory() const { return 0; }

protected:
    List list_;
};

/// A share of the capacity, rounded down but never nothing.
[[nodiscard]] constexpr std::uint64_t share_of(std::uint64_t capacity, double share) {
    const auto part = static_cast<std::uint64_t>(static_cast<double>(capacity) * share);
    return part == 0 ? 1 : part;
}

}  // namespace archsim::models::cache
