// Random caches under random faults: whatever happens, reads are hits or misses, buffered writes
// are saved, replaced, lost or dirty (the run stops if they are not), and the origin is called as
// often as the edge to it says.
#include "sim/rng.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <string>

using namespace archsim;

namespace {

/// Draws a scenario of users, one or two tiers of cache, a database, and crashes.
class CacheGenerator {
public:
    explicit CacheGenerator(std::uint64_t seed) : rng_{seed} {}

    std::string scenario() {
        const std::string near = cache("near", "far");
        const std::string far = cache("far", "db");
        const std::string first = crash();
        const std::string second = crash();
        return fmt::format(R"("duration": "4s", "nodes": {{
            "users": {{"kind": "open_loop", "arrivals": "300/s", "calls": ["near"],
                       "operations": [{{"name": "read", "weight": 3}},
                                      {{"name": "write", "type": "write"}},
                                      {{"name": "forget", "weight": 0.1}}],
                       "keys": {{"kind": "zipf", "count": 60, "skew": 0.9}}}},
            {}, {},
            "db": {{"kind": "service", "servers": 3, "queue": 20,
                    "service_time": {{"kind": "exponential", "mean": "6ms"}}}}}},
            "faults": [{}, {}])",
                           near, far, first, second);
    }

private:
    int number(int low, int high) {
        return low + static_cast<int>(rng_.below(static_cast<std::uint64_t>(high - low + 1)));
    }
    std::string one_of(std::initializer_list<const char*> choices) {
        return choices.begin()[rng_.below(choices.size())];
    }
    std::string write_mode() {
        if (rng_.chance(0.4)) {
            const int interval = number(5, 500);
            const int batch = number(1, 20);
            const int limit = number(1, 30);
            return fmt::format(R"({{"kind": "write_behind", "flush_interval": "{}ms",
                                   "batch": {}, "dirty_limit": {}}})",
                               interval, batch, limit);
        }
        return one_of({R"("cache_aside")", R"("write_through")", R"("write_around")",
                       R"("refresh_ahead")",
                       R"({"kind": "cache_aside", "invalidation_delay": "20ms"})"});
    }
    std::string cache(const std::string& name, const std::string& origin) {
        const int capacity = number(1, 50);
        const std::string eviction = one_of({"lru", "lfu", "fifo", "clock", "random", "slru",
                                             "two_q", "arc", "w_tinylfu", "s3_fifo", "sieve"});
        const std::string mode = write_mode();
        const int ttl = number(50, 1000);
        const std::string single_flight = one_of({"true", "false"});
        const int instances = number(1, 2);
        std::string more;
        if (rng_.chance(0.5)) more += R"(, "stale_while_revalidate": "200ms")";
        if (rng_.chance(0.5)) more += R"(, "ttl_jitter": "20%")";
        if (rng_.chance(0.5)) more += R"(, "hit_time": {"kind": "exponential", "mean": "1ms"})";
        return fmt::format(R"("{}": {{"kind": "cache", "capacity": {}, "eviction": "{}",
            "write": {}, "ttl": "{}ms", "single_flight": {}, "instances": {},
            "invalidate_on": ["forget"], "calls": [{{"to": "{}", "delay": "1ms"}}]{}}})",
                           name, capacity, eviction, mode, ttl, single_flight, instances, origin,
                           more);
    }
    std::string crash() {
        const std::string node = one_of({"near", "near/0", "far", "far/0", "db"});
        const int begin = number(0, 3500);
        const int length = number(1, 1500);
        return fmt::format(R"({{"kind": "crash", "node": "{}", "at": "{}ms", "for": "{}ms"}})",
                           node, begin, length);
    }
    sim::Rng rng_;
};

}  // namespace

TEST_SUITE("random caches") {
    TEST_CASE("reads, writes and calls add up whatever fails") {
        double lost = 0.0;
        double joined = 0.0;
        for (std::uint64_t seed = 1; seed <= 60; ++seed) {
            const std::string text = CacheGenerator{seed}.scenario();
            CAPTURE(seed);
            CAPTURE(text);
            const tests::Measured found = tests::run_text(text);
            CHECK(found["near/origin_load"] == doctest::Approx(found["near->far/calls"]));
            CHECK(found["far/origin_load"] == doctest::Approx(found["far->db/calls"]));
            CHECK(found["near/hit_ratio"] <= 1.0);
            lost += found["near/dirty_lost"] + found["far/dirty_lost"];
            joined += found["near/coalesced"];
        }
        // The draws reach what they are meant to reach.
        CHECK(lost > 0.0);
        CHECK(joined > 0.0);
    }
}
