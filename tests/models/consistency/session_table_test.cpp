// The two tables that every event of a history goes through, beside the maps of the library.
#include "models/consistency/session_table.hpp"

#include "models/consistency/key_indices.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <random>

namespace archsim {
namespace {

using models::KeyIndices;
using models::Order;
using models::SessionState;
using models::SessionTable;

TEST_SUITE("consistency tables") {
    TEST_CASE("each pair of session and key keeps a state of its own while the table grows") {
        // Few keys and many sessions, and the other way round, so that places share their low or
        // their high bits. More than half of the draws meet a pair again.
        std::mt19937_64 random{3};
        SessionTable table;
        std::map<std::uint64_t, Order> expected;
        for (Order i = 1; i <= 20'000; ++i) {
            const std::uint64_t draw = random();
            const auto wide = static_cast<std::uint32_t>(draw % 1'500);
            const auto narrow = static_cast<std::uint32_t>((draw >> 32) % 3);
            const auto place = i % 2 == 0 ? SessionTable::place_of(wide, narrow)
                                          : SessionTable::place_of(narrow, wide);
            SessionState& state = table.at(place);
            const auto [known, is_new] = expected.try_emplace(place, models::after_history);
            REQUIRE(state.read.end == known->second);
            REQUIRE(state.write.end == models::after_history);
            state.read.end = i;
            known->second = i;
        }
        CHECK(table.size() == expected.size());
        for (const auto& [place, end] : expected) REQUIRE(table.at(place).read.end == end);
        CHECK(table.size() == expected.size());
    }

    TEST_CASE("a table is at most three quarters full and at least three eighths, once it grew") {
        SessionTable table;
        CHECK(table.memory() == 0);
        constexpr std::uint32_t pairs = 100'000;
        for (std::uint32_t session = 0; session < pairs; ++session) {
            static_cast<void>(table.at(SessionTable::place_of(session, 7)));
        }
        // 40 bytes for an entry.
        CHECK(3 * table.memory() >= 4 * 40 * std::size_t{pairs});
        CHECK(3 * table.memory() <= 8 * 40 * std::size_t{pairs + 1});
    }

    TEST_CASE("keys are numbered in the order of their first appearance, small and large alike") {
        KeyIndices indices;
        const std::uint64_t keys[] = {7, 0, UINT64_MAX, KeyIndices::small_keys,
                                      KeyIndices::small_keys - 1};
        for (std::uint32_t i = 0; i < 5; ++i) {
            CHECK_FALSE(indices.find(keys[i]).has_value());
            CHECK(indices.add(keys[i]) == i);
            CHECK(indices.add(keys[0]) == 0);
            CHECK(indices.size() == i + 1);
        }
        for (std::uint32_t i = 0; i < 5; ++i) CHECK(indices.find(keys[i]) == i);
        CHECK_FALSE(indices.find(1).has_value());
        CHECK_FALSE(indices.find(KeyIndices::small_keys + 1).has_value());
    }

    TEST_CASE("large keys keep their numbers while their table grows") {
        KeyIndices indices;
        constexpr std::uint32_t count = 5000;
        // Neighbours, and keys that differ in their upper bits alone.
        const auto key = [](std::uint32_t i) {
            return i % 2 == 0 ? KeyIndices::small_keys + i : std::uint64_t{i} << 40;
        };
        for (std::uint32_t i = 1; i <= count; ++i) REQUIRE(indices.add(key(i)) == i - 1);
        for (std::uint32_t i = 1; i <= count; ++i) {
            REQUIRE(indices.find(key(i)) == i - 1);
            REQUIRE(indices.add(key(i)) == i - 1);
            REQUIRE_FALSE(indices.find(key(i) + 1).has_value());
        }
        CHECK(indices.size() == count);
        // 16 bytes for an entry, at most three quarters full and at least three eighths.
        CHECK(3 * indices.memory() >= 4 * 16 * std::size_t{count});
        CHECK(3 * indices.memory() <= 8 * 16 * std::size_t{count + 1});
    }
}

}  // namespace
}  // namespace archsim
