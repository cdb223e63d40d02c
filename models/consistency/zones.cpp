// Zone check and the two distances that are found by bisection over it.
#include "models/consistency/zones.hpp"

#include <algorithm>
#include <utility>

namespace archsim::models {
namespace {

// Both bounds mean "beyond everything", so they do not move.
Order moved(Order order, std::int64_t by) {
    return order == before_history || order == after_history ? order : order + by;
}

bool inversion_in(const std::vector<std::pair<Order, Order>>& forward) {
    for (std::size_t i = 1; i < forward.size(); ++i) {
        if (forward[i].first < forward[i - 1].second) return true;
    }
    return false;
}

// Forward zones are disjoint here, so only the last one that begins before b can contain it.
bool inside_forward(const std::vector<std::pair<Order, Order>>& forward, const Zone& b) {
    const auto after =
        std::lower_bound(forward.begin(), forward.end(), b.last_start(),
                         [](const auto& zone, Order start) { return zone.first < start; });
    return after != forward.begin() && b.first_end < std::prev(after)->second;
}

template <class Passes>
std::int64_t least_passing(std::int64_t upper, const Passes& passes) {
    std::int64_t lower = 0;
    while (lower < upper) {
        const std::int64_t middle = lower + (upper - lower) / 2;
        if (passes(middle)) {
            upper = middle;
        } else {
            lower = middle + 1;
        }
    }
    return lower;
}

// No shift larger than the whole extent of the history can matter.
std::int64_t extent(const std::vector<Zone>& zones) {
    Order lowest = after_history;
    Order highest = before_history;
    for (const Zone& zone : zones) {
        for (const Order order : {zone.first_end, zone.last_read, zone.write_start}) {
            if (order == before_history || order == after_history) continue;
            lowest = std::min(lowest, order);
            highest = std::max(highest, order);
        }
    }
    return highest <= lowest ? 0 : highest - lowest;
}

}  // namespace

Violation check_zones(std::vector<Zone> zones) {
    std::erase_if(zones, [](const Zone& zone) { return zone.first_end == after_history; });
    std::vector<std::pair<Order, Order>> forward;
    for (const Zone& zone : zones) {
        if (zone.first_end < zone.write_start) return Violation::read_before_write;
        if (zone.first_end < zone.last_start()) {
            forward.emplace_back(zone.first_end, zone.last_start());
        }
    }
    std::sort(forward.begin(), forward.end());
    if (inversion_in(forward)) return Violation::new_old_inversion;
    for (const Zone& zone : zones) {
        if (zone.first_end >= zone.last_start() && inside_forward(forward, zone)) {
            return Violation::stale_or_lost;
        }
    }
    return Violation::none;
}

std::optional<std::int64_t> read_shift_to_pass(const std::vector<Zone>& zones) {
    const auto passes = [&](std::int64_t shift) {
        std::vector<Zone> shifted = zones;
        for (Zone& zone : shifted) zone.last_read = moved(zone.last_read, -shift);
        return check_zones(std::move(shifted)) == Violation::none;
    };
    const std::int64_t upper = extent(zones);
    if (!passes(upper)) return std::nullopt;
    return least_passing(upper, passes);
}

std::int64_t widening_to_pass(const std::vector<Zone>& zones) {
    const auto passes = [&](std::int64_t shift) {
        std::vector<Zone> widened = zones;
        for (Zone& zone : widened) {
            zone.first_end = moved(zone.first_end, shift);
            zone.last_read = moved(zone.last_read, -shift);
            zone.write_start = moved(zone.write_start, -shift);
        }
        return check_zones(std::move(widened)) == Violation::none;
    };
    return least_passing(extent(zones), passes);
}

}  // namespace archsim::models
