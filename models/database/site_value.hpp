// What one site holds of one key, and what becomes of it when a write arrives that its author made
// without knowing all that is here: the resolution of conflicts, without time and messages.
#pragma once

#include "models/database/version_vector.hpp"
#include "models/database/write_order.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace archsim::models {

/// What becomes of values of a key that were written without knowing each other.
enum class Resolution : std::uint8_t {
    last_write_wins,  ///< The one with the latest time stays.
    siblings,         ///< All stay, until a write or a merge that knows them replaces them.
    counter,          ///< Each write counts one up; all counts are added up.
    grow_only_set,    ///< Each write adds an element; all elements stay.
};

/// A write as one site tells it to another.
struct SiteWrite {
    std::uint64_t key = 0;
    Version version = initial_version;
    Version shown = initial_version;  ///< What readers see of it: a merge shows what is in it.
    Dot dot;
    VersionVector before;     ///< What its author knew of the key.
    std::uint64_t place = 0;  ///< In the order of the versions when it was made.
    std::uint64_t count = 0;  ///< Writes to the key that its site has taken, this one included.
};

/// A value of a key.
struct Sibling {
    Version version = initial_version;
    Version shown = initial_version;
    Dot dot;
};

/// The values of one key at one site.
class SiteValue {
public:
    struct Taken {
        bool is_concurrent = false;  ///< Something here was unknown to the author of the write.
        bool is_in = false;          ///< It is one of the values now.
    };
    /// Takes a write of this site or of another one. O(values); of a set O(1) where versions come
    /// in order. Requires: the writes of each site come in the order of its log, each once.
    Taken take(const SiteWrite& write, Resolution resolution, const WriteOrder& order) {
        // What the author knew needs not come any more: the write stands for it. A count or an
        // element still has to be added.
        const bool is_replaced = seen_.covers(write.dot);
        Taken taken;
        taken.is_concurrent = !is_replaced && !write.before.covers(seen_);
        counts_[write.dot.site] = std::max(counts_[write.dot.site], write.count);
        seen_.learn(write.dot);
        seen_.learn(write.before);
        if (is_replaced && resolution != Resolution::grow_only_set) return taken;
        if (resolution == Resolution::grow_only_set) {
            taken.is_in = add(write);
            // Elements never leave, so the latest of them need not be looked for.
            if (order.is_newer(write.shown, latest_)) latest_ = write.shown;
            return taken;
        }
        std::erase_if(siblings_,
                      [&](const Sibling& sibling) { return write.before.covers(sibling.dot); });
        if (resolution == Resolution::last_write_wins && !siblings_.empty()) {
            if (order.is_newer(siblings_.front().version, write.version)) return taken;
            siblings_.clear();
        }
        taken.is_in = add(write);
        return taken;
    }

    /// What is known here.
    [[nodiscard]] const VersionVector& seen() const { return seen_; }
    /// The values, by version.
    [[nodiscard]] const std::vector<Sibling>& siblings() const { return siblings_; }
    /// Writes to the key that have come, by the site that took them.
    [[nodiscard]] std::uint64_t count(std::size_t site) const { return counts_[site]; }
    /// All of them: the value of a counter.
    [[nodiscard]] std::uint64_t total() const {
        std::uint64_t sum = 0;
        for (const std::uint64_t count : counts_) sum += count;
        return sum;
    }
    /// What a reader sees: the latest of the values. O(values), of a set O(1).
    [[nodiscard]] Version shown(const WriteOrder& order) const {
        if (latest_ != initial_version) return latest_;
        Version newest = initial_version;
        for (const Sibling& sibling : siblings_) {
            if (order.is_newer(sibling.shown, newest)) newest = sibling.shown;
        }
        return newest;
    }
    /// Whether the other site holds the same. O(sites).
    [[nodiscard]] bool is_like(const SiteValue& other) const {
        return seen_ == other.seen_ && counts_ == other.counts_;
    }

private:
    /// Whether it was not there; a write that was tried again at another site is.
    bool add(const SiteWrite& write) {
        const auto place =
            std::ranges::lower_bound(siblings_, write.version, {}, &Sibling::version);
        if (place != siblings_.end() && place->version == write.version) return false;
        siblings_.insert(place, {write.version, write.shown, write.dot});
        return true;
    }

    VersionVector seen_;
    std::array<std::uint64_t, sites_most> counts_{};
    std::vector<Sibling> siblings_;
    Version latest_ = initial_version;  // of a set: the latest element
};

}  // namespace archsim::models
