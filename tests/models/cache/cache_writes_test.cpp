// Writes through a cache, by timelines worked out by hand: every mode, its races and its losses.
#include "tests/support/cache_rig.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

using namespace archsim;
using doctest::Approx;
using tests::CacheRig;

namespace {

/// A cache of 100 entries with these members besides, before a store that reads in 10 ms and writes
/// in 2 ms.
void add_small_cache(CacheRig& rig, const std::string& members) {
    rig.add("cache", R"("capacity": 100)" + (members.empty() ? "" : ", " + members));
    rig.store().read_time = sim::Duration::milliseconds(10);
    rig.store().write_time = sim::Duration::milliseconds(2);
}

/// Ten keys written at 1, 2, ... 10 ms, each once.
void write_ten(CacheRig& rig) {
    for (int i = 1; i <= 10; ++i) rig.write(i, static_cast<std::uint64_t>(i));
}

}  // namespace

TEST_SUITE("cache writes") {
    TEST_CASE("write-behind answers before the store and loses in a crash exactly what is dirty") {
        // Flushes at 5 and 10 ms: at 5 ms the keys 1 to 5 (the write of that instant came first),
        // at 10 ms the keys 6 to 10. They are clean 2 ms later. A crash at 6.5 ms finds the five of
        // the first flush under way and key 6: six are lost; the keys 7 and 8 meet a dead cache,
        // 9 and 10 an empty one that flushes again 5 ms after its restart at 8.5 ms.
        CacheRig rig;
        add_small_cache(rig, R"("write": {"kind": "write_behind", "flush_interval": "5ms"})");
        write_ten(rig);
        rig.at(6.5, [&] { rig.cache().crash(); });
        rig.at(8.5, [&] { rig.cache().restart(); });
        rig.run(20.0);
        CHECK(rig["cache/dirty_lost"] == 6.0);
        CHECK(rig["cache/dirty/max"] == 6.0);
        CHECK(rig.store().version_of(5) == 5);  // its write was under way
        CHECK(rig.store().version_of(6) == models::initial_version);
        CHECK(rig.store().version_of(8) == models::initial_version);
        CHECK(rig.store().version_of(9) == 9);
        CHECK(rig.store().writes == 5 + 2);
    }

    TEST_CASE("a crash after the flush has been answered loses nothing") {
        CacheRig rig;
        add_small_cache(rig, R"("write": {"kind": "write_behind", "flush_interval": "10ms"})");
        write_ten(rig);
        rig.at(12.5, [&] { rig.cache().crash(); });
        rig.run(20.0);
        CHECK(rig["cache/dirty_lost"] == 0.0);
        for (std::uint64_t key = 1; key <= 10; ++key) CHECK(rig.store().version_of(key) == key);
    }

    TEST_CASE("write-through loses none in the same crash") {
        // Each write is answered 2 ms after it came, when the store has it: of those before the
        // crash at 6.5 ms, all that were answered are there.
        CacheRig rig;
        add_small_cache(rig, R"("write": "write_through")");
        std::vector<CacheRig::Call*> calls;
        for (int i = 1; i <= 10; ++i) {
            calls.push_back(&rig.write(i, static_cast<std::uint64_t>(i)));
        }
        rig.at(6.5, [&] { rig.cache().crash(); });
        rig.run(20.0);
        int answered = 0;
        for (const CacheRig::Call* const call : calls) {
            if (call->answered_ms < 0.0) continue;
            ++answered;
            CHECK(rig.store().version_of(call->request.key) == call->request.version);
        }
        CHECK(answered == 4);
        CHECK(rig["cache/dirty_lost"] == 0.0);
    }

    TEST_CASE("a flush sends a batch at most, the longest dirty first") {
        CacheRig rig;
        add_small_cache(
            rig, R"("write": {"kind": "write_behind", "flush_interval": "20ms", "batch": 4})");
        write_ten(rig);
        rig.write(11.0, 1);  // replaces the value, not the place in the line
        rig.run(25.0);
        CHECK(rig.store().writes == 4);
        CHECK(rig.store().version_of(1) == 11);
        CHECK(rig.store().version_of(4) == 4);
        CHECK(rig.store().version_of(5) == models::initial_version);
        CHECK(rig["cache/absorbed_writes"] == 1.0);
    }

    TEST_CASE("a write beyond the dirty limit starts a flush and waits for room") {
        // Three are dirty at 3 ms; the fourth write comes at 4 ms, starts the flush, and is
        // answered when the first entry is clean, at 6 ms. The fifth, at 5 ms, waits with it.
        CacheRig rig;
        add_small_cache(
            rig, R"("write": {"kind": "write_behind", "flush_interval": "1s", "dirty_limit": 3})");
        for (int i = 1; i <= 3; ++i) rig.write(i, static_cast<std::uint64_t>(i));
        const CacheRig::Call& same = rig.write(3.5, 2);
        const CacheRig::Call& fourth = rig.write(4.0, 4);
        const CacheRig::Call& fifth = rig.write(5.0, 5);
        rig.run(30.0);
        CHECK(same.answered_ms == Approx(3.5));  // no new dirt
        CHECK(fourth.answered_ms == Approx(6.0));
        CHECK(fifth.answered_ms == Approx(6.0));
        CHECK(rig["cache/blocked_writes"] == 2.0);
        CHECK(rig["cache/dirty/max"] == 3.0);
    }

    TEST_CASE("what the store does not take stays dirty and is sent again") {
        CacheRig rig;
        add_small_cache(rig, R"("write": {"kind": "write_behind", "flush_interval": "5ms"})");
        rig.store().is_failing = true;
        rig.write(1.0, 7);
        rig.at(12.0, [&] { rig.store().is_failing = false; });
        rig.run(20.0);
        CHECK(rig.store().writes == 3);  // at 5, 10 and 15 ms
        CHECK(rig.store().version_of(7) == 1);
        CHECK(rig["cache/dirty/max"] == 1.0);
        CHECK(rig["cache/dirty/mean"] == Approx((17.0 - 1.0) / 20.0));
    }

    TEST_CASE("a write during the sending of an older one is sent after it") {
        CacheRig rig;
        add_small_cache(rig, R"("write": {"kind": "write_behind", "flush_interval": "5ms"})");
        rig.store().write_time = sim::Duration::milliseconds(7);
        rig.write(1.0, 7);
        rig.write(6.0, 7);  // the first is on its way from 5 to 12 ms, the second from 15 to 22
        rig.run(30.0);
        CHECK(rig.store().writes == 2);
        CHECK(rig.store().version_of(7) == 2);
        CHECK(rig["cache/dirty/mean"] == Approx((22.0 - 1.0) / 30.0));
    }

    TEST_CASE("an evicted dirty entry is sent at once and served until the store has it") {
        CacheRig rig;
        rig.add("cache", R"("capacity": 1,
                            "write": {"kind": "write_behind", "flush_interval": "1s"})");
        rig.store().read_time = rig.store().write_time = sim::Duration::milliseconds(10);
        rig.write(1.0, 1);
        rig.write(2.0, 2);  // evicts key 1, which is clean at 12 ms
        const CacheRig::Call& before = rig.read(11.0, 1);
        const CacheRig::Call& after = rig.read(13.0, 1);
        rig.run(50.0);
        CHECK(before.answered_ms == Approx(11.0));
        CHECK(before.response.version == 1);
        CHECK(after.answered_ms == Approx(23.0));
        CHECK(after.response.version == 1);
        CHECK(rig["cache/evictions"] == 2.0);
    }

    TEST_CASE("an answer before the store names the store once that has been heard of") {
        CacheRig rig;
        add_small_cache(rig, R"("write": {"kind": "write_behind", "flush_interval": "5ms"})");
        const CacheRig::Call& first = rig.write(1.0, 1);
        const CacheRig::Call& later = rig.write(10.0, 2);
        rig.run(20.0);
        CHECK(first.response.store == 0);
        CHECK(later.response.store == rig.store().number());
        CHECK(later.response.version == 2);
    }

    TEST_CASE("a read that overlaps a write leaves an old value in a cache beside the store") {
        // The read fetches from 0 to 10 ms and brings the value of its begin. The write commits at
        // 3 ms and drops what is not there yet: version 0 is served from 10 ms on, outdated since
        // 3 ms. The three later reads are 17, 27 and 37 ms old.
        CacheRig rig;
        add_small_cache(rig, "");
        rig.read(0.0, 1);
        rig.write(1.0, 1);
        for (const double at : {20.0, 30.0, 40.0}) rig.read(at, 1);
        rig.run(50.0);
        CHECK(rig["cache/stale_served"] == 1.0);  // the first read too: 7 ms
        CHECK(rig["cache/staleness/max"] == Approx(0.037));
        CHECK(rig["cache/staleness/mean"] == Approx((7.0 + 17.0 + 27.0 + 37.0) / 4e3));
    }

    TEST_CASE("a write through the cache overtakes the fetch and is what later reads get") {
        CacheRig rig;
        add_small_cache(rig, R"("write": "write_through")");
        const CacheRig::Call& early = rig.read(0.0, 1);
        rig.write(1.0, 1);
        const CacheRig::Call& late = rig.read(20.0, 1);
        rig.run(50.0);
        CHECK(early.response.version == models::initial_version);
        CHECK(late.response.version == 1);
        CHECK(late.answered_ms == Approx(20.0));
        CHECK(rig["cache/stale_served"] == 0.5);  // the fetched answer itself was 7 ms old
    }

    TEST_CASE("writes through the cache that overlap leave no copy behind") {
        CacheRig rig;
        add_small_cache(rig, R"("write": "write_through")");
        rig.write(1.0, 1);
        rig.write(2.0, 1);
        const CacheRig::Call& read = rig.read(10.0, 1);
        rig.run(50.0);
        CHECK(read.answered_ms == Approx(20.0));
        CHECK(read.response.version == 2);
    }

    TEST_CASE("a write around the cache leaves the copy as it is") {
        CacheRig rig;
        add_small_cache(rig, R"("write": "write_around")");
        rig.read(0.0, 1);
        rig.write(20.0, 1);
        const CacheRig::Call& read = rig.read(30.0, 1);
        rig.run(50.0);
        CHECK(read.response.version == models::initial_version);
        CHECK(rig["cache/staleness/max"] == Approx(0.008));  // committed at 22 ms
        CHECK(rig["cache/invalidations"] == 0.0);
    }

    TEST_CASE("the copy beside a written value is dropped after the delay of the message") {
        CacheRig rig;
        add_small_cache(rig, R"("write": {"kind": "cache_aside", "invalidation_delay": "5ms"})");
        rig.read(0.0, 1);
        rig.write(20.0, 1);
        const CacheRig::Call& before = rig.read(26.9, 1);  // committed at 22, dropped at 27 ms
        const CacheRig::Call& after = rig.read(27.1, 1);
        rig.run(50.0);
        CHECK(before.response.version == models::initial_version);
        CHECK(after.response.version == 1);
        CHECK(rig["cache/invalidations"] == 1.0);
    }
}
