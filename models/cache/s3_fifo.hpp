// S3-FIFO: three plain queues; a small one filters out what is used once.
// O(1) amortised. Beside the entry: up to `ghost_share` of the capacity in ghosts of 48 to 64
// bytes.
#pragma once

#include "models/cache/eviction.hpp"
#include "models/cache/ghosts.hpp"
#include "models/spec.hpp"
#include "sim/units.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace archsim::models::cache {

/// Yang, Zhang, Qiu, Yue and Rashmi, FIFO queues are all you need for cache eviction, 2023.
/// Newcomers enter the small queue; at its end an object with `uses_to_stay` uses moves to the main
/// queue with its count back at 0, another one leaves and is remembered. A remembered key enters
/// the main queue, which is a clock with counts up to 3. The main queue gives the victim when it is
/// over its share or the small one is empty.
class S3Fifo {
public:
    struct Config {
        sim::Probability small_share{0.1};  ///< small queue, of the capacity
        sim::Probability ghost_share{0.9};  ///< remembered keys, in the weights they had
        std::int64_t uses_to_stay = 2;      ///< uses in the small queue to enter the main; 1 to 3

        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{"s3_fifo",
                                               "Evicts from a small queue of newcomers, unless "
                                               "they were used, before a main queue."}
                                      .optional("small_share", &Config::small_share,
                                                "Share of the capacity for newcomers.")
                                      .more_than(sim::Probability{0.0})
                                      .less_than(sim::Probability{1.0})
                                      .optional("ghost_share", &Config::ghost_share,
                                                "Remembered keys, as a share of the capacity.")
                                      .more_than(sim::Probability{0.0})
                                      .optional("uses_to_stay", &Config::uses_to_stay,
                                                "Uses as a newcomer after which a key is kept.")
                                      .at_least(1)
                                      .at_most(3);
            return s;
        }
    };

    /// Requires: the ranges of Config.
    explicit S3Fifo(const Config& config, const Setting& setting)
        : main_limit_{setting.capacity - share_of(setting.capacity, config.small_share.value())},
          ghost_limit_{share_of(setting.capacity, config.ghost_share.value())},
          uses_to_stay_{static_cast<std::uint32_t>(config.uses_to_stay)} {}

    void touch(Slab& slab, Slot slot) {
        std::uint32_t& uses = slab[slot].mark;
        uses = std::min(uses + 1, most_uses);
    }
    void expect(std::uint64_t key, std::uint64_t /*weight*/) {
        arriving_ = ghosts_.forget(key) ? in_main : in_small;
    }
    Slot evict(Slab& slab) {
        if (main_.weight() <= main_limit_) {
            const Slot victim = evict_small(slab);
            if (victim != no_slot) return victim;
        }
        return evict_main(slab);
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
        small_ = main_ = List{};
        ghosts_.clear();
    }
    [[nodiscard]] std::size_t memory() const { return ghosts_.memory(); }

private:
    static constexpr std::uint32_t in_small = 0;
    static constexpr std::uint32_t in_main = 1;
    static constexpr std::uint32_t most_uses = 3;

    /// The oldest of the small queue that was not used enough; those before it move to the main
    /// queue, though it may then hold more than its share until the next eviction.
    Slot evict_small(Slab& slab) {
        while (!small_.empty()) {
            const Slot oldest = small_.pop_back(slab);
            Entry& entry = slab[oldest];
            if (entry.mark < uses_to_stay_) {
                ghosts_.remember(entry.key, entry.weight, ghost_limit_);
                return oldest;
            }
            entry.mark = 0;
            entry.group = in_main;
            main_.push_front(slab, oldest);
        }
        return no_slot;
    }
    Slot evict_main(Slab& slab) {
        while (slab[main_.back()].mark > 0) {
            --slab[main_.back()].mark;
            main_.move_to_front(slab, main_.back());
        }
        return main_.pop_back(slab);
    }
    List& list_of(const Slab& slab, Slot slot) {
        return slab[slot].group == in_main ? main_ : small_;
    }

    List small_;
    List main_;
    Ghosts ghosts_;
    std::uint64_t main_limit_ = 0;
    std::uint64_t ghost_limit_ = 0;
    std::uint32_t uses_to_stay_ = 2;
    std::uint32_t arriving_ = in_small;
};
static_assert(NamedEviction<S3Fifo>);

}  // namespace archsim::models::cache
