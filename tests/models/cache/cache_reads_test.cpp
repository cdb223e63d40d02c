// Reads through a cache, by timelines worked out by hand: time to live, refreshing, stampedes,
// failures, messages and tiers.
#include "tests/support/cache_rig.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

using namespace archsim;
using doctest::Approx;
using tests::CacheRig;

namespace {

/// A cache of 1000 entries with these members besides, before a store that reads in 10 ms.
void add_cache(CacheRig& rig, const std::string& members) {
    rig.add("cache", R"("capacity": 1000)" + (members.empty() ? "" : ", " + members));
    rig.store().read_time = sim::Duration::milliseconds(10);
}

/// One read to fill the cache, which keeps the copy from 10 to 110 ms, and then a read each
/// millisecond from 200 ms on, 30 in all.
void storm(CacheRig& rig) {
    rig.read(0.0, 1);
    for (int i = 0; i < 30; ++i) rig.read(200.0 + i, 1);
}

}  // namespace

TEST_SUITE("cache reads") {
    TEST_CASE("a look-up takes its time, hit or miss, and longer where the cache is slow") {
        CacheRig rig;
        add_cache(rig, R"("hit_time": "1ms")");
        const CacheRig::Call& miss = rig.read(0.0, 1);
        const CacheRig::Call& hit = rig.read(20.0, 1);
        rig.at(25.0, [&] { rig.cache().set_speed(0.5); });
        const CacheRig::Call& slow = rig.read(30.0, 1);
        rig.run(100.0);
        CHECK(miss.answered_ms == Approx(11.0));
        CHECK(hit.answered_ms == Approx(21.0));
        CHECK(slow.answered_ms == Approx(32.0));
        CHECK(rig["cache/hit_ratio"] == Approx(2.0 / 3.0));
        CHECK(rig["cache/misses"] == 1.0);
    }

    TEST_CASE("a copy lives for its time from when it was kept, and that is checked on reading") {
        CacheRig rig;
        add_cache(rig, R"("ttl": "100ms")");
        rig.read(0.0, 1);                                 // kept from 10 to 110 ms
        const CacheRig::Call& last = rig.read(109.9, 1);  // does not prolong it
        const CacheRig::Call& late = rig.read(110.0, 1);
        rig.run(200.0);
        CHECK(last.answered_ms == Approx(109.9));
        CHECK(late.answered_ms == Approx(120.0));
        CHECK(rig["cache/expired"] == 1.0);
        CHECK(rig["cache/evictions"] == 0.0);
    }

    TEST_CASE("with jitter, lives are spread evenly around the time to live") {
        // 1,000 keys kept at 10 ms live 100 ms +- 20 %: of those read at x ms after, a share of
        // (x - 80) / 40 has gone. Read once each: 250 keys at 90, 100, 110 and 121 ms. The spread
        // of the counts is that of 250 draws, at most 8.
        CacheRig rig;
        add_cache(rig, R"("ttl": "100ms", "ttl_jitter": "20%")");
        for (std::uint64_t key = 0; key < 1000; ++key) rig.read(0.0, key);
        std::vector<int> gone(4, 0);
        std::vector<CacheRig::Call*> calls;
        const double ages[] = {90.0, 100.0, 110.0, 121.0};
        for (std::uint64_t key = 0; key < 1000; ++key) {
            calls.push_back(&rig.read(10.0 + ages[key % 4], key));
        }
        rig.run(300.0);
        for (std::uint64_t key = 0; key < 1000; ++key) {
            if (calls[key]->answered_ms > 15.0 + ages[key % 4]) ++gone[key % 4];
        }
        CHECK(std::abs(gone[0] - 62.5) < 4.0 * 6.9);
        CHECK(std::abs(gone[1] - 125.0) < 4.0 * 8.0);
        CHECK(std::abs(gone[2] - 187.5) < 4.0 * 6.9);
        CHECK(gone[3] == 250);
    }

    TEST_CASE("an expired key is fetched by each read that comes during the fetch") {
        // The copy has gone; the fetch of the read at 200 ms is answered at 210 ms. The reads at
        // 200, 201, ... 209 ms find nothing, and neither does that of 210 ms, which comes first
        // at that instant.
        CacheRig rig;
        add_cache(rig, R"("ttl": "100ms")");
        storm(rig);
        rig.run(300.0);
        CHECK(rig.store().reads == 1 + 11);
        CHECK(rig["cache/coalesced"] == 0.0);
        CHECK(rig["cache/origin_load"] == Approx(12.0 / 0.3));
    }

    TEST_CASE("with single flight the store sees one fetch, and all get its answer") {
        CacheRig rig;
        add_cache(rig, R"("ttl": "100ms", "single_flight": true)");
        const CacheRig::Call& joined = rig.read(205.5, 1);
        storm(rig);
        rig.run(300.0);
        CHECK(rig.store().reads == 2);
        CHECK(joined.answered_ms == Approx(210.0));
        CHECK(joined.response.store == rig.store().number());
        CHECK(rig["cache/coalesced"] == Approx(11.0 / 32.0));  // 201 ... 210 and 205.5
        CHECK(rig["cache/misses"] == 13.0);
    }

    TEST_CASE("those who wait for another's fetch go down with the cache") {
        CacheRig rig;
        add_cache(rig, R"("single_flight": true)");
        const CacheRig::Call& first = rig.read(0.0, 1);
        const CacheRig::Call& second = rig.read(1.0, 1);
        rig.at(5.0, [&] { rig.cache().crash(); });
        rig.at(6.0, [&] { rig.cache().restart(); });
        const CacheRig::Call& third = rig.read(7.0, 1);
        rig.run(50.0);
        CHECK(first.is_abandoned);
        CHECK(second.is_abandoned);
        CHECK(third.answered_ms == Approx(17.0));
        CHECK(rig.store().reads == 2);
    }

    TEST_CASE("past its soft limit a copy still serves while one fetch replaces it") {
        CacheRig rig;
        add_cache(rig, R"("ttl": "100ms", "stale_while_revalidate": "150ms")");
        storm(rig);
        rig.at(150.0, [&] { rig.store().commit(1, 99); });
        const CacheRig::Call& soft = rig.read(205.5, 1);
        const CacheRig::Call& fresh = rig.read(215.5, 1);
        const CacheRig::Call& hard = rig.read(600.0, 1);  // kept at 210, usable to 460 ms
        rig.run(700.0);
        CHECK(rig.store().reads == 1 + 1 + 1);
        CHECK(soft.answered_ms == Approx(205.5));
        CHECK(soft.response.version == models::initial_version);
        CHECK(fresh.response.version == 99);
        CHECK(hard.answered_ms == Approx(610.0));
        CHECK(rig["cache/refreshes"] == 1.0);
        CHECK(rig["cache/staleness/max"] == Approx(0.060));  // the read at 210 ms
    }

    TEST_CASE("a copy that is read near its end is fetched anew before it expires") {
        // Kept at 10 ms for 100 ms: from 90 ms on a read starts the fetch, here at 95 ms. The new
        // copy is kept at 105 ms and would be refreshed from 185 ms on.
        CacheRig rig;
        add_cache(rig, R"("ttl": "100ms", "write": {"kind": "refresh_ahead", "at": "80%"})");
        rig.read(0.0, 1);
        for (const double at : {89.0, 95.0, 96.0, 115.0, 150.0, 184.0, 190.0}) {
            rig.read(at, 1);
        }
        rig.run(300.0);
        CHECK(rig.store().reads == 3);  // 0, 95 and 190 ms
        CHECK(rig["cache/misses"] == 1.0);
        CHECK(rig["cache/refreshes"] == 2.0);
        CHECK(rig["cache/expired"] == 0.0);
    }

    TEST_CASE("a refresh that fails leaves the copy, and the next read tries again") {
        CacheRig rig;
        add_cache(rig, R"("ttl": "100ms", "stale_while_revalidate": "1s")");
        rig.read(0.0, 1);
        rig.at(100.0, [&] { rig.store().is_failing = true; });
        const CacheRig::Call& kept = rig.read(150.0, 1);
        rig.at(160.0, [&] { rig.store().is_failing = false; });
        rig.read(170.0, 1);
        rig.run(300.0);
        CHECK(kept.response.outcome == models::Outcome::ok);
        CHECK(rig["cache/refreshes"] == 2.0);
        CHECK(rig["cache/hit_ratio"] == Approx(2.0 / 3.0));
    }

    TEST_CASE("a failure of the store is kept for its own time and no longer") {
        CacheRig rig;
        add_cache(rig, R"("negative_ttl": "50ms")");
        rig.store().is_failing = true;
        rig.read(0.0, 1);
        const CacheRig::Call& kept = rig.read(49.0, 1);
        rig.at(20.0, [&] { rig.store().is_failing = false; });
        const CacheRig::Call& anew = rig.read(50.0, 1);
        rig.run(100.0);
        CHECK(kept.response.outcome == models::Outcome::failed);
        CHECK(anew.response.outcome == models::Outcome::ok);
        CHECK(rig.store().reads == 2);
        CHECK(rig["cache/negative_hits"] == Approx(1.0 / 3.0));
    }

    TEST_CASE("without it a failure is not kept") {
        CacheRig rig;
        add_cache(rig, "");
        rig.store().is_failing = true;
        rig.read(0.0, 1);
        rig.read(1.0, 1);
        rig.run(100.0);
        CHECK(rig.store().reads == 2);
    }

    TEST_CASE("a message drops the copy and never reaches the store") {
        CacheRig rig;
        add_cache(rig, "");
        rig.read(0.0, 1);
        rig.at(20.0, [&] { rig.store().commit(1, 5); });
        rig.invalidate(30.0, 1);
        rig.invalidate(31.0, 2);  // nothing is there
        const CacheRig::Call& before = rig.read(29.0, 1);
        const CacheRig::Call& after = rig.read(32.0, 1);
        rig.run(100.0);
        CHECK(before.response.version == models::initial_version);
        CHECK(after.response.version == 5);
        CHECK(rig.store().reads == 2);
        CHECK(rig["cache/invalidations"] == 1.0);
        CHECK(rig["cache/staleness/max"] == Approx(0.009));
    }

    TEST_CASE("bytes limit what is kept by the sizes of the objects") {
        CacheRig rig;
        rig.add("cache", R"("capacity": "100B")");
        for (std::uint64_t key = 1; key <= 3; ++key) {
            rig.write(static_cast<double>(key), key).request.size = sim::Bytes{40};
            rig.read(10.0 + static_cast<double>(key), key).request.size = sim::Bytes{40};
        }
        rig.read(20.0, 1).request.size = sim::Bytes{40};
        rig.read(21.0, 3).request.size = sim::Bytes{40};
        rig.read(22.0, 9).request.size = sim::Bytes{101};  // larger than the cache
        rig.read(23.0, 9).request.size = sim::Bytes{101};
        rig.run(30.0);
        // 1, 2, 3 (1 leaves), 1 again (2 leaves), 3 is there, 9 twice.
        CHECK(rig["cache/misses"] == 6.0);
        CHECK(rig["cache/evictions"] == 2.0);
    }

    TEST_CASE("behind a cache there may be another") {
        CacheRig rig;
        rig.add("far", R"("capacity": 10, "hit_time": "3ms")");
        rig.add("near", R"("capacity": 1, "hit_time": "1ms")", "far");
        rig.store().read_time = sim::Duration::milliseconds(10);
        const CacheRig::Call& from_store = rig.read(0.0, 1);
        rig.read(20.0, 2);  // takes the place of key 1 in the near one
        const CacheRig::Call& from_far = rig.read(40.0, 1);
        const CacheRig::Call& from_near = rig.read(50.0, 1);
        rig.run(100.0);
        CHECK(from_store.answered_ms == Approx(14.0));
        CHECK(from_far.answered_ms == Approx(44.0));
        CHECK(from_near.answered_ms == Approx(51.0));
        CHECK(from_near.response.store == rig.store().number());
        CHECK(rig["near/hit_ratio"] == Approx(0.25));
        CHECK(rig["far/hit_ratio"] == Approx(1.0 / 3.0));
    }

    TEST_CASE("a crash loses all copies") {
        CacheRig rig;
        add_cache(rig, "");
        rig.read(0.0, 1);
        rig.at(20.0, [&] { rig.cache().crash(); });
        rig.at(21.0, [&] { rig.cache().restart(); });
        const CacheRig::Call& cold = rig.read(30.0, 1);
        rig.run(100.0);
        CHECK(cold.answered_ms == Approx(40.0));
    }
}
