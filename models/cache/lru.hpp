// Least recently used: the object whose last use is longest ago leaves.
// Links only: nothing beside the entry. O(1).
#pragma once

#include "models/cache/eviction.hpp"
#include "models/spec.hpp"

namespace archsim::models::cache {

/// A list in order of last use (Mattson, Gecsei, Slutz and Traiger, Evaluation techniques for
/// storage hierarchies, 1970). Insertion counts as use.
class Lru : public SingleList {
public:
    struct Config {
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{"lru", "Evicts the least recently used key."};
            return s;
        }
    };

    explicit Lru(const Config&, const Setting&) {}

    void touch(Slab& slab, Slot slot) { list_.move_to_front(slab, slot); }
    Slot evict(Slab& slab) { return list_.pop_back(slab); }
    void admit(Slab& slab, Slot slot) { list_.push_front(slab, slot); }
};
static_assert(NamedEviction<Lru>);

}  // namespace archsim::models::cache
