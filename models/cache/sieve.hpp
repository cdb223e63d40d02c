// Sieve: a queue in order of insertion, and a hand that sifts it without moving anything.
// One bit in the entry: nothing beside it. O(1) amortised.
#pragma once

#include "models/cache/eviction.hpp"
#include "models/spec.hpp"

namespace archsim::models::cache {

/// Zhang, Yang, Yue, Vigfusson and Rashmi, SIEVE is simpler than LRU, 2024. A use marks an object.
/// The hand walks from the oldest to the newest and round again, clears marks, evicts the first
/// object without one and stays there; survivors keep their place, newcomers enter at the front.
class Sieve : public SingleList {
public:
    struct Config {
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{
                "sieve",
                "Evicts the next key under a moving hand that was not used since its last visit."};
            return s;
        }
    };

    explicit Sieve(const Config&, const Setting&) {}

    void touch(Slab& slab, Slot slot) { slab[slot].mark = 1; }
    Slot evict(Slab& slab) {
        Slot victim = hand_ == no_slot ? list_.back() : hand_;
        while (slab[victim].mark != 0) {
            slab[victim].mark = 0;
            const Slot newer = slab[victim].prev;
            victim = newer == no_slot ? list_.back() : newer;
        }
        hand_ = slab[victim].prev;
        list_.unlink(slab, victim);
        return victim;
    }
    void admit(Slab& slab, Slot slot) { list_.push_front(slab, slot); }
    void erase(Slab& slab, Slot slot) {
        if (hand_ == slot) hand_ = slab[slot].prev;
        SingleList::erase(slab, slot);
    }
    void clear() {
        SingleList::clear();
        hand_ = no_slot;
    }

private:
    Slot hand_ = no_slot;  ///< next to look at; none: the oldest
};
static_assert(NamedEviction<Sieve>);

}  // namespace archsim::models::cache
