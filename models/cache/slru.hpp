// Segmented LRU: an object has to be used again before it may displace proven ones.
// The segment's number is in the entry: nothing beside it. O(segments), which is a constant.
#pragma once

#include "models/cache/eviction.hpp"
#include "models/spec.hpp"
#include "sim/units.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace archsim::models::cache {

/// Karedla, Love and Wherry, Caching strategies to improve disk system performance, 1994.
/// Newcomers enter the probationary segment, victims leave from its end. A use moves an object to
/// the front of the next protected segment; what overflows there falls to the front of the segment
/// below. The paper has one protected segment; `protected_segments` splits the protected share into
/// equal ones. The probationary segment may fill whatever the protected ones leave free.
class Slru {
public:
    struct Config {
        sim::Probability protected_share{0.8};  ///< of the capacity, over 0 and under 1
        std::int64_t protected_segments = 1;    ///< 1 to 16

        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{"slru",
                                               "Evicts the least recently used key among those "
                                               "used once, before keys used again."}
                                      .optional("protected_share", &Config::protected_share,
                                                "Share of the capacity for keys used again.")
                                      .more_than(sim::Probability{0.0})
                                      .less_than(sim::Probability{1.0})
                                      .optional("protected_segments", &Config::protected_segments,
                                                "Equal segments of the protected share.")
                                      .at_least(1)
                                      .at_most(16);
            return s;
        }
    };

    /// Requires: the ranges of Config.
    explicit Slru(const Config& config, const Setting& setting)
        : segments_(static_cast<std::size_t>(config.protected_segments) + 1),
          limit_{share_of(setting.capacity, config.protected_share.value() /
                                                static_cast<double>(config.protected_segments))} {}

    void expect(std::uint64_t /*key*/, std::uint64_t /*weight*/) {}

    void touch(Slab& slab, Slot slot) {
        const std::uint32_t from = slab[slot].group;
        if (from + 1 == segments_.size()) {
            segments_[from].move_to_front(slab, slot);
            return;
        }
        move(slab, slot, from + 1);
        settle(slab);
    }
    Slot evict(Slab& slab) {
        std::size_t segment = 0;
        while (segments_[segment].empty()) ++segment;
        return segments_[segment].pop_back(slab);
    }
    void admit(Slab& slab, Slot slot) {
        slab[slot].group = 0;
        segments_[0].push_front(slab, slot);
    }
    void erase(Slab& slab, Slot slot) { segments_[slab[slot].group].unlink(slab, slot); }
    void reweigh(Slab& slab, Slot slot, std::uint64_t weight) {
        segments_[slab[slot].group].reweigh(slab, slot, weight);
        settle(slab);
    }
    void clear() { segments_.assign(segments_.size(), List{}); }
    [[nodiscard]] std::size_t memory() const { return segments_.capacity() * sizeof(List); }

private:
    void move(Slab& slab, Slot slot, std::uint32_t to) {
        segments_[slab[slot].group].unlink(slab, slot);
        slab[slot].group = to;
        segments_[to].push_front(slab, slot);
    }
    /// Lets overflow fall, from the top segment downwards.
    void settle(Slab& slab) {
        for (auto segment = static_cast<std::uint32_t>(segments_.size() - 1); segment > 0;
             --segment) {
            while (segments_[segment].weight() > limit_) {
                move(slab, segments_[segment].back(), segment - 1);
            }
        }
    }

    std::vector<List> segments_;  ///< from probation upwards
    std::uint64_t limit_ = 1;     ///< weight of one protected segment
};
static_assert(NamedEviction<Slru>);

}  // namespace archsim::models::cache
