// Clock: a queue in order of insertion where used objects get another round.
// A small counter in the entry: nothing beside it. O(1) amortised: each extra round uses up one
// recorded use.
#pragma once

#include "models/cache/eviction.hpp"
#include "models/spec.hpp"

#include <algorithm>
#include <cstdint>

namespace archsim::models::cache {

/// Second chance (Corbato, A paging experiment with the Multics system, 1968) with a counter of
/// `bits` bits (generalised clock: Smith, Sequentiality and prefetching in database systems,
/// 1978). A use adds 1 up to 2^bits - 1; the hand takes 1 away and passes on, or evicts at 0.
class Clock : public SingleList {
public:
    struct Config {
        std::int64_t bits = 1;        ///< 1 or 2
        bool mark_on_insert = false;  ///< insertion counts as the first use (the textbook's form)

        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{
                    "clock",
                    "Evicts in order of insertion, with another round for keys that were used."}
                    .alias("second_chance")
                    .optional("bits", &Config::bits, "Bits of the use counter.")
                    .at_least(1)
                    .at_most(2)
                    .optional("mark_on_insert", &Config::mark_on_insert,
                              "Insertion counts as the first use.");
            return s;
        }
    };

    /// Requires: config.bits is 1 or 2.
    explicit Clock(const Config& config, const Setting&)
        : most_{(1U << static_cast<std::uint32_t>(config.bits)) - 1U},
          first_{config.mark_on_insert ? 1U : 0U} {}

    void touch(Slab& slab, Slot slot) {
        std::uint32_t& uses = slab[slot].mark;
        uses = std::min(uses + 1, most_);
    }
    Slot evict(Slab& slab) {
        while (slab[list_.back()].mark > 0) {
            --slab[list_.back()].mark;
            list_.move_to_front(slab, list_.back());
        }
        return list_.pop_back(slab);
    }
    void admit(Slab& slab, Slot slot) {
        slab[slot].mark = first_;
        list_.push_front(slab, slot);
    }

private:
    std::uint32_t most_ = 1;
    std::uint32_t first_ = 0;
};
static_assert(NamedEviction<Clock>);

}  // namespace archsim::models::cache
