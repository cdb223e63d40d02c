// Keys in the order in which they were recorded, from the start again when the record ends.
#pragma once

#include "sim/check.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace archsim::sim {

/// A recorded list of keys, over and over, without chance.
class TraceKeys {
public:
    /// O(n log n). Requires: at least one key.
    explicit TraceKeys(std::vector<std::uint64_t> keys) : keys_{std::move(keys)} {
        ARCHSIM_CHECK(!keys_.empty(), "there are no keys");
        std::vector<std::uint64_t> sorted = keys_;
        std::ranges::sort(sorted);
        const auto end = std::unique(sorted.begin(), sorted.end());
        distinct_ = static_cast<std::uint64_t>(end - sorted.begin());
    }
    /// The number of different keys.
    [[nodiscard]] std::uint64_t count() const { return distinct_; }
    [[nodiscard]] const std::vector<std::uint64_t>& keys() const { return keys_; }
    [[nodiscard]] std::uint64_t next() {
        const std::uint64_t key = keys_[next_];
        next_ = next_ + 1 == keys_.size() ? 0 : next_ + 1;
        return key;
    }
    /// The same keys, wherever they are.
    bool operator==(const TraceKeys& other) const { return keys_ == other.keys_; }

private:
    std::vector<std::uint64_t> keys_;
    std::uint64_t distinct_ = 0;
    std::size_t next_ = 0;
};

}  // namespace archsim::sim
