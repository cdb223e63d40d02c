// Parameters of shards and sharded databases, and what does not go together.
#include "models/database/sharded_config.hpp"

#include "models/distribution_codec.hpp"

#include <algorithm>
#include <concepts>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace archsim::models {

namespace {

void check_sharded(const ShardedConfig& config, const Place& place) {
    const auto is_joined = [](const ShardConfig& shard) { return shard.joined; };
    if (std::ranges::none_of(config.shards, is_joined)) {
        place.fail("shards", {.code = Code::bad_value,
                              .message = "no shard holds keys at the start",
                              .hint = "let at least one of them be joined"});
    }
    std::set<std::string_view> names;
    for (const ShardConfig& shard : config.shards) {
        if (names.insert(shard.to.name).second) continue;
        place.fail("shards", {.code = Code::duplicate_name,
                              .message = quoted(shard.to.name) + " is named twice",
                              .hint = "a database holds one shard"});
    }
    const auto* const directory = std::get_if<DirectoryPlacement>(&config.placement);
    const bool is_even =
        directory != nullptr || std::holds_alternative<JumpPlacement>(config.placement);
    for (const ShardConfig& shard : config.shards) {
        if (!is_even) break;
        if (shard.weight == config.shards.front().weight) continue;
        place.fail("placement", {.code = Code::bad_value,
                                 .message = "this placement gives all shards the same share",
                                 .hint = "leave the weights out"});
        break;
    }
    double weight_max = 0.0;
    for (const ShardConfig& shard : config.shards) weight_max = std::max(weight_max, shard.weight);
    const std::optional<Problem> problem = std::visit(
        [&](const auto& chosen) -> std::optional<Problem> {
            using Config = std::decay_t<decltype(chosen)>;
            if constexpr (std::constructible_from<PlacementConfig, Config>) {
                return problem_with(chosen, static_cast<double>(config.shards.size()), weight_max);
            } else {
                return std::nullopt;
            }
        },
        config.placement);
    if (problem) place.fail("placement", *problem);
    if (directory == nullptr) return;
    for (const PinConfig& pin : directory->pinned) {
        const bool is_shard = std::ranges::any_of(config.shards, [&pin](const ShardConfig& shard) {
            return shard.to.name == pin.to.name;
        });
        if (is_shard && pin.key < config.keys) continue;
        place.fail("placement", {.code = Code::bad_value,
                                 .message = "key " + std::to_string(pin.key) +
                                            " cannot be pinned to " + pin.to.name,
                                 .hint = "pin a key below \"keys\" to one of \"shards\""});
    }
}

}  // namespace

const Spec<ShardConfig>& ShardConfig::spec() {
    static const auto declared =
        Spec<ShardConfig>{"shard", "A database that holds a part of the keys."}
            .required("to", &ShardConfig::to, "The database.")
            .optional("weight", &ShardConfig::weight, "Its share of the keys beside the others.")
            .more_than(0.0)
            .optional("joined", &ShardConfig::joined,
                      "Whether it holds keys from the start; see the faults join and leave.")
            .optional("delay", &ShardConfig::delay,
                      "One-way delay to it; without it the network's delay holds.")
            .optional("bandwidth", &ShardConfig::bandwidth,
                      "Rate at which each message to it and back is sent; without it the "
                      "network's bandwidth holds.")
            .more_than(sim::Bandwidth{})
            .optional("loss", &ShardConfig::loss, "Probability that a message is lost, each way.")
            .optional("timeout", &ShardConfig::timeout, "How long a try may take.")
            .more_than(sim::Duration{})
            .optional("retry", &ShardConfig::retry, "When a failed call is tried again.")
            .optional("hedge", &ShardConfig::hedge, "When a slow call is doubled.")
            .check([](const ShardConfig& config, const Place& place) {
                if (config.loss.value() == 0.0 || config.timeout) return;
                place.fail("loss", {.code = Code::no_timeout,
                                    .message = "messages can get lost, and nobody would notice",
                                    .hint = "give the shard a timeout"});
            })
            .written_as("to");
    return declared;
}

const Spec<ShardedConfig>& ShardedConfig::spec() {
    static const auto declared =
        Spec<ShardedConfig>{"sharded", "Spreads keys over databases, each of which holds a part."}
            .guide("Principais Componentes, 4. Database")
            .required("shards", &ShardedConfig::shards, "The databases, of any kind.")
            .optional("placement", &ShardedConfig::placement, "Which key belongs to which shard.")
            .required("keys", &ShardedConfig::keys,
                      "Keys that there are, numbered from 0; a request for another one fails.")
            .at_least(1)
            .at_most(100'000'000)
            .optional("value_size", &ShardedConfig::value_size, "Size of the copy of one key.")
            .optional("migration_rate", &ShardedConfig::migration_rate,
                      "Keys moved in a second at most; without it, one copy follows another.")
            .more_than(sim::Rate{})
            .optional("retry_after", &ShardedConfig::retry_after, "Pause after a copy that failed.")
            .more_than(sim::Duration{})
            .metric("shard", "ratio", "shard/I/share: requests sent to the I-th shard, from 0.")
            .metric("imbalance", "", "Requests of the busiest shard over the mean.")
            .metric("keys_moved", "ratio", "Share of all keys that the last resharding moved.")
            .metric("resharding_time", "s", "How long it took.")
            .metric("waited", "ratio", "Requests that found their key in motion and waited.")
            .metric("unknown_key", "ratio", "Requests for keys that there are not.")
            .metric("copies", "count", "Keys copied; those without a version need no copy.")
            .metric("copies_failed", "count", "Copies that failed and were tried again.")
            .check(check_sharded)
            .assume(
                "Keys move one after another. While one moves, new requests for it wait, those "
                "under way are let finish, and it is read from its old shard and written to its "
                "new one, both through the router. Before and after, requests go to the shard "
                "that holds the key.")
            .assume(
                "A copy is read and written as any other request: a shard whose replicas lag may "
                "give an old version, and a copy given up by a timeout may still arrive late.")
            .assume("The old copy stays where it was, and nobody asks for it.");
    return declared;
}

}  // namespace archsim::models
