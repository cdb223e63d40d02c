// First in, first out: the object that was inserted first leaves, however often it is used.
// Links only: nothing beside the entry. O(1).
#pragma once

#include "models/cache/eviction.hpp"
#include "models/spec.hpp"

namespace archsim::models::cache {

/// A queue in order of insertion (Belady, A study of replacement algorithms for a virtual-storage
/// computer, 1966). Overwriting a resident key does not move it.
class Fifo : public SingleList {
public:
    struct Config {
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{"fifo", "Evicts the key that was inserted first."};
            return s;
        }
    };

    explicit Fifo(const Config&, const Setting&) {}

    void touch(Slab& /*slab*/, Slot /*slot*/) {}
    Slot evict(Slab& slab) { return list_.pop_back(slab); }
    void admit(Slab& slab, Slot slot) { list_.push_front(slab, slot); }
};
static_assert(NamedEviction<Fifo>);

}  // namespace archsim::models::cache
