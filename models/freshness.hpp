// Which versions of data are outdated, and since when: what nobody in a distributed system knows,
// and a simulator needs to measure staleness. Stores report what they commit; caches and the like
// ask about what they served. No component may base a decision on it.
#pragma once

#include "models/consistency/key_indices.hpp"
#include "models/history.hpp"
#include "sim/units.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace archsim::models {

/// The commits of all stores of one run. A store is the number of its component.
class Freshness {
public:
    /// `version` is now the newest of this key in this store. O(1) amortised.
    void committed(std::uint32_t store, std::uint64_t key, Version version, sim::Instant now) {
        if (store >= stores_.size()) stores_.resize(std::size_t{store} + 1);
        Store& own = stores_[store];
        const std::uint32_t index = own.keys.add(key);
        if (index == own.newest.size()) {
            own.newest.push_back({version, now});
            return;
        }
        Newest& newest = own.newest[index];
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
            if (store >= stores_.size()) return std::nullopt;
            const std::optional<std::uint32_t> index = stores_[store].keys.find(key);
            if (!index) return std::nullopt;
            return stores_[store].newest[*index].first_commit;
        }
        if (version >= outdated_since_.size()) return std::nullopt;
        const sim::Instant since = outdated_since_[version];
        if (since == sim::Instant::never()) return std::nullopt;
        return since;
    }

private:
    struct Newest {
        Version version;
        sim::Instant first_commit;
    };
    struct Store {
        KeyIndices keys;
        std::vector<Newest> newest;  // by index of the key
    };
    std::vector<Store> stores_;                 // by number
    std::vector<sim::Instant> outdated_since_;  // by version
};

}  // namespace archsim::models
