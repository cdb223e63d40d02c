// Least frequently used: the object with the fewest uses leaves, the least recently used of them
// where several have as few. Optional aging, so that former favourites do not stay for ever.
// O(1), with aging O(1) amortised. A bucket of 48 bytes for each distinct number of uses.
#pragma once

#include "models/cache/eviction.hpp"
#include "models/spec.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace archsim::models::cache {

/// Buckets of equal count in ascending order (Shah, Mitra and Matani, An O(1) algorithm for
/// implementing the LFU cache eviction scheme, 2010). A count lives as long as its object is
/// resident: insertion makes it 1, each use adds 1.
/// Aging: after `aging` uses and insertions for each resident object, every count is halved,
/// rounded down but at least 1 (the periodic reduction of Robinson and Devarakonda, Data cache
/// management using frequency-based replacement, 1990). Where two counts become one, objects that
/// had the lower count leave first, and within it the least recently used.
class Lfu {
public:
    struct Config {
        std::int64_t aging = 0;  ///< uses per resident object until counts are halved; 0: never

        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{
                    "lfu",
                    "Evicts the key with the fewest uses, among those the least recently used."}
                    .optional(
                        "aging", &Config::aging,
                        "Uses per resident key after which all counts are halved; 0 means never.")
                    .at_least(0)
                    .at_most(1000000);
            return s;
        }
    };

    /// Requires: config.aging >= 0.
    explicit Lfu(const Config& config, const Setting&)
        : aging_{static_cast<std::uint64_t>(config.aging)} {}

    void expect(std::uint64_t /*key*/, std::uint64_t /*weight*/) {}

    void touch(Slab& slab, Slot slot) {
        const Place from = slab[slot].group;
        const std::uint64_t count = buckets_[from].count + 1;
        Place to = buckets_[from].higher;
        buckets_[from].entries.unlink(slab, slot);
        if (to == nowhere || buckets_[to].count != count) {
            if (buckets_[from].entries.empty()) {
                buckets_[from].count = count;  // alone in its bucket: the bucket moves with it
                to = from;
            } else {
                to = open(count, from);
            }
        }
        join(slab, slot, to);
        if (buckets_[from].entries.empty()) close(from);
        age(slab);
    }
    Slot evict(Slab& slab) {
        const Place place = lowest_;
        const Slot victim = buckets_[place].entries.pop_back(slab);
        --residents_;
        if (buckets_[place].entries.empty()) close(place);
        return victim;
    }
    void admit(Slab& slab, Slot slot) {
        if (lowest_ == nowhere || buckets_[lowest_].count != 1) open(1, nowhere);
        join(slab, slot, lowest_);
        ++residents_;
        age(slab);
    }
    void erase(Slab& slab, Slot slot) {
        const Place place = slab[slot].group;
        buckets_[place].entries.unlink(slab, slot);
        --residents_;
        if (buckets_[place].entries.empty()) close(place);
    }
    void reweigh(Slab& slab, Slot slot, std::uint64_t weight) {
        buckets_[slab[slot].group].entries.reweigh(slab, slot, weight);
    }
    void clear() {
        buckets_.clear();
        lowest_ = free_ = nowhere;
        residents_ = uses_ = 0;
    }
    [[nodiscard]] std::size_t memory() const { return buckets_.capacity() * sizeof(Bucket); }

private:
    using Place = std::uint32_t;
    static constexpr Place nowhere = 0xFFFFFFFFU;

    /// The objects of one count, the least recently used at the back.
    struct Bucket {
        List entries;
        std::uint64_t count = 0;
        Place lower = nowhere;
        Place higher = nowhere;
    };

    void join(Slab& slab, Slot slot, Place place) {
        slab[slot].group = place;
        buckets_[place].entries.push_front(slab, slot);
    }
    /// A new empty bucket right above another, or below all.
    Place open(std::uint64_t count, Place lower) {
        Place place = free_;
        if (place == nowhere) {
            place = static_cast<Place>(buckets_.size());
            buckets_.emplace_back();
        } else {
            free_ = buckets_[place].higher;
        }
        const Place higher = lower == nowhere ? lowest_ : buckets_[lower].higher;
        buckets_[place] = Bucket{List{}, count, lower, higher};
        (lower == nowhere ? lowest_ : buckets_[lower].higher) = place;
        if (higher != nowhere) buckets_[higher].lower = place;
        return place;
    }
    void close(Place place) {
        const Bucket& bucket = buckets_[place];
        (bucket.lower == nowhere ? lowest_ : buckets_[bucket.lower].higher) = bucket.higher;
        if (bucket.higher != nowhere) buckets_[bucket.higher].lower = bucket.lower;
        buckets_[place].higher = free_;
        free_ = place;
    }
    void age(Slab& slab) {
        if (aging_ == 0) return;
        if (++uses_ < aging_ * residents_) return;
        uses_ = 0;
        halve(slab);
    }
    /// O(residents), once in `aging` uses for each of them.
    void halve(Slab& slab) {
        for (Place place = lowest_; place != nowhere; place = buckets_[place].higher) {
            Bucket& bucket = buckets_[place];
            bucket.count = bucket.count < 2 ? 1 : bucket.count / 2;
            const Place lower = bucket.lower;
            if (lower == nowhere || buckets_[lower].count != bucket.count) continue;
            Bucket& merged = buckets_[lower];
            for (Slot slot = merged.entries.front(); slot != no_slot; slot = slab[slot].next) {
                slab[slot].group = place;
            }
            bucket.entries.append(slab, merged.entries);
            close(lower);
        }
    }

    std::vector<Bucket> buckets_;
    Place lowest_ = nowhere;
    Place free_ = nowhere;
    std::uint64_t aging_ = 0;
    std::uint64_t residents_ = 0;
    std::uint64_t uses_ = 0;
};
static_assert(NamedEviction<Lfu>);

}  // namespace archsim::models::cache
