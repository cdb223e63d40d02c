// A consistent-hash ring: members own points on a circle, a key belongs to a point near its hash.
// The points are one sorted array, so a look-up is a binary search; the array is built anew only
// when the membership changes. Five ways to place points follow real systems exactly.
#pragma once

#include "models/codec.hpp"
#include "models/ring/member.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace archsim::models {

/// How a ring places its points and hashes its keys.
enum class RingPoints : std::uint8_t {
    own,      ///< xxh64 of "name_i", `virtual_nodes` times the weight; keys by xxh64.
    nginx,    ///< `hash ... consistent`: a chain of CRC-32, 160 points per unit of weight.
    ketama,   ///< libketama: four points from each MD5 digest of "name-k", 160 on average.
    haproxy,  ///< `hash-type consistent`: 16 points per unit of weight, nearest on either side.
    envoy,    ///< `ring_hash`: xxh64 of "name_i", at least `virtual_nodes` points in all.
};

template <>
struct EnumNames<RingPoints> {
    static constexpr std::array<EnumName<RingPoints>, 5> names{{
        {RingPoints::own, "own", "xxHash of the name and a number."},
        {RingPoints::nginx, "nginx", "A chain of CRC-32, as nginx."},
        {RingPoints::ketama, "ketama", "Four points from each MD5, as libketama."},
        {RingPoints::haproxy, "haproxy",
         "16 per unit of weight, nearest on either side, as HAProxy."},
        {RingPoints::envoy, "envoy", "xxHash, a least size of the whole ring, as Envoy."},
    }};
};

/// How a ring is laid out.
struct RingLayout {
    RingPoints points = RingPoints::own;
    /// own: points of a member of weight 1. envoy: the least size of the whole ring (default 1024
    /// there). The other schemes fix the number themselves and do not use it. At least 1.
    std::uint32_t virtual_nodes = 160;
};

/// The most points that a ring may have, as in Envoy: 8 Mi points, 128 MiB.
inline constexpr std::size_t max_ring_points = 8'388'608;

/// Points that one member of this weight has at most: its share of a ring of any membership. 0 for
/// envoy, whose rings are fitted to max_ring_points.
[[nodiscard]] double most_points(const RingLayout& layout, double weight);

/// The ring itself. Copyable; immutable once built. An empty ring owns nothing.
class Ring {
public:
    /// A place on the circle and the id of the member that owns it.
    struct Point {
        std::uint64_t position;
        std::uint32_t member;
    };

    Ring() = default;
    /// Builds the ring in O(V log V) for V points. Requires: weights above 0, names different,
    /// at most `max_ring_points` points in all.
    /// Sources: Karger et al., "Consistent Hashing and Random Trees", 1997; RJ/ketama; nginx
    /// ngx_http_upstream_hash_module.c; HAProxy lb_chash.c; Envoy ring_hash_lb.cc.
    Ring(RingLayout layout, std::span<const RingMember> members);

    /// The position of a key on the circle, by the hash function of this ring's scheme.
    [[nodiscard]] std::uint64_t position_of(std::string_view key) const;

    /// Index into points() of the point that owns a position. O(log V). Requires: not empty.
    [[nodiscard]] std::size_t find(std::uint64_t position) const;

    /// The member that owns a key; nothing when the ring is empty. O(log V).
    [[nodiscard]] std::optional<std::uint32_t> owner(std::string_view key) const {
        if (points_.empty()) return std::nullopt;
        return points_[find(position_of(key))].member;
    }

    /// Walks clockwise from the owner of `position` to the first point whose member is accepted;
    /// nothing when no member is. O(V) at worst, a few steps in practice.
    template <class Accepts>
    [[nodiscard]] std::optional<std::uint32_t> first_accepted(std::uint64_t position,
                                                              Accepts accepts) const {
        const std::size_t count = points_.size();
        if (count == 0) return std::nullopt;
        std::size_t at = find(position);
        for (std::size_t step = 0; step < count; ++step) {
            if (accepts(points_[at].member)) return points_[at].member;
            at = at + 1 == count ? 0 : at + 1;
        }
        return std::nullopt;
    }

    /// All points in the order of their positions.
    [[nodiscard]] std::span<const Point> points() const { return points_; }

private:
    RingLayout layout_{};
    std::vector<Point> points_;
};

}  // namespace archsim::models
