// The sides into which partitions cut an architecture, as a client's operations are stamped with
// them. What is cut is the business of the network; this only numbers the sides.
#pragma once

#include "models/node.hpp"
#include "sim/units.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace archsim::models {

/// The partitions of one run and the one that counts at present: the one that began last, or before
/// the first one the one that begins first. So an operation before or after a partition has the
/// side on which its client was or will be.
class Sides {
public:
    /// Addresses on each side; an empty one is everybody who is on no other.
    using Groups = std::vector<std::vector<std::string>>;

    /// Adds a partition and returns its number for begin().
    std::size_t announce(sim::Instant begins, Groups groups) {
        const std::size_t number = partitions_.size();
        partitions_.push_back(std::move(groups));
        if (begins < first_begin_) {
            first_begin_ = begins;
            if (!has_begun_) current_ = number;
        }
        ++changes_;
        return number;
    }
    /// The partition begins: from now on its sides count.
    void begin(std::size_t number) {
        has_begun_ = true;
        current_ = number;
        ++changes_;
    }
    /// Rises whenever an answer of of() may have changed.
    [[nodiscard]] std::uint64_t changes() const { return changes_; }

    /// The side of a node, from 1; 0 if no partition cuts it off. O(addresses).
    [[nodiscard]] std::uint8_t of(const Node& node) const {
        if (current_ >= partitions_.size()) return 0;
        const Groups& groups = partitions_[current_];
        std::size_t others = groups.size();
        for (std::size_t i = 0; i < groups.size(); ++i) {
            if (groups[i].empty()) others = i;
            if (std::ranges::any_of(groups[i], [&](const auto& a) { return node.answers_to(a); })) {
                return number_of(i);
            }
        }
        return others < groups.size() ? number_of(others) : 0;
    }

private:
    static std::uint8_t number_of(std::size_t index) {
        return static_cast<std::uint8_t>(std::min<std::size_t>(index + 1, 255));
    }
    std::vector<Groups> partitions_;
    sim::Instant first_begin_ = sim::Instant::never();
    std::size_t current_ = 0;
    std::uint64_t changes_ = 0;
    bool has_begun_ = false;
};

}  // namespace archsim::models
