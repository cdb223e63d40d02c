// The one list of eviction policies: a new one is an include and a name in `AnyEviction`.
// Eviction is whichever of them a scenario chose, and itself a policy for a store.
#pragma once

#include "models/cache/arc.hpp"
#include "models/cache/clock.hpp"
#include "models/cache/eviction.hpp"
#include "models/cache/fifo.hpp"
#include "models/cache/lfu.hpp"
#include "models/cache/lru.hpp"
#include "models/cache/random.hpp"
#include "models/cache/s3_fifo.hpp"
#include "models/cache/sieve.hpp"
#include "models/cache/slru.hpp"
#include "models/cache/two_q.hpp"
#include "models/cache/w_tinylfu.hpp"
#include "models/choice.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>

namespace archsim::models::cache {

/// Every policy; the first is the default.
using AnyEviction =
    std::variant<Lru, Lfu, Fifo, Clock, Random, Slru, TwoQ, Arc, WTinyLfu, S3Fifo, Sieve>;

/// The configurations of the policies in a list.
template <typename List>
struct ConfigsOf;
template <NamedEviction... Policies>
struct ConfigsOf<std::variant<Policies...>> {
    using Choice = OneOf<typename Policies::Config...>;
};

/// How a scenario names a policy: "lru", or {"kind": "clock", "bits": 2}.
using EvictionChoice = ConfigsOf<AnyEviction>::Choice;

/// A policy chosen at run time; each call costs one more jump.
class Eviction {
public:
    /// Requires: a choice within the ranges of its spec.
    explicit Eviction(const EvictionChoice& choice, const Setting& setting)
        : policy_{build(choice, setting, std::make_index_sequence<count>{})} {}

    void touch(Slab& slab, Slot slot) {
        std::visit([&](auto& policy) { policy.touch(slab, slot); }, policy_);
    }
    void expect(std::uint64_t key, std::uint64_t weight) {
        std::visit([&](auto& policy) { policy.expect(key, weight); }, policy_);
    }
    Slot evict(Slab& slab) {
        return std::visit([&](auto& policy) { return policy.evict(slab); }, policy_);
    }
    void admit(Slab& slab, Slot slot) {
        std::visit([&](auto& policy) { policy.admit(slab, slot); }, policy_);
    }
    void erase(Slab& slab, Slot slot) {
        std::visit([&](auto& policy) { policy.erase(slab, slot); }, policy_);
    }
    void reweigh(Slab& slab, Slot slot, std::uint64_t weight) {
        std::visit([&](auto& policy) { policy.reweigh(slab, slot, weight); }, policy_);
    }
    void clear() {
        std::visit([](auto& policy) { policy.clear(); }, policy_);
    }
    [[nodiscard]] std::size_t memory() const {
        return std::visit([](const auto& policy) { return policy.memory(); }, policy_);
    }

private:
    static constexpr std::size_t count = std::variant_size_v<AnyEviction>;

    template <std::size_t I>
    static AnyEviction build_one(const EvictionChoice& choice, const Setting& setting) {
        return AnyEviction{std::in_place_index<I>, *std::get_if<I>(&choice), setting};
    }
    template <std::size_t... I>
    static AnyEviction build(const EvictionChoice& choice, const Setting& setting,
                             std::index_sequence<I...>) {
        using Build = AnyEviction (*)(const EvictionChoice&, const Setting&);
        static constexpr Build builders[] = {&build_one<I>...};
        return builders[choice.index()](choice, setting);
    }

    AnyEviction policy_;
};
static_assert(EvictionPolicy<Eviction>);

}  // namespace archsim::models::cache
