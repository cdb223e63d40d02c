// The layouts, each a function from members and the table so far to the table that is to be.
#include "models/database/shard_layout.hpp"

#include "models/distribution_codec.hpp"
#include "models/load_balancer/identity.hpp"

#include <algorithm>
#include <cstddef>
#include <map>

namespace archsim::models {

namespace {

using Members = std::vector<RingMember>;

bool is_member(const Members& members, std::uint32_t id) {
    return std::ranges::binary_search(members, id, {}, &RingMember::id);
}

/// By a placement that hashes: "key7" belongs wherever a ring sends requests for key 7.
template <class Config>
ShardTable by_hash(const Config& config, const Members& members, std::uint64_t keys) {
    const Placement placement{PlacementConfig{config}, members};
    ShardTable table(keys);
    Request request;
    for (std::uint64_t key = 0; key < keys; ++key) {
        request.key = key;
        const IdentityText text{request, HashBy::key};
        table[key] = placement.owner(text.view()).value();
    }
    return table;
}

ShardTable first_ranges(const Members& members, std::uint64_t keys) {
    double total = 0.0;
    for (const RingMember& member : members) total += member.weight;
    ShardTable table;
    table.reserve(keys);
    double reached = 0.0;
    for (const RingMember& member : members) {
        reached += member.weight;
        const double share = static_cast<double>(keys) * (reached / total);
        const std::uint64_t end =
            &member == &members.back() ? keys : static_cast<std::uint64_t>(share);
        table.resize(std::max<std::size_t>(end, table.size()), member.id);
    }
    return table;
}

/// Gives the keys of those who are no members any more to their neighbours.
void close_gaps(ShardTable& table, const Members& members) {
    std::optional<std::uint32_t> neighbour;
    for (std::uint32_t& owner : table) {
        if (is_member(members, owner)) {
            neighbour = owner;
        } else if (neighbour) {
            owner = *neighbour;
        }
    }
    for (auto owner = table.rbegin(); owner != table.rend(); ++owner) {
        if (is_member(members, *owner)) {
            neighbour = *owner;
        } else {
            *owner = neighbour.value_or(members.front().id);
        }
    }
}

std::map<std::uint32_t, std::uint64_t> count_keys(const ShardTable& table, const Members& members) {
    std::map<std::uint32_t, std::uint64_t> held;
    for (const RingMember& member : members) held[member.id] = 0;
    for (const std::uint32_t owner : table) {
        if (const auto place = held.find(owner); place != held.end()) ++place->second;
    }
    return held;
}

ShardTable ranges(const Members& members, std::uint64_t keys, const ShardTable& before) {
    if (before.empty()) return first_ranges(members, keys);
    ShardTable table = before;
    close_gaps(table, members);
    for (const RingMember& member : members) {
        const std::map<std::uint32_t, std::uint64_t> held = count_keys(table, members);
        if (held.at(member.id) > 0) continue;
        const auto largest =
            std::ranges::max_element(held, {}, [](const auto& entry) { return entry.second; });
        std::uint64_t left = largest->second / 2;
        for (auto owner = table.rbegin(); left > 0; ++owner) {
            if (*owner != largest->first) continue;
            *owner = member.id;
            --left;
        }
    }
    return table;
}

/// The member that holds least; the first of several.
std::uint32_t emptiest(const std::map<std::uint32_t, std::uint64_t>& held) {
    return std::ranges::min_element(held, {}, [](const auto& entry) { return entry.second; })
        ->first;
}

ShardTable directory(const DirectoryPlacement& config, const Members& members, std::uint64_t keys,
                     const ShardTable& before) {
    std::map<std::uint64_t, std::uint32_t> pinned;
    for (const PinConfig& pin : config.pinned) {
        for (const RingMember& member : members) {
            if (member.name == pin.to.name) {
                pinned.emplace(static_cast<std::uint64_t>(pin.key), member.id);
            }
        }
    }
    ShardTable table = before;
    if (table.empty()) {
        for (std::uint64_t key = 0; key < keys; ++key) {
            table.push_back(members[key % members.size()].id);
        }
    }
    for (const auto& [key, id] : pinned) table[key] = id;
    std::map<std::uint32_t, std::uint64_t> held = count_keys(table, members);
    for (std::uint32_t& owner : table) {
        if (is_member(members, owner)) continue;
        owner = emptiest(held);
        ++held[owner];
    }
    // Those without a fair share take from those above it.
    const std::uint64_t fair = keys / members.size();
    for (std::uint64_t key = 0; key < keys; ++key) {
        const std::uint32_t taker = emptiest(held);
        if (held[taker] >= fair) break;
        if (held[table[key]] <= fair || pinned.contains(key)) continue;
        --held[table[key]];
        ++held[taker];
        table[key] = taker;
    }
    return table;
}

}  // namespace

ShardTable lay_out(const ShardingConfig& config, const Members& members, std::uint64_t keys,
                   const ShardTable& before) {
    return std::visit(
        [&](const auto& chosen) {
            using Config = std::decay_t<decltype(chosen)>;
            if constexpr (std::is_same_v<Config, RangePlacement>) {
                return ranges(members, keys, before);
            } else if constexpr (std::is_same_v<Config, DirectoryPlacement>) {
                return directory(chosen, members, keys, before);
            } else {
                return by_hash(chosen, members, keys);
            }
        },
        config);
}

const Spec<RangePlacement>& RangePlacement::spec() {
    static const auto declared =
        Spec<RangePlacement>{"range", "Stretches of consecutive keys, one for each shard."}.assume(
            "A shard that joins takes the upper half of the largest stretch, whatever its weight; "
            "the keys of one that leaves go to their neighbours.");
    return declared;
}

const Spec<PinConfig>& PinConfig::spec() {
    static const auto declared =
        Spec<PinConfig>{"pin", "A key that is placed by hand."}
            .required("key", &PinConfig::key, "The number of the key.")
            .at_least(0)
            .required("to", &PinConfig::to, "The shard that holds it while it is a member.");
    return declared;
}

const Spec<DirectoryPlacement>& DirectoryPlacement::spec() {
    static const auto declared =
        Spec<DirectoryPlacement>{"directory", "A table with an entry for every key."}
            .optional("pinned", &DirectoryPlacement::pinned, "Keys placed by hand.")
            .optional("lookup_time", &DirectoryPlacement::lookup_time,
                      "Time to look the key up, before every request.")
            .assume("A shard that joins takes its fair share of the keys and no other key moves.");
    return declared;
}

}  // namespace archsim::models
