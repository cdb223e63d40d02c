// A cache through the whole product, from JSON text to metrics: reads by Zipf's law through a cache
// to an origin that answers at once, beside the same draws through a bare LRU.
#include "models/theory/caching.hpp"
#include "scenarios/run.hpp"
#include "sim/popularity/zipf_keys.hpp"
#include "sim/rng.hpp"
#include "tests/bench/bench_scenarios.hpp"
#include "tests/bench/list_lru.hpp"
#include "tests/bench/measure.hpp"
#include "tests/bench/speed_bench.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

namespace archsim::bench {

namespace {

constexpr int keys = 10'000;
constexpr int capacity = 1'000;
constexpr double skew = 0.99;
constexpr std::int64_t reads_per_second = 10'000;

std::string cached_text(std::int64_t seconds, std::string_view eviction) {
    return fmt::format(
        R"({{"scenario": "cache", "duration": "{}s", "warm_up": "0s", "seed": 1, "replications": 1,
"nodes": {{
  "users": {{"kind": "open_loop", "arrivals": "{}/s", "calls": ["cache"],
            "keys": {{"kind": "zipf", "count": {}, "skew": {}}}}},
  "cache": {{"kind": "cache", "capacity": {}, "eviction": "{}", "calls": ["db"]}},
  "db": {{"kind": "service"}}}}}})",
        seconds, reads_per_second, keys, skew, capacity, eviction);
}

/// What one run of the product did, and its hit ratio.
struct CachedRun {
    Workload work;
    double hit_ratio = 0.0;
};

CachedRun run_cached(const std::string& text) {
    const scenarios::Scenario scenario = scenario_of(text);
    const auto run = scenarios::run_replication(scenario, 0, sim::Duration{}, {});
    CachedRun result;
    result.work = {.events = run.events, .checksum = run.fingerprint};
    for (const sim::MetricValue& metric : run.metrics) {
        const double value = metric.value.value_or(0.0);
        if (metric.name == "cache/hit_ratio") result.hit_ratio = value;
        if (metric.name == "users/requests") {
            result.work.requests = static_cast<std::uint64_t>(std::llround(value));
        }
    }
    return result;
}

/// The draws of keys and the look-ups, and nothing else.
Workload run_bare(std::uint64_t requests) {
    const sim::ZipfKeys popularity{keys, skew};
    sim::Rng rng{1};
    ListLru<std::uint64_t> lru{capacity};
    std::uint64_t hits = 0;
    for (std::uint64_t i = 0; i < requests; ++i) hits += lru.use(popularity.draw(rng)) ? 1 : 0;
    return {.requests = requests, .checksum = hits};
}

}  // namespace

bool run_cache_node_bench(bool smoke) {
    const std::int64_t seconds = smoke ? 5 : 200;
    const auto requests = static_cast<std::uint64_t>(seconds * reads_per_second);
    const double che =
        models::theory::lru_estimate(models::theory::zipf_popularity(keys, skew), capacity)
            .hit_ratio;
    fmt::print("cache_node: {} Zipf reads through a cache of {} entries, text to metrics\n",
               requests, capacity);
    bool agrees = true;
    for (const std::string_view eviction : {"lru", "w_tinylfu"}) {
        const std::string text = cached_text(seconds, eviction);
        CachedRun last;
        const Comparison found = compare(
            smoke ? 1 : 5,
            [&] {
                last = run_cached(text);
                return last.work;
            },
            [&] { return run_bare(requests); });
        // Che's approximation is off by up to 0.4 %, and the cache starts empty; a policy that
        // counts uses is better than LRU.
        const double slack = 0.01 + capacity / static_cast<double>(requests);
        const bool is_right = eviction == "lru" ? std::abs(last.hit_ratio - che) < slack
                                                : last.hit_ratio > che - slack;
        agrees = agrees && is_right && found.repeats;
        fmt::print(
            "  {:<10} {:.2f} M requests/cpu-s, {:.1f} events a request, time ratio to a bare LRU "
            "{:.1f}, hit ratio {:.4f} (Che, LRU {:.4f}) {}\n",
            eviction, static_cast<double>(found.subject.requests) / found.seconds / 1e6,
            static_cast<double>(found.subject.events) / static_cast<double>(found.subject.requests),
            found.ratio, last.hit_ratio, che, is_right ? "" : "WRONG");
    }
    return agrees;
}

}  // namespace archsim::bench
