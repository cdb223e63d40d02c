// Which versions of data are outdated, and since when: what nobody in a distributed system knows,
// and a simulator needs to measure staleness. Stores report what they commit; caches and the like
// ask about what they served. No component may base a decision on it.
#pragma once

#include "models/history.hpp"
#include "sim/units.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace archsim::models {

/// The commits of all stores of one run. A store is the number of its component.
class Freshness {
public:
    /// `version` is now the newest of this key in this store. O(1) amortised.
    void committed(std::uint32_t store, std::uint64_t key, Version version, sim::Instant now) {
        const auto [place, is_first] = newest_.try_emplace({store, key}, Newest{version, now});
        if (is_first) return;
        Newest& newest = place->second;
        if (newest.version == version) return;
        if (outdated_since_.size() <= newest.version) {
            outdated_since_.resize(newest.version + 1, sim::Instant::never());
        }
        outdated_since_[newest.version] = now;
        newest.version = version;
    }

    /// Since when a newer version than this one is committed; nothing if there is none. O(1).
    [[nodiscard]] std::optional<sim::Instant> outdated_since(std::uint32_t store, std::uint64_t key,
                                                             Version version) const {
        if (version == initial_version) {
            const auto found = newest_.find({store, key});
            if (found == newest_.end()) return std::nullopt;
            return found->second.first_commit;
        }
        if (version >= outdated_since_.size()) return std::nullopt;
        const sim::Instant since = outdated_since_[version];
        if (since == sim::Instant::never()) return std::nullopt;
        return since;
    }

private:
    struct Place {
        std::uint32_t store;
        std::uint64_t key;
        bool operator==(const Place&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Place& place) const {
            // Fibonacci hashing: dense keys of a few stores spread over the whole range.
            return (place.key + (std::uint64_t{place.store} << 48U)) * 0x9e3779b97f4a7c15U;
        }
    };
    struct Newest {
        Version version;
        sim::Instant first_commit;
    };
    std::unordered_map<Place, Newest, Hash> newest_;  // looked up, never iterated
    std::vector<sim::Instant> outdated_since_;        // by version
};

}  // namespace archsim::models
