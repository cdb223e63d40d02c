// Rendezvous (highest random weight) hashing: every member scores every key, the best score wins.
// No table; removing a member moves only its own keys, at O(members) per look-up.
#pragma once

#include "models/ring/hash.hpp"
#include "models/ring/member.hpp"

#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace archsim::models {

/// Weighted rendezvous hashing with the score -w / ln(h), h uniform in (0, 1): each member gets
/// keys in proportion to its weight, and a change of one weight moves only keys of that member.
/// Sources: Thaler and Ravishankar, "Using Name-Based Mappings to Increase Hit Rates", 1998;
/// logarithmic form: Schindelhauer and Schomaker, "Weighted Distributed Hash Tables", 2005.
class Rendezvous {
public:
    Rendezvous() = default;
    /// Remembers the members; linear in their number. Requires: every weight above 0.
    explicit Rendezvous(std::span<const RingMember> members) {
        for (const RingMember& m : members) nodes_.push_back({xxh64(m.name), m.weight, m.id});
    }

    /// The score of one member for a key; the member with the largest score owns it.
    [[nodiscard]] static double score(std::uint64_t key_hash, std::uint64_t name_hash,
                                      double weight) {
        // 53 random bits and a half step: never 0 and never 1, so the logarithm is finite, not 0.
        const double h = (static_cast<double>(mix64(key_hash ^ name_hash) >> 11) + 0.5) * 0x1.0p-53;
        return -weight / std::log(h);
    }

    /// The id of the member that owns a key with this hash; nothing when there are no members.
    /// O(members).
    [[nodiscard]] std::optional<std::uint32_t> owner(std::uint64_t key_hash) const {
        std::optional<std::uint32_t> best;
        double best_score = 0.0;
        for (const Node& node : nodes_) {
            const double s = score(key_hash, node.name_hash, node.weight);
            if (best && s <= best_score) continue;
            best = node.id;
            best_score = s;
        }
        return best;
    }

private:
    struct Node {
        std::uint64_t name_hash;
        double weight;
        std::uint32_t id;
    };
    std::vector<Node> nodes_;
};

}  // namespace archsim::models
