// How each scheme places its points, and the one look-up that they share.
#include "models/ring/ring.hpp"

#include "models/ring/hash.hpp"
#include "sim/check.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace archsim::models {
namespace {

using Points = std::vector<Ring::Point>;

/// Refuses a ring that is too large before memory is taken for it.
void make_room(Points& points, std::uint64_t more) {
    ARCHSIM_CHECK(points.size() + more <= max_ring_points, "a ring of over {} points is too large",
                  max_ring_points);
    points.reserve(points.size() + more);
}

/// A number of points in proportion to a weight, at least 1: no member may vanish from the ring.
std::uint64_t scaled_count(double per_unit, double weight) {
    constexpr double most = 1e15;  // a whole number in either type
    return static_cast<std::uint64_t>(std::clamp(std::round(per_unit * weight), 1.0, most));
}

/// The numbers of a member's points have 12 bits.
std::uint64_t haproxy_count(double weight) {
    return std::min<std::uint64_t>(4096, scaled_count(16.0, weight));
}

void place_own(Points& points, const RingMember& member, std::uint32_t per_unit) {
    const std::uint64_t count = scaled_count(per_unit, member.weight);
    make_room(points, count);
    for (std::uint64_t i = 0; i < count; ++i) {
        points.push_back({xxh64(member.name + "_" + std::to_string(i)), member.id});
    }
}

void place_nginx(Points& points, const RingMember& member) {
    // The port, when the name ends in ":digits", is separated from the host by a zero byte.
    const std::string_view name = member.name;
    const std::size_t colon = name.rfind(':');
    const bool has_port = colon != std::string_view::npos &&
                          name.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
    Crc32 base;
    base.add(has_port ? name.substr(0, colon) : name).add(std::string_view{"\0", 1});
    if (has_port) base.add(name.substr(colon + 1));

    std::uint32_t previous = 0;
    const std::uint64_t count = scaled_count(160.0, member.weight);
    make_room(points, count);
    for (std::uint64_t i = 0; i < count; ++i) {
        previous = Crc32{base}.add_little_endian(previous).value();
        points.push_back({previous, member.id});
    }
}

std::uint32_t ketama_word(const Digest& digest, std::size_t word) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) value = (value << 8) | digest[word * 4 + i];
    return value;
}

void place_ketama(Points& points, std::span<const RingMember> members) {
    double total = 0.0;
    for (const RingMember& m : members) total += m.weight;
    for (const RingMember& m : members) {
        // Single precision is part of the definition: libketama divides two floats.
        const float share = static_cast<float>(m.weight) / static_cast<float>(total);
        const double wanted =
            static_cast<double>(share) * 40.0 * static_cast<double>(members.size());
        const auto digests = static_cast<std::uint64_t>(std::floor(static_cast<float>(wanted)));
        make_room(points, 4 * digests);
        for (std::uint64_t k = 0; k < digests; ++k) {
            const Digest digest = md5(m.name + "-" + std::to_string(k));
            for (std::size_t word = 0; word < 4; ++word) {
                points.push_back({ketama_word(digest, word), m.id});
            }
        }
    }
}

void place_haproxy(Points& points, const RingMember& member) {
    const std::uint32_t first = (member.id + 1) * 4096;
    const std::uint64_t count = haproxy_count(member.weight);
    make_room(points, count);
    for (std::uint32_t j = 0; j < count; ++j) {
        points.push_back({haproxy_full_hash(first + j), member.id});
    }
}

void place_envoy(Points& points, std::span<const RingMember> members, std::uint32_t least_size) {
    double total = 0.0;
    double least = members.front().weight;
    for (const RingMember& m : members) {
        total += m.weight;
        least = std::min(least, m.weight);
    }
    const double least_share = least / total;
    // The lightest member gets a whole number of points; the others follow by running sums.
    const double scale = std::min(std::ceil(least_share * least_size) / least_share,
                                  static_cast<double>(max_ring_points));
    make_room(points, static_cast<std::uint64_t>(scale));
    double placed = 0.0;
    double target = 0.0;
    for (const RingMember& m : members) {
        target += scale * (m.weight / total);
        for (std::uint64_t i = 0; placed < target; ++i, placed += 1.0) {
            points.push_back({xxh64(m.name + "_" + std::to_string(i)), m.id});
        }
    }
}

}  // namespace

double most_points(const RingLayout& layout, double weight) {
    switch (layout.points) {
        case RingPoints::own:
            return static_cast<double>(scaled_count(layout.virtual_nodes, weight));
        case RingPoints::nginx:
            return static_cast<double>(scaled_count(160.0, weight));
        case RingPoints::ketama:
            return 160.0;  // on average over the members, whatever their weights
        case RingPoints::haproxy:
            return static_cast<double>(haproxy_count(weight));
        case RingPoints::envoy:
            break;
    }
    return 0.0;
}

Ring::Ring(RingLayout layout, std::span<const RingMember> members) : layout_{layout} {
    if (members.empty()) return;
    switch (layout.points) {
        case RingPoints::own:
            for (const RingMember& m : members) place_own(points_, m, layout.virtual_nodes);
            break;
        case RingPoints::nginx:
            for (const RingMember& m : members) place_nginx(points_, m);
            break;
        case RingPoints::ketama:
            place_ketama(points_, members);
            break;
        case RingPoints::haproxy:
            for (const RingMember& m : members) place_haproxy(points_, m);
            break;
        case RingPoints::envoy:
            place_envoy(points_, members, layout.virtual_nodes);
            break;
    }
    // Two members may meet in one position: the one named first keeps it, on every machine.
    std::stable_sort(points_.begin(), points_.end(),
                     [](const Point& a, const Point& b) { return a.position < b.position; });
    const auto last =
        std::unique(points_.begin(), points_.end(),
                    [](const Point& a, const Point& b) { return a.position == b.position; });
    points_.erase(last, points_.end());
}

std::uint64_t Ring::position_of(std::string_view key) const {
    switch (layout_.points) {
        case RingPoints::nginx:
            return crc32(key);
        case RingPoints::ketama:
            return ketama_word(md5(key), 0);
        case RingPoints::haproxy:
            return haproxy_full_hash(sdbm(key));
        case RingPoints::own:
        case RingPoints::envoy:
            break;
    }
    return xxh64(key);
}

std::size_t Ring::find(std::uint64_t position) const {
    const auto at_or_after =
        std::lower_bound(points_.begin(), points_.end(), position,
                         [](const Point& p, std::uint64_t wanted) { return p.position < wanted; });
    const bool wraps = at_or_after == points_.end();
    const auto next =
        wraps ? std::size_t{0} : static_cast<std::size_t>(at_or_after - points_.begin());
    if (layout_.points != RingPoints::haproxy) return next;

    // HAProxy takes the nearer neighbour; distances are taken round its circle of 2^32 positions.
    const std::size_t previous = (next == 0 ? points_.size() : next) - 1;
    const auto here = static_cast<std::uint32_t>(position);
    const std::uint32_t behind = here - static_cast<std::uint32_t>(points_[previous].position);
    const std::uint32_t ahead = static_cast<std::uint32_t>(points_[next].position) - here;
    return behind <= ahead ? previous : next;
}

}  // namespace archsim::models
