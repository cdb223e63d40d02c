// Closed forms for caches and for the placement of keys.
#include "models/theory/caching.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace archsim::models::theory {

namespace {

/// The time T at which `occupancy(p T)` sums to the capacity; it grows with T.
template <typename F>
double solve_time(std::span<const double> popularity, int capacity, F occupancy) {
    const auto held = [&](double time) {
        double sum = 0.0;
        for (const double p : popularity) sum += occupancy(p * time);
        return sum;
    };
    double low = 0.0;
    double high = 1.0;
    while (held(high) < capacity) {
        if (high > 1e300) return std::numeric_limits<double>::infinity();
        low = high;
        high *= 2.0;
    }
    for (int step = 0; step < 100; ++step) {
        const double middle = low + (high - low) / 2.0;
        if (middle <= low || middle >= high) break;
        (held(middle) < capacity ? low : high) = middle;
    }
    return high;
}

template <typename F>
CacheEstimate estimate(std::span<const double> popularity, int capacity, F occupancy) {
    const auto keys = std::ranges::count_if(popularity, [](double p) { return p > 0.0; });
    if (capacity <= 0) return {0.0, 0.0};
    if (capacity >= keys) return {1.0, std::numeric_limits<double>::infinity()};
    CacheEstimate result;
    result.characteristic_time = solve_time(popularity, capacity, occupancy);
    for (const double p : popularity)
        result.hit_ratio += p * occupancy(p * result.characteristic_time);
    return result;
}

double lru_occupancy(double requests) { return -std::expm1(-requests); }

double fifo_occupancy(double requests) { return requests / (1.0 + requests); }

}  // namespace

std::vector<double> zipf_popularity(int count, double skew) {
    std::vector<double> popularity;
    double sum = 0.0;
    for (int rank = 1; rank <= count; ++rank) {
        popularity.push_back(std::pow(rank, -skew));
        sum += popularity.back();
    }
    for (double& p : popularity) p /= sum;
    return popularity;
}

CacheEstimate lru_estimate(std::span<const double> popularity, int capacity) {
    return estimate(popularity, capacity, lru_occupancy);
}

CacheEstimate fifo_estimate(std::span<const double> popularity, int capacity) {
    return estimate(popularity, capacity, fifo_occupancy);
}

double lru_exact(std::span<const double> popularity, int capacity) {
    const std::size_t keys = popularity.size();
    if (capacity <= 0) return 0.0;
    if (static_cast<std::size_t>(capacity) >= keys) return 1.0;
    // reached[S]: probability that the most recently used keys are exactly S, in any order. The
    // next older one is j with probability p_j over the popularity outside S.
    std::vector<double> reached(std::size_t{1} << keys, 0.0);
    reached[0] = 1.0;
    double hits = 0.0;
    for (std::size_t set = 0; set < reached.size(); ++set) {
        const int size = std::popcount(set);
        if (size > capacity) continue;
        double inside = 0.0;
        for (std::size_t j = 0; j < keys; ++j)
            if ((set >> j & 1U) != 0) inside += popularity[j];
        if (size == capacity) {
            hits += reached[set] * inside;
            continue;
        }
        for (std::size_t j = 0; j < keys; ++j) {
            const std::size_t larger = set | (std::size_t{1} << j);
            if (larger != set) reached[larger] += reached[set] * popularity[j] / (1.0 - inside);
        }
    }
    return hits;
}

double fifo_exact(std::span<const double> popularity, int capacity) {
    const CacheEstimate start = fifo_estimate(popularity, capacity);
    if (!(start.characteristic_time > 0.0) || std::isinf(start.characteristic_time))
        return start.hit_ratio;
    // Weights are scaled by T, which puts the mean of the number of keys drawn at the capacity.
    const double time = start.characteristic_time;
    const auto top = static_cast<std::size_t>(capacity) + 1;
    std::vector<double> drawn(top + 1, 0.0);
    drawn[0] = 1.0;
    for (const double p : popularity) {
        const double in = fifo_occupancy(p * time);
        for (std::size_t n = top; n > 0; --n) drawn[n] = drawn[n] * (1.0 - in) + drawn[n - 1] * in;
        drawn[0] *= 1.0 - in;
    }
    // A miss adds one key to a set of C: each set of C + 1 keys is reached from C + 1 sets.
    return 1.0 - static_cast<double>(top) * drawn[top] / (time * drawn[top - 1]);
}

double ttl_hit_ratio(double requests) { return requests / (1.0 + requests); }

double sliding_ttl_hit_ratio(double requests) { return -std::expm1(-requests); }

double ring_share_cv(int servers, int points) {
    return std::sqrt((servers - 1.0) / (static_cast<double>(servers) * points + 1.0));
}

double moved_by_joining(int servers) { return 1.0 / (servers + 1.0); }

double moved_by_leaving(int servers) { return 1.0 / servers; }

}  // namespace archsim::models::theory
