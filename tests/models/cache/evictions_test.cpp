// Policies as scenarios choose them, and against closed forms under independent requests.
#include "models/cache/evictions.hpp"

#include "models/cache/frequency_sketch.hpp"
#include "models/cache/store.hpp"
#include "models/diagnostics.hpp"
#include "models/theory/caching.hpp"
#include "sim/rng.hpp"
#include "tests/models/cache/replay.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace archsim::tests {

namespace {

namespace cache = models::cache;
using Unit = cache::Capacity::Unit;

/// The default configuration of the policy at a place in the list.
template <std::size_t... I>
std::vector<cache::EvictionChoice> all_choices(std::index_sequence<I...>) {
    return {cache::EvictionChoice{std::in_place_index<I>}...};
}
std::vector<cache::EvictionChoice> all_choices() {
    return all_choices(std::make_index_sequence<std::variant_size_v<cache::EvictionChoice>>{});
}
std::string_view name_of(const cache::EvictionChoice& choice) {
    return std::visit([](const auto& config) -> std::string_view { return config.spec().name(); },
                      choice);
}

/// Misses of a policy chosen at run time.
std::int64_t misses_of(const cache::EvictionChoice& choice, const Trace& trace,
                       std::uint64_t capacity) {
    cache::Store<cache::Eviction, int> store{cache::Capacity{Unit::entries, capacity},
                                             cache::Eviction{choice, cache::Setting{capacity, 1}}};
    std::int64_t misses = 0;
    for (const TraceRequest& request : trace) {
        if (store.find(request.key) != nullptr) continue;
        ++misses;
        store.put(request.key, 1, 0);
    }
    return misses;
}

/// Independent requests of a few keys.
Trace draws(const std::vector<double>& popularity, int count, std::uint64_t seed) {
    sim::Rng rng{seed};
    Trace trace;
    for (int i = 0; i < count; ++i) {
        double left = rng.uniform();
        std::uint64_t key = 0;
        while (key + 1 < popularity.size() && left >= popularity[key]) left -= popularity[key++];
        trace.push_back({key});
    }
    return trace;
}

}  // namespace

