// One key after the other, round and round: a scan, the worst case of a cache.
#pragma once

#include "sim/check.hpp"

#include <cstdint>

namespace archsim::sim {

/// 0, 1, ..., count-1, 0, ... without chance.
class SequentialKeys {
public:
    /// Requires: count >= 1.
    explicit SequentialKeys(std::uint64_t count) : count_{count} {
        ARCHSIM_CHECK(count >= 1, "there are no keys");
    }
    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] std::uint64_t next() {
        const std::uint64_t key = next_;
        next_ = next_ + 1 == count_ ? 0 : next_ + 1;
        return key;
    }
    /// The same count, wherever they are.
    bool operator==(const SequentialKeys& other) const { return count_ == other.count_; }

private:
    std::uint64_t count_;
    std::uint64_t next_ = 0;
};

}  // namespace archsim::sim
