// The store: capacity in both units, what becomes of payloads, and the index under it.
#include "models/cache/store.hpp"

#include "models/cache/evictions.hpp"
#include "sim/rng.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace archsim::tests {

namespace {

namespace cache = models::cache;
using cache::Capacity;
using cache::Put;
using Unit = Capacity::Unit;

/// What an owner could keep: a version, and whether the origin lacks it.
struct Page {
    int version = 0;
    bool is_dirty = false;
};
using Pages = cache::Store<cache::Lru, Page>;

Pages pages(Unit unit, std::uint64_t amount) {
    return Pages{Capacity{unit, amount}, cache::Lru{{}, cache::Setting{amount, 1}}};
}

/// Keys and versions of the evicted, in order.
using Left = std::vector<std::pair<std::uint64_t, int>>;
auto recorder(Left& left) {
    return [&left](std::uint64_t key, std::uint64_t, Page& page) {
        left.emplace_back(key, page.version);
    };
}

}  // namespace

TEST_SUITE("cache store") {
    TEST_CASE("a dirty victim is handed over with the payload that was written last") {
        Pages store = pages(Unit::entries, 2);
        Left left;
        store.put(1, 100, {10, false}, recorder(left));
        store.put(2, 100, {20, true}, recorder(left));
        CHECK(store.put(1, 900, {11, true}, recorder(left)) == Put::updated);
        CHECK(store.put(3, 100, {30, false}, recorder(left)) == Put::inserted);
        CHECK(store.put(4, 100, {40, false}, recorder(left)) == Put::inserted);
        CHECK(left == Left{{2, 20}, {1, 11}});
        CHECK(store.count() == 2);
    }

    TEST_CASE("find counts as use and peek does not") {
        Pages store = pages(Unit::entries, 2);
        store.put(1, 1, {1, false});
        store.put(2, 1, {2, false});
        REQUIRE(store.peek(1) != nullptr);
        store.put(3, 1, {3, false});
        CHECK(store.peek(1) == nullptr);
        REQUIRE(store.find(2) != nullptr);
        store.put(4, 1, {4, false});
        CHECK(std::as_const(store).peek(2)->version == 2);
        CHECK(store.find(3) == nullptr);
    }

    TEST_CASE("an object of many bytes pushes out several small ones") {
        Pages store = pages(Unit::bytes, 100);
        Left left;
        for (int key = 1; key <= 4; ++key) store.put(static_cast<std::uint64_t>(key), 25, {key});
        CHECK(store.occupied() == 100);
        store.put(9, 60, {9}, recorder(left));
        CHECK(left == Left{{1, 1}, {2, 2}, {3, 3}});
        CHECK(store.occupied() == 85);
    }

    TEST_CASE("an object that grows in place pushes out others or itself") {
        Pages store = pages(Unit::bytes, 100);
        Left left;
        store.put(1, 40, {1});
        store.put(2, 40, {2});
        CHECK(store.put(2, 70, {3}, recorder(left)) == Put::updated);
        CHECK(left == Left{{1, 1}});
        CHECK(store.occupied() == 70);

        using Queue = cache::Store<cache::Fifo, Page>;
        Queue queue{Capacity{Unit::bytes, 100}, cache::Fifo{{}, cache::Setting{100, 1}}};
        left.clear();
        queue.put(1, 40, {1});
        queue.put(2, 40, {2});
        CHECK(queue.put(1, 70, {3}, recorder(left)) == Put::updated);
        CHECK(left == Left{{1, 3}});
        CHECK(queue.peek(1) == nullptr);
    }

    TEST_CASE("an object larger than the cache is refused and its older value is dropped") {
        Pages store = pages(Unit::bytes, 100);
        Left left;
        store.put(1, 10, {1});
        store.put(2, 10, {2});
        CHECK(store.put(1, 101, {3}, recorder(left)) == Put::refused);
        CHECK(store.peek(1) == nullptr);
        CHECK(store.peek(2) != nullptr);
        CHECK(left.empty());
        CHECK(store.occupied() == 10);
    }

    TEST_CASE("objects of no bytes take one, so that they cannot pile up") {
        Pages store = pages(Unit::bytes, 3);
        for (std::uint64_t key = 0; key < 10; ++key) store.put(key, 0, {0});
        CHECK(store.count() == 3);
    }

    TEST_CASE("a crash loses everything and a visit before it sees each object once") {
        Pages store = pages(Unit::entries, 8);
        for (int key = 0; key < 12; ++key) {
            store.put(static_cast<std::uint64_t>(key), 1, {key, key % 2 == 1});
        }
        store.erase(5);
        int dirty = 0;
        std::vector<std::uint64_t> keys;
        store.for_each([&](std::uint64_t key, std::uint64_t weight, Page& page) {
            CHECK(weight == 1);
            keys.push_back(key);
            dirty += page.is_dirty ? 1 : 0;
        });
        std::sort(keys.begin(), keys.end());
        CHECK(keys == std::vector<std::uint64_t>{4, 6, 7, 8, 9, 10, 11});
        CHECK(dirty == 3);
        store.clear();
        CHECK(store.count() == 0);
        CHECK(store.occupied() == 0);
        CHECK(store.find(11) == nullptr);
        store.put(11, 1, {1});
        CHECK(store.count() == 1);
    }

    TEST_CASE("a cache at its capacity takes no further memory") {
        Pages store = pages(Unit::entries, 100);
        for (std::uint64_t key = 0; key < 200; ++key) store.put(key, 1, {0});
        const std::size_t before = store.memory();
        for (std::uint64_t key = 200; key < 5'000; ++key) store.put(key, 1, {0});
        CHECK(store.memory() == before);
        CHECK(before >= 100 * (sizeof(cache::Entry) + sizeof(Page) + 16));
        CHECK(before <= 100 * (sizeof(cache::Entry) + sizeof(Page) + 33));
    }

    TEST_CASE("the index finds what an ordered map holds through growth and removal") {
        cache::Index index;
        std::map<std::uint64_t, cache::Slot> expected;
        std::vector<std::uint64_t> keys(4'000);
        std::vector<cache::Slot> free;
        for (cache::Slot slot = 0; slot < keys.size(); ++slot) free.push_back(slot);
        const auto key_of = [&](cache::Slot slot) { return keys[slot]; };
        sim::Rng rng{7};
        bool same = true;
        for (int step = 0; step < 30'000; ++step) {
            // Neighbouring keys and keys that differ only in high bits.
            const std::uint64_t key = rng.below(2'000) << (rng.below(2) * 44);
            const auto found = expected.find(key);
            const cache::Slot slot = index.find(key, key_of);
            same = same && slot == (found == expected.end() ? cache::no_slot : found->second);
            if (found == expected.end()) {
                keys[free.back()] = key;
                index.insert(key, free.back());
                expected[key] = free.back();
                free.pop_back();
            } else if (rng.below(3) > 0) {
                index.erase(key, slot);
                free.push_back(slot);
                expected.erase(found);
            }
        }
        CHECK(same);
        CHECK(index.count() == expected.size());
        for (const auto& [key, slot] : expected) CHECK(index.find(key, key_of) == slot);
    }
}

}  // namespace archsim::tests
