// W-TinyLFU: a small LRU window for newcomers, and a main part which they enter only if they are
// used more often than the object that would leave. O(1) amortised.
// Beside the entry: 8 to 16 bytes for each resident object in the frequency sketch.
#pragma once

#include "models/cache/eviction.hpp"
#include "models/cache/frequency_sketch.hpp"
#include "models/spec.hpp"
#include "sim/units.hpp"

#include <cstddef>
#include <cstdint>

namespace archsim::models::cache {

/// Einziger, Friedman and Manes, TinyLFU: a highly efficient cache admission policy, 2017. The
/// main part is a segmented LRU: its victim is the oldest on probation. The oldest of the window is
/// the candidate; it wins with a strictly higher estimate and the loser leaves. Estimates count
/// uses and insertions, also of keys that are not resident, and are halved after `sample` of them
/// for each resident object.
class WTinyLfu {
public:
    struct Config {
        sim::Probability window_share{0.01};    ///< of the capacity
        sim::Probability protected_share{0.8};  ///< of the main part
        std::int64_t sample = 10;  ///< uses per resident object until estimates are halved; >= 1

        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{"w_tinylfu",
                             "Evicts the less often used of the oldest newcomer and the oldest key "
                             "on probation."}
                    .optional("window_share", &Config::window_share,
                              "Share of the capacity for newcomers.")
                    .more_than(sim::Probability{0.0})
                    .less_than(sim::Probability{1.0})
                    .optional("protected_share", &Config::protected_share,
                              "Share of the rest for keys used again.")
                    .more_than(sim::Probability{0.0})
                    .less_than(sim::Probability{1.0})
                    .optional("sample", &Config::sample,
                              "Uses per resident key after which frequencies are halved.")
                    .at_least(1)
                    .at_most(1000000);
            return s;
        }
    };

    /// Requires: the ranges of Config.
    explicit WTinyLfu(const Config& config, const Setting& setting)
        : window_limit_{share_of(setting.capacity, config.window_share.value())},
          protected_limit_{
              share_of(setting.capacity - window_limit_, config.protected_share.value())},
          sketch_{static_cast<std::uint64_t>(config.sample)} {}

    void touch(Slab& slab, Slot slot) {
        sketch_.add(slab[slot].key);
        if (slab[slot].group != on_probation) {
            list_of(slab, slot).move_to_front(slab, slot);
            return;
        }
        move(slab, slot, in_protected);
        settle(slab);
    }
    void expect(std::uint64_t key, std::uint64_t weight) {
        sketch_.add(key);
        incoming_ = weight;
    }
    Slot evict(Slab& slab) {
        --residents_;
        const bool main_is_empty = probation_.empty() && protected_.empty();
        const bool window_is_full =
            !window_.empty() && window_.weight() + incoming_ > window_limit_;
        if (main_is_empty) return window_.pop_back(slab);
        List& last = probation_.empty() ? protected_ : probation_;
        if (!window_is_full) return last.pop_back(slab);
        const Slot candidate = window_.back();
        if (sketch_.estimate(slab[candidate].key) <= sketch_.estimate(slab[last.back()].key)) {
            return window_.pop_back(slab);
        }
        const Slot victim = last.pop_back(slab);
        move(slab, candidate, on_probation);
        return victim;
    }
    void admit(Slab& slab, Slot slot) {
        incoming_ = 0;
        slab[slot].group = in_window;
        window_.push_front(slab, slot);
        sketch_.provide_for(++residents_);
        settle(slab);
    }
    void erase(Slab& slab, Slot slot) {
        --residents_;
        list_of(slab, slot).unlink(slab, slot);
    }
    void reweigh(Slab& slab, Slot slot, std::uint64_t weight) {
        list_of(slab, slot).reweigh(slab, slot, weight);
        settle(slab);
    }
    void clear() {
        window_ = probation_ = protected_ = List{};
        sketch_.clear();
        residents_ = 0;
    }
    [[nodiscard]] std::size_t memory() const { return sketch_.memory(); }

private:
    static constexpr std::uint32_t in_window = 0;
    static constexpr std::uint32_t on_probation = 1;
    static constexpr std::uint32_t in_protected = 2;

    List& list_of(const Slab& slab, Slot slot) {
        if (slab[slot].group == in_window) return window_;
        return slab[slot].group == on_probation ? probation_ : protected_;
    }
    void move(Slab& slab, Slot slot, std::uint32_t to) {
        list_of(slab, slot).unlink(slab, slot);
        slab[slot].group = to;
        list_of(slab, slot).push_front(slab, slot);
    }
    /// Overflow goes to probation: of the window while the cache has room, and of the protected.
    /// A single object may be heavier than the whole window.
    void settle(Slab& slab) {
        while (window_.weight() > window_limit_ && window_.front() != window_.back()) {
            move(slab, window_.back(), on_probation);
        }
        while (protected_.weight() > protected_limit_) {
            move(slab, protected_.back(), on_probation);
        }
    }

    List window_;
    List probation_;
    List protected_;
    std::uint64_t window_limit_ = 1;
    std::uint64_t protected_limit_ = 1;
    FrequencySketch sketch_;
    std::uint64_t incoming_ = 0;
    std::uint64_t residents_ = 0;
};
static_assert(NamedEviction<WTinyLfu>);

}  // namespace archsim::models::cache
