// Random: any resident object leaves, each with the same probability.
// Beside the entry: 4 bytes in a table of the resident slots. O(1).
#pragma once

#include "models/cache/eviction.hpp"
#include "models/spec.hpp"
#include "sim/rng.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace archsim::models::cache {

/// Uniform choice from a dense table of slots; an entry's mark is its place there. Under
/// independent requests it misses exactly as often as FIFO (Gelenbe, A unified approach to the
/// evaluation of a class of replacement algorithms, 1973).
class Random {
public:
    struct Config {
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{"random", "Evicts any key, all alike."};
            return s;
        }
    };

    explicit Random(const Config&, const Setting& setting) : rng_{setting.seed} {}

    void touch(Slab& /*slab*/, Slot /*slot*/) {}
    void expect(std::uint64_t /*key*/, std::uint64_t /*weight*/) {}
    Slot evict(Slab& slab) {
        const Slot victim = slots_[rng_.below(slots_.size())];
        erase(slab, victim);
        return victim;
    }
    void admit(Slab& slab, Slot slot) {
        slab[slot].mark = static_cast<std::uint32_t>(slots_.size());
        slots_.push_back(slot);
    }
    void erase(Slab& slab, Slot slot) {
        const std::uint32_t place = slab[slot].mark;
        slots_[place] = slots_.back();
        slab[slots_[place]].mark = place;
        slots_.pop_back();
    }
    void reweigh(Slab& slab, Slot slot, std::uint64_t weight) { slab[slot].weight = weight; }
    void clear() { slots_.clear(); }
    [[nodiscard]] std::size_t memory() const { return slots_.capacity() * sizeof(Slot); }

private:
    std::vector<Slot> slots_;
    sim::Rng rng_;
};
static_assert(NamedEviction<Random>);

}  // namespace archsim::models::cache
