// The operations in flight keep their order and their places, whichever of them ends next.
#include "models/consistency/open_operations.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

using namespace archsim;
using models::OpenOperation;
using models::OpenOperations;
using models::Operation;

TEST_SUITE("open operations") {
    TEST_CASE("they are known in the order of invocation, whichever ends") {
        std::mt19937_64 random{1};
        OpenOperations open;
        std::vector<OpenOperation*> expected;  // in the order of invocation
        std::uint64_t next = 0;
        for (int step = 0; step < 5000; ++step) {
            // Grows for a while, then shrinks, so that it is at times empty and places come back.
            const bool grows = random() % 100 < ((step / 500) % 2 == 0 ? 60U : 40U);
            if (grows || expected.empty()) {
                Operation operation;
                operation.id = next++;
                expected.push_back(&open.add(operation));
            } else {
                const auto at = static_cast<std::size_t>(random() % expected.size());
                open.remove(*expected[at]);
                expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(at));
            }
            const Operation* const oldest = expected.empty() ? nullptr : expected.front();
            REQUIRE(open.oldest() == oldest);
            std::vector<std::uint64_t> ids;
            open.each([&](const Operation& operation) { ids.push_back(operation.id); });
            REQUIRE(std::ranges::equal(ids, expected, {}, {},
                                       [](const OpenOperation* known) { return known->id; }));
        }
        CHECK(next > 2000);
    }

    TEST_CASE("an operation keeps what was filled in, and its place is used again") {
        OpenOperations open;
        OpenOperation& first = open.add({});
        first.version = 7;
        OpenOperation& second = open.add({});
        CHECK(first.version == 7);
        CHECK(second.version == 0);
        open.remove(first);
        CHECK(open.oldest() == &second);
        // Whoever was told of its end may still read it, until so many others have ended.
        for (std::size_t i = 1; i < OpenOperations::kept; ++i) open.remove(open.add({}));
        CHECK(&open.add({}) != &first);
        CHECK(first.version == 7);
        open.remove(second);
        OpenOperation& last = open.add({});
        CHECK(&last == &first);
        CHECK(last.version == 0);
    }
}
