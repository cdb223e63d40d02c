// 2Q: a queue for newcomers, a memory of those that left it, and an LRU list for those that came
// back. O(1). Beside the entry: up to `ghost_share` of the capacity in ghosts of 48 to 96 bytes.
#pragma once

#include "models/cache/eviction.hpp"
#include "models/cache/ghosts.hpp"
#include "models/spec.hpp"
#include "sim/units.hpp"

#include <cstddef>
#include <cstdint>

namespace archsim::models::cache {

/// Johnson and Shasha, 2Q: a low overhead high performance buffer management replacement
/// algorithm, 1994 (the full version). Newcomers enter the queue A1in, where uses change nothing;
/// what leaves it is remembered in A1out, and a key that returns while remembered enters the LRU
/// list Am. A1in gives the victim while it is over its share, Am otherwise.
class TwoQ {
public:
    struct Config {
        sim::Probability queue_share{0.25};  ///< A1in of the capacity
        sim::Probability ghost_share{0.5};   ///< A1out, in the weights its keys had

        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{
                    "two_q",
                    "Evicts newcomers first in, first out, and keys that came back by last use."}
                    .alias("2q")
                    .optional("queue_share", &Config::queue_share,
                              "Share of the capacity for newcomers.")
                    .more_than(sim::Probability{0.0})
                    .less_than(sim::Probability{1.0})
                    .optional("ghost_share", &Config::ghost_share,
                              "Remembered keys, as a share of the capacity.")
                    .more_than(sim::Probability{0.0})
                    .less_than(sim::Probability{1.0});
            return s;
        }
    };

    explicit TwoQ(const Config& config, const Setting& setting)
        : queue_limit_{part(setting, config.queue_share)},
          ghost_limit_{part(setting, config.ghost_share)} {}

    void touch(Slab& slab, Slot slot) {
        if (slab[slot].group == returned) recent_.move_to_front(slab, slot);
    }
    void expect(std::uint64_t key, std::uint64_t /*weight*/) {
        arriving_ = ghosts_.forget(key) ? returned : newcomer;
    }
    Slot evict(Slab& slab) {
        if (!recent_.empty() && queue_.weight() <= queue_limit_) return recent_.pop_back(slab);
        const Slot victim = queue_.pop_back(slab);
        ghosts_.remember(slab[victim].key, slab[victim].weight, ghost_limit_);
        return victim;
    }
    void admit(Slab& slab, Slot slot) {
        slab[slot].group = arriving_;
        list_of(slab, slot).push_front(slab, slot);
    }
    void erase(Slab& slab, Slot slot) { list_of(slab, slot).unlink(slab, slot); }
    void reweigh(Slab& slab, Slot slot, std::uint64_t weight) {
        list_of(slab, slot).reweigh(slab, slot, weight);
    }
    void clear() {
        queue_ = recent_ = List{};
        ghosts_.clear();
    }
    [[nodiscard]] std::size_t memory() const { return ghosts_.memory(); }

private:
    static constexpr std::uint32_t newcomer = 0;
    static constexpr std::uint32_t returned = 1;

    static std::uint64_t part(const Setting& setting, sim::Probability share) {
        return static_cast<std::uint64_t>(static_cast<double>(setting.capacity) * share.value());
    }
    List& list_of(const Slab& slab, Slot slot) {
        return slab[slot].group == returned ? recent_ : queue_;
    }

    List queue_;     ///< A1in
    List recent_;    ///< Am
    Ghosts ghosts_;  ///< A1out
    std::uint64_t queue_limit_ = 0;
    std::uint64_t ghost_limit_ = 0;
    std::uint32_t arriving_ = newcomer;
};
static_assert(NamedEviction<TwoQ>);

}  // namespace archsim::models::cache
