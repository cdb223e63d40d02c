// The operations in flight keep their order and their places, whichever of them ends next.
#include "models/consistency/open_operations.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

using namespace archsim;
using models::OpenOperations;
using models::Operation;
using models::Order;

TEST_SUITE("open operations") {
    TEST_CASE("they are known in the order of invocation, whichever ends") {
        std::mt19937_64 random{1};
        OpenOperations open;
        std::vector<Operation> expected;  // in the order of invocation
        Order order = 0;
        int ended = 0;
        for (int step = 0; step < 20'000; ++step) {
            // Grows for a while, then shrinks, so that it is at times empty; mostly one of the
            // latest ends, so that a few outlive hundreds of others.
            const bool grows = random() % 100 < ((step / 2000) % 2 == 0 ? 60U : 40U);
            order += 1 + static_cast<Order>(random() % 3);
            if (grows || expected.empty()) {
                Operation draft;
                draft.key = random();
                expected.push_back(open.add(draft, {}, order));
                REQUIRE(expected.back().id + 1 == open.begun());
                REQUIRE(expected.back().key == draft.key);
            } else {
                const std::size_t reach = random() % 50 == 0 ? expected.size() : 20;
                const std::size_t back = random() % std::min(reach, expected.size());
                const auto place = expected.end() - 1 - static_cast<std::ptrdiff_t>(back);
                REQUIRE(open.remove(place->id).key == place->key);
                expected.erase(place);
                ++ended;
            }
            REQUIRE(open.oldest(-1) == (expected.empty() ? -1 : expected.front().invoked_order));
            if (step % 50 != 0) continue;
            std::vector<std::uint64_t> told;
            open.each([&](const Operation& operation) { told.push_back(operation.key); });
            REQUIRE(std::ranges::equal(told, expected, {}, {}, &Operation::key));
        }
        CHECK(ended > 8000);
    }

    TEST_CASE("an operation keeps what was filled in until it has ended") {
        OpenOperations open;
        open.add({}, {}, 0).version = 7;
        CHECK(open.add({}, {}, 1).version == 0);
        CHECK(open.oldest(-1) == 0);
        CHECK(open.remove(0).version == 7);
        CHECK(open.oldest(-1) == 1);
        CHECK(open.remove(1).version == 0);
        CHECK(open.oldest(-1) == -1);
    }

    TEST_CASE("one that outlives thousands of others is found again") {
        OpenOperations open;
        open.add({}, {}, 0).version = 7;
        for (Order order = 1; order < 10'000; ++order) {
            static_cast<void>(open.remove(open.add({}, {}, order).id));
        }
        CHECK(open.oldest(-1) == 0);
        int told = 0;
        open.each([&](const Operation& operation) { told += operation.version == 7 ? 1 : 100; });
        CHECK(told == 1);
        CHECK(open.remove(0).version == 7);
        CHECK(open.oldest(-1) == -1);
    }
}
