// Layouts of keys over shards, and what a change of the shards moves, by hand.
#include "models/database/shard_layout.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

using namespace archsim::models;

namespace {

std::vector<RingMember> shards(std::initializer_list<std::uint32_t> ids) {
    std::vector<RingMember> members;
    for (const std::uint32_t id : ids) members.push_back({"s" + std::to_string(id), 1.0, id});
    return members;
}

/// A table as one digit for each key.
std::string digits(const ShardTable& table) {
    std::string text;
    for (const std::uint32_t shard : table) text += static_cast<char>('0' + shard);
    return text;
}

double moved(const ShardTable& before, const ShardTable& after) {
    double count = 0.0;
    for (std::size_t i = 0; i < before.size(); ++i) count += before[i] != after[i] ? 1.0 : 0.0;
    return count / static_cast<double>(before.size());
}

}  // namespace

TEST_SUITE("shard layout") {
    TEST_CASE("ranges are equal stretches, or stretches in proportion to the weights") {
        CHECK(digits(lay_out(RangePlacement{}, shards({0, 1, 2}), 12, {})) == "000011112222");
        auto weighted = shards({0, 1});
        weighted[1].weight = 3.0;
        CHECK(digits(lay_out(RangePlacement{}, weighted, 12, {})) == "000111111111");
    }

    TEST_CASE("a shard that joins takes the upper half of the largest range") {
        const ShardTable before = lay_out(RangePlacement{}, shards({0, 1}), 12, {});
        const ShardTable after = lay_out(RangePlacement{}, shards({0, 1, 2}), 12, before);
        CHECK(digits(after) == "000222111111");
        const ShardTable four = lay_out(RangePlacement{}, shards({0, 1, 2, 3}), 12, after);
        CHECK(digits(four) == "000222111333");
    }

    TEST_CASE("the range of a shard that leaves goes to its neighbours") {
        const ShardTable before = lay_out(RangePlacement{}, shards({0, 1, 2}), 12, {});
        CHECK(digits(lay_out(RangePlacement{}, shards({0, 2}), 12, before)) == "000000002222");
        CHECK(digits(lay_out(RangePlacement{}, shards({1, 2}), 12, before)) == "111111112222");
        CHECK(digits(lay_out(RangePlacement{}, shards({0}), 12, before)) == "000000000000");
    }

    TEST_CASE("a directory deals keys in turn and pins those placed by hand") {
        DirectoryPlacement config;
        CHECK(digits(lay_out(config, shards({0, 1, 2}), 9, {})) == "012012012");
        config.pinned = {{0, {"s2"}}};
        // Key 0 to shard 2, which then holds four: one of its others, key 2, makes up for it.
        CHECK(digits(lay_out(config, shards({0, 1, 2}), 9, {})) == "210012012");
    }

    TEST_CASE("a directory gives a shard that joins its fair share and moves no other key") {
        const ShardTable before = lay_out(DirectoryPlacement{}, shards({0, 1, 2}), 12, {});
        const ShardTable after = lay_out(DirectoryPlacement{}, shards({0, 1, 2, 3}), 12, before);
        CHECK(digits(after) == "333012012012");
        CHECK(digits(lay_out(DirectoryPlacement{}, shards({0, 1, 3}), 12, after)) ==
              "333010011013");
    }

    TEST_CASE("hash moves n of n + 1 keys when a shard joins, a ring and jump one of n + 1") {
        constexpr std::uint64_t keys = 100'000;
        const auto share = [](const ShardingConfig& config) {
            const ShardTable before = lay_out(config, shards({0, 1, 2, 3}), keys, {});
            return moved(before, lay_out(config, shards({0, 1, 2, 3, 4}), keys, before));
        };
        const double three_sigmas = 3.0 * std::sqrt(0.8 * 0.2 / keys);
        CHECK(std::abs(share(ModuloPlacement{}) - 0.8) < three_sigmas);
        CHECK(std::abs(share(JumpPlacement{}) - 0.2) < three_sigmas);
        // One ring's own arc: sd 0.2 * sqrt(4 / (5 * 160 + 1)) = 0.0141.
        CHECK(std::abs(share(RingPlacement{}) - 0.2) < three_sigmas + 3.0 * 0.0141);
    }
}
