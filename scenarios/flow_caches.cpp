// What is known of a cache's hit ratio without running it.
#include "models/theory/caching.hpp"
#include "scenarios/flow.hpp"

#include <algorithm>

namespace archsim::scenarios {

namespace {

using models::CacheProfile;
namespace theory = models::theory;

/// Beyond this many keys the sums take longer than a small run.
constexpr std::uint64_t most_keys = 50'000;

/// How popular each key is at a cache; empty if that is not known or keys are written too.
std::vector<double> popularity_at(const Flow& flow, const ComponentFlow& component) {
    const sim::KeySource* keys = nullptr;
    for (const std::size_t i : component.streams) {
        const Stream& stream = flow.streams[i];
        if (stream.per_second <= 0.0) continue;
        if (stream.keys == nullptr || stream.writes) return {};
        if (keys != nullptr && !(*keys == *stream.keys)) return {};
        keys = stream.keys;
    }
    if (keys == nullptr || keys->count() > most_keys || !keys->drift().is_none()) return {};
    // Keys of `latest` change with time even where nothing drifts.
    if (!keys->may_drift()) return {};
    std::vector<double> popularity;
    for (std::uint64_t rank = 0; rank < keys->count(); ++rank) {
        const std::optional<double> share = keys->probability(rank);
        if (!share) return {};
        popularity.push_back(*share);
    }
    return popularity;
}

/// Whether every request that comes is a request of a Poisson source.
bool comes_from_poisson(const Flow& flow) {
    return std::ranges::all_of(flow.streams, [&flow](const Stream& stream) {
        return !flow.components[stream.component].is_source || stream.issued_poisson;
    });
}

}  // namespace

bool is_upper_bound(const Flow& flow, const ComponentFlow& component) {
    return std::ranges::any_of(component.streams,
                               [&flow](std::size_t i) { return flow.streams[i].at_most; });
}

std::optional<CacheTheory> cache_theory(const Flow& flow, const ComponentFlow& component) {
    if (component.streams.empty()) return std::nullopt;
    const auto& cache = flow.streams[component.streams.front()].profile.cache;
    if (!cache || !cache->is_simple || cache->entries == 0) return std::nullopt;
    // The second call with one key would depend on the first.
    if (may_come_twice(flow, flow.streams[component.streams.front()].component))
        return std::nullopt;
    const std::vector<double> popularity = popularity_at(flow, component);
    if (popularity.empty()) return std::nullopt;
    if (cache->ttl) {
        if (cache->entries < popularity.size() || !comes_from_poisson(flow)) return std::nullopt;
        const double in_a_life = flow.rate_at(component) * *cache->ttl;
        double hits = 0.0;
        for (const double share : popularity) {
            hits += share * theory::ttl_hit_ratio(share * in_a_life);
        }
        return CacheTheory{hits, "TTL renewal", true};
    }
    const int capacity = static_cast<int>(std::min<std::uint64_t>(cache->entries, most_keys));
    if (cache->eviction == CacheProfile::Law::lru) {
        return CacheTheory{theory::lru_estimate(popularity, capacity).hit_ratio,
                           "Che's approximation, LRU"};
    }
    if (cache->eviction == CacheProfile::Law::fifo) {
        return CacheTheory{theory::fifo_estimate(popularity, capacity).hit_ratio,
                           "Che's approximation, FIFO"};
    }
    return std::nullopt;
}

}  // namespace archsim::scenarios
