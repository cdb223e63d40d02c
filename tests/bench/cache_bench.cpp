// Requests per CPU-second of every eviction policy on a Zipf trace in memory, beside the yardstick:
// a plain LRU of std::list and std::unordered_map. Runs alternate with the yardstick's and the
// ratio is the median of the pairs, so that a busy machine slows both. Miss counts are checked.
#include "tests/bench/cache_bench.hpp"

#include "models/cache/evictions.hpp"
#include "models/cache/store.hpp"
#include "tests/bench/list_lru.hpp"
#include "tests/bench/measure.hpp"
#include "tests/models/cache/miss_counts.hpp"
#include "tests/support/trace_generator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

namespace archsim::bench {

namespace {

namespace cache = models::cache;
using tests::Trace;

/// What a cache keeps with a key: a version, an expiry instant and a flag.
struct Payload {
    std::uint64_t version = 0;
    std::int64_t expires = 0;
    bool is_dirty = false;
};

/// Seconds, misses and bytes of one replay.
struct Run {
    double seconds = 0.0;
    std::int64_t misses = 0;
    double bytes_per_entry = 0.0;
};

Run run_yardstick(const Trace& trace, std::size_t capacity) {
    const double start = user_seconds();
    Run run;
    ListLru<Payload> lru{capacity};
    for (const auto& request : trace) run.misses += lru.use(request.key) ? 0 : 1;
    run.seconds = user_seconds() - start;
    return run;
}

template <typename Policy>
Run run_store(const Trace& trace, std::size_t capacity, Policy policy) {
    const double start = user_seconds();
    Run run;
    cache::Store<Policy, Payload> store{{cache::Capacity::Unit::entries, capacity},
                                        std::move(policy)};
    for (const auto& request : trace) {
        if (store.find(request.key) != nullptr) continue;
        ++run.misses;
        store.put(request.key, request.size, Payload{});
    }
    run.seconds = user_seconds() - start;
    run.bytes_per_entry = static_cast<double>(store.memory()) / static_cast<double>(store.count());
    return run;
}

/// The published count, or -1.
std::int64_t known_count(std::string_view policy, std::size_t capacity, bool smoke) {
    if (smoke) return -1;
    const auto& names = tests::counted_policies;
    const auto column =
        static_cast<std::size_t>(std::find(names.begin(), names.end(), policy) - names.begin());
    for (const auto& row : tests::known_misses) {
        if (row.trace != "zipf10" || row.capacity != capacity) continue;
        if (column < names.size() && policy != "w_tinylfu") return row.misses[column];
    }
    return -1;
}

/// Measures one policy in pairs with the yardstick and prints its row.
template <typename Replay>
bool measure(std::string_view name, const Trace& trace, std::size_t capacity, bool smoke,
             Replay replay) {
    std::vector<double> seconds;
    std::vector<double> ratios;
    Run run;
    for (int round = 0; round < (smoke ? 1 : 5); ++round) {
        const Run yardstick = run_yardstick(trace, capacity);
        run = replay();
        seconds.push_back(run.seconds);
        ratios.push_back(run.seconds / std::max(yardstick.seconds, 1e-9));
    }
    const double rate = static_cast<double>(trace.size()) / std::max(median_of(seconds), 1e-9);
    const std::int64_t known = known_count(name, capacity, smoke);
    const bool agrees = known < 0 || known == run.misses;
    const std::string_view verdict = known < 0 ? "" : agrees ? "as known" : "WRONG";
    fmt::print("{:<12} {:>8} {:>10.1f} {:>8.2f} {:>8.0f} {:>9} {}\n", name, capacity, rate / 1e6,
               median_of(ratios), run.bytes_per_entry, run.misses, verdict);
    return agrees;
}

/// Every policy of the list as its own type, without the jump of a run-time choice.
template <std::size_t... I>
bool measure_all(const Trace& trace, std::size_t capacity, bool smoke, std::index_sequence<I...>) {
    const auto measure_one = [&]<typename Policy>(std::in_place_type_t<Policy>) {
        const typename Policy::Config config{};
        const cache::Setting setting{capacity, 1};
        return measure(Policy::Config::spec().name(), trace, capacity, smoke, [&] {
            return run_store(trace, capacity, Policy{config, setting});
        });
    };
    bool agrees = true;
    ((agrees = measure_one(std::in_place_type<std::variant_alternative_t<I, cache::AnyEviction>>) &&
               agrees),
     ...);
    return agrees;
}

}  // namespace

bool run_cache_bench(bool smoke) {
    const Trace trace =
        smoke ? tests::zipf_trace(20'000, 5'000, 1.0, 1) : tests::named_trace("zipf10");
    fmt::print("cache: {} requests, ratio of CPU time to std::list + std::unordered_map LRU\n",
               trace.size());
    fmt::print("{:<12} {:>8} {:>10} {:>8} {:>8} {:>9}\n", "policy", "entries", "Mreq/cpu-s",
               "ratio", "B/entry", "misses");
    bool agrees = true;
    for (const std::size_t capacity : {std::size_t{1'000}, std::size_t{10'000}}) {
        if (smoke && capacity > 1'000) continue;
        agrees = measure_all(trace, capacity, smoke,
                             std::make_index_sequence<std::variant_size_v<cache::AnyEviction>>{}) &&
                 agrees;
        const cache::Setting setting{capacity, 1};
        agrees = measure("any: lru", trace, capacity, smoke,
                         [&] {
                             return run_store(trace, capacity,
                                              cache::Eviction{cache::Lru::Config{}, setting});
                         }) &&
                 agrees;
    }
    return agrees;
}

}  // namespace archsim::bench