TEST_SUITE("cache eviction") {
    TEST_CASE("a policy chosen at run time misses as often as the same one chosen by type") {
        const Trace trace = zipf_trace(20'000, 2'000, 0.9, 5);
        int compared = 0;
        for (const cache::EvictionChoice& choice : all_choices()) {
            const std::string_view name = name_of(choice);
            if (name == "random" || name == "slru") continue;
            CAPTURE(name);
            CHECK(misses_of(choice, trace, 100) == replay(trace, {Unit::entries, 100}, name));
            ++compared;
        }
        CHECK(compared == 9);
        CHECK(misses_of(cache::Slru::Config{}, trace, 100) ==
              replay<cache::Slru>(trace, {Unit::entries, 100}, {}));
    }

    TEST_CASE("no demand policy beats equal popularity") {
        // Every resident set of C of N keys hits with probability C / N.
        constexpr int requests = 20'000;
        const Trace trace = uniform_trace(requests, 50, 11);
        const double deviation = std::sqrt(0.6 * 0.4 * requests);
        for (const cache::EvictionChoice& choice : all_choices()) {
            CAPTURE(name_of(choice));
            const auto misses = static_cast<double>(misses_of(choice, trace, 20));
            CHECK(std::abs(misses - 0.6 * requests) < 4.0 * deviation + 20.0);
        }
    }

    TEST_CASE("lru, fifo and random have the exact miss ratios of four keys") {
        const std::vector<double> popularity{0.4, 0.3, 0.2, 0.1};
        constexpr int requests = 100'000;
        const Trace trace = draws(popularity, requests, 3);
        // Runs of misses are correlated over about ten requests: three times the plain deviation.
        const double band = 4.0 * std::sqrt(0.25 / requests) * 3.0;
        for (const int capacity : {2, 3}) {
            CAPTURE(capacity);
            const auto entries = static_cast<std::uint64_t>(capacity);
            const auto ratio = [&](const cache::EvictionChoice& choice) {
                return static_cast<double>(misses_of(choice, trace, entries)) / requests;
            };
            const double lru = 1.0 - models::theory::lru_exact(popularity, capacity);
            const double fifo = 1.0 - models::theory::fifo_exact(popularity, capacity);
            CHECK(std::abs(ratio(cache::Lru::Config{}) - lru) < band);
            CHECK(std::abs(ratio(cache::Fifo::Config{}) - fifo) < band);
            CHECK(std::abs(ratio(cache::Random::Config{}) - fifo) < band);
        }
        CHECK(models::theory::lru_exact(popularity, 2) == doctest::Approx(1.0 - 151.0 / 360.0));
        CHECK(models::theory::fifo_exact(popularity, 2) == doctest::Approx(1.0 - 3.0 / 7.0));
    }

    TEST_CASE("random evicts every resident alike") {
        constexpr std::uint64_t capacity = 10;
        constexpr int evictions = 20'000;
        cache::Store<cache::Random, int> store{cache::Capacity{Unit::entries, capacity},
                                               cache::Random{{}, cache::Setting{capacity, 42}}};
        // Each victim is put back under its own key, so that all ten stand for themselves.
        std::map<std::uint64_t, int> left;
        for (std::uint64_t key = 0; key < capacity; ++key) store.put(key, 1, 0);
        for (int i = 0; i < evictions; ++i) {
            std::uint64_t victim = 0;
            store.put(100, 1, 0, [&](std::uint64_t key, std::uint64_t, int&) { victim = key; });
            store.erase(100);
            store.put(victim, 1, 0);
            ++left[victim];
        }
        double chi_square = 0.0;
        const double expected = static_cast<double>(evictions) / capacity;
        for (const auto& [key, count] : left) {
            chi_square += (count - expected) * (count - expected) / expected;
        }
        CHECK(left.size() == capacity);
        CHECK(chi_square < 27.9);  // 9 degrees of freedom, one in a thousand
    }

    TEST_CASE("lfu with aging follows a shift of popularity that plain lfu misses") {
        // A thousand favourites for half of the time, then another thousand.
        Trace trace = zipf_trace(60'000, 1'000, 1.0, 8);
        for (std::size_t i = trace.size() / 2; i < trace.size(); ++i) trace[i].key += 1'000;
        const std::int64_t plain = misses_of(cache::Lfu::Config{}, trace, 100);
        const std::int64_t aging = misses_of(cache::Lfu::Config{.aging = 10}, trace, 100);
        const std::int64_t lru = misses_of(cache::Lru::Config{}, trace, 100);
        CHECK(plain > lru);
        CHECK(aging < lru);
    }

    TEST_CASE("sieve equals lfu until its hand has gone round") {
        // The share of keys used once in the first lap decides both.
        const Trace trace = zipf_trace(100'000, 20'000, 1.0, 2);
        CHECK(misses_of(cache::Sieve::Config{}, trace, 10'000) ==
              misses_of(cache::Lfu::Config{}, trace, 10'000));
    }

    TEST_CASE("a scenario names a policy, with parameters inside their ranges") {
        using Codec = models::Codec<cache::EvictionChoice>;
        const auto read = [](const models::Value& value, bool& is_clean) {
            models::Diagnostics diagnostics;
            models::Reader reader{diagnostics};
            auto choice = Codec::read(value, reader);
            is_clean = diagnostics.all().empty();
            return choice;
        };
        bool is_clean = false;
        for (const char* name : {"lru", "lfu", "fifo", "clock", "random", "slru", "two_q", "arc",
                                 "w_tinylfu", "s3_fifo", "sieve"}) {
            CAPTURE(name);
            const auto choice = read(models::Value::string(name), is_clean);
            REQUIRE(choice);
            CHECK(is_clean);
            CHECK(name_of(*choice) == name);
        }
        const auto clock = [&](std::int64_t bits) {
            return read(models::Value::object({{"kind", models::Value::string("clock")},
                                               {"bits", models::Value::integer(bits)}}),
                        is_clean);
        };
        const auto two_bits = clock(2);
        REQUIRE(two_bits);
        CHECK(std::get<cache::Clock::Config>(*two_bits).bits == 2);
        CHECK_FALSE(clock(3));
        CHECK_FALSE(is_clean);
        CHECK_FALSE(read(models::Value::string("lirs"), is_clean));
        // 2q is what its paper calls it.
        CHECK(name_of(*read(models::Value::string("2q"), is_clean)) == "two_q");
    }
}

TEST_SUITE("frequency sketch") {
    TEST_CASE("an estimate is never below the count and rarely far above it") {
        constexpr std::uint64_t keys = 1'000;
        constexpr int uses = 3'000;
        cache::FrequencySketch sketch{100};
        sketch.provide_for(keys);  // four rows of 4096 counters
        std::map<std::uint64_t, std::uint64_t> counts;
        sim::Rng rng{9};
        for (int i = 0; i < uses; ++i) {
            const std::uint64_t key = rng.below(keys);
            sketch.add(key);
            ++counts[key];
        }
        int far_above = 0;
        for (const auto& [key, count] : counts) {
            CHECK(sketch.estimate(key) >= std::min<std::uint64_t>(count, 15));
            far_above += sketch.estimate(key) > count + 2 ? 1 : 0;
        }
        // Above by more than e * uses / 4096 = 2.0 with probability exp(-4) at most: 18 of 1000.
        CHECK(far_above <= 18 + 17);
    }

    TEST_CASE("counters stop at fifteen and halve after the sample") {
        cache::FrequencySketch sketch{10};  // of 64 objects: 640 additions
        for (int i = 0; i < 639; ++i) sketch.add(5);
        CHECK(sketch.estimate(5) == 15);
        sketch.add(5);
        CHECK(sketch.estimate(5) == 7);
        for (int i = 0; i < 320; ++i) sketch.add(6);
        CHECK(sketch.estimate(5) == 3);
        CHECK(sketch.estimate(6) == 7);
    }

    TEST_CASE("growth keeps what was counted") {
        cache::FrequencySketch sketch{1'000};
        for (std::uint64_t key = 0; key < 40; ++key) {
            for (std::uint64_t use = 0; use <= key % 12; ++use) sketch.add(key);
        }
        const std::size_t before = sketch.memory();
        sketch.provide_for(5'000);
        CHECK(sketch.memory() >= 64 * before);
        for (std::uint64_t key = 0; key < 40; ++key) CHECK(sketch.estimate(key) == key % 12 + 1);
    }
}

}  // namespace archsim::tests
