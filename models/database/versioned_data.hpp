// What one replica holds: for each key the version that is newest in the order of the log.
#pragma once

#include "models/history.hpp"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace archsim::models {

/// A place in the replication log, from 1; 0 is before the first entry.
using LogPosition = std::uint64_t;

/// The value of one key.
struct Stored {
    Version version = initial_version;
    LogPosition position = 0;  ///< Of the log entry that wrote it.
};

/// Key to value, last position wins.
class VersionedData {
public:
    /// The value of `key`; the initial version if nobody wrote it. O(1).
    [[nodiscard]] Stored at(std::uint64_t key) const {
        const auto found = values_.find(key);
        return found == values_.end() ? Stored{} : found->second;
    }
    /// Takes the value unless a later one is here already; whether it was taken. O(1) amortised.
    bool put(std::uint64_t key, Stored value) {
        const auto [place, is_new] = values_.try_emplace(key, value);
        if (is_new) {
            keys_.push_back(key);
            return true;
        }
        if (place->second.position >= value.position) return false;
        place->second = value;
        return true;
    }
    /// Puts an earlier value back. Requires: the key has been put before.
    void revert(std::uint64_t key, Stored value) { values_.find(key)->second = value; }
    void clear() {
        values_.clear();
        keys_.clear();
    }
    /// Every key ever put, in the order in which they came.
    [[nodiscard]] const std::vector<std::uint64_t>& keys() const { return keys_; }

private:
    std::unordered_map<std::uint64_t, Stored> values_;  // looked up, never iterated
    std::vector<std::uint64_t> keys_;
};

}  // namespace archsim::models
