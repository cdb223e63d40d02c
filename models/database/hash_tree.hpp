// How two copies find out where they differ without sending everything: each keeps a tree of hashes
// over its keys, and they compare from the root down, below differences only (Merkle, "A Digital
// Signature Based on a Conventional Encryption Function", 1987).
#pragma once

#include "models/ring/hash.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace archsim::models {

/// Where two complete binary trees differ, and what it takes to see that.
class HashTreeDifference {
public:
    /// Requires: leaves is a power of two.
    explicit HashTreeDifference(std::size_t leaves) : differs_(2 * leaves) {}

    /// The copies differ in this key. O(log leaves).
    void add(std::uint64_t key) {
        for (std::size_t node = leaf(key); node > 0; node /= 2) differs_[node] = true;
    }
    /// Whether the leaf of this key differs, so that its rows are exchanged. O(1).
    [[nodiscard]] bool holds(std::uint64_t key) const { return differs_[leaf(key)]; }
    /// Hashes that are compared: the root, and both children of every inner node that differs.
    /// O(leaves).
    [[nodiscard]] std::uint64_t hashes() const {
        std::uint64_t count = 1;
        for (std::size_t node = 1; node < differs_.size() / 2; ++node) {
            if (differs_[node]) count += 2;
        }
        return count;
    }

private:
    // Nodes are numbered from 1, the root; the children of i are 2 i and 2 i + 1.
    [[nodiscard]] std::size_t leaf(std::uint64_t key) const {
        const std::size_t leaves = differs_.size() / 2;
        return leaves + static_cast<std::size_t>(mix64(key)) % leaves;
    }
    std::vector<bool> differs_;  // by node
};

}  // namespace archsim::models
