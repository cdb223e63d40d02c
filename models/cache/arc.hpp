// ARC: two LRU lists, used once and used again, whose balance follows what was missed of late.
// O(1). Beside the entry: ghosts of 48 to 96 bytes for up to as many keys as are resident.
#pragma once

#include "models/cache/eviction.hpp"
#include "models/cache/ghosts.hpp"
#include "models/spec.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace archsim::models::cache {

/// Megiddo and Modha, ARC: a self-tuning, low overhead replacement cache, 2003, with a real-valued
/// target. Comments name the paper's lists: T1 and T2 are resident, B1 and B2 remember what left
/// them. In a cache of bytes all sizes are sums of weights, and a miss that was remembered moves
/// the target by the weight of the object where the paper has one page.
class Arc {
public:
    struct Config {
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{
                "arc",
                "Balances keys used once against keys used again by what was missed of late."};
            return s;
        }
    };

    explicit Arc(const Config&, const Setting& setting) : capacity_{setting.capacity} {}

    void touch(Slab& slab, Slot slot) {
        if (slab[slot].group == again) {
            again_.move_to_front(slab, slot);
            return;
        }
        once_.unlink(slab, slot);
        slab[slot].group = again;
        again_.push_front(slab, slot);
    }
    void expect(std::uint64_t key, std::uint64_t weight) {
        incoming_ = weight;
        was_again_ = false;
        arriving_ = again;
        if (once_ghosts_.contains(key)) {
            target_ = std::min(target_ + step(weight, again_ghosts_, once_ghosts_),
                               static_cast<double>(capacity_));
            once_ghosts_.forget(key);
        } else if (again_ghosts_.contains(key)) {
            target_ = std::max(target_ - step(weight, once_ghosts_, again_ghosts_), 0.0);
            again_ghosts_.forget(key);
            was_again_ = true;
        } else {
            arriving_ = once;
            trim();
        }
    }
    Slot evict(Slab& slab) {
        // A first list that fills the cache alone gives way without being remembered (case IV A).
        if (arriving_ == once && !once_.empty() && once_.weight() + incoming_ > capacity_) {
            return once_.pop_back(slab);
        }
        const auto size = static_cast<double>(once_.weight());
        const bool from_once = size > target_ || (was_again_ && size == target_);
        if (again_.empty() || (!once_.empty() && from_once)) {
            return leave(slab, once_, once_ghosts_);
        }
        return leave(slab, again_, again_ghosts_);
    }
    void admit(Slab& slab, Slot slot) {
        slab[slot].group = arriving_;
        list_of(slab, slot).push_front(slab, slot);
        incoming_ = 0;
        arriving_ = again;
        was_again_ = false;
    }
    void erase(Slab& slab, Slot slot) { list_of(slab, slot).unlink(slab, slot); }
    void reweigh(Slab& slab, Slot slot, std::uint64_t weight) {
        list_of(slab, slot).reweigh(slab, slot, weight);
    }
    void clear() {
        once_ = again_ = List{};
        once_ghosts_.clear();
        again_ghosts_.clear();
        target_ = 0.0;
    }
    [[nodiscard]] std::size_t memory() const {
        return once_ghosts_.memory() + again_ghosts_.memory();
    }

private:
    static constexpr std::uint32_t once = 0;
    static constexpr std::uint32_t again = 1;

    static double step(std::uint64_t weight, const Ghosts& other, const Ghosts& own) {
        const double ratio =
            static_cast<double>(other.weight()) / static_cast<double>(own.weight());
        return static_cast<double>(weight) * std::max(ratio, 1.0);
    }
    static Slot leave(Slab& slab, List& list, Ghosts& ghosts) {
        const Slot victim = list.pop_back(slab);
        ghosts.remember(slab[victim].key, slab[victim].weight);
        return victim;
    }
    /// Keeps T1 + B1 within the capacity and all four lists within twice the capacity, once a
    /// wholly new object is counted in.
    void trim() {
        while (!once_ghosts_.empty() &&
               once_.weight() + once_ghosts_.weight() + incoming_ > capacity_) {
            once_ghosts_.forget_oldest();
        }
        while (!again_ghosts_.empty() && once_.weight() + once_ghosts_.weight() + again_.weight() +
                                                 again_ghosts_.weight() + incoming_ >
                                             2 * capacity_) {
            again_ghosts_.forget_oldest();
        }
    }
    List& list_of(const Slab& slab, Slot slot) { return slab[slot].group == once ? once_ : again_; }

    List once_;            ///< T1
    List again_;           ///< T2
    Ghosts once_ghosts_;   ///< B1
    Ghosts again_ghosts_;  ///< B2
    std::uint64_t capacity_ = 1;
    double target_ = 0.0;  ///< p, wanted weight of T1
    std::uint64_t incoming_ = 0;
    std::uint32_t arriving_ = again;
    bool was_again_ = false;  ///< the expected key was remembered in B2
};
static_assert(NamedEviction<Arc>);

}  // namespace archsim::models::cache
