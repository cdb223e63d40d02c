// What a scenario writes about a database whose members agree on one log by majority.
#pragma once

#include "models/choice.hpp"
#include "models/distribution_codec.hpp"
#include "models/queue_limit.hpp"
#include "models/spec.hpp"
#include "sim/distribution.hpp"
#include "sim/units.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace archsim::models {

/// The most members.
inline constexpr std::int64_t consensus_members_most = 15;

/// The leader asks a majority before each read whether it still leads.
struct ReadByIndex {
    static const Spec<ReadByIndex>& spec();
};
/// The leader answers by itself for as long as no other can have been elected, by its clock.
struct ReadByLease {
    sim::Duration clock_error;  ///< By how much clocks are assumed to differ.
    static const Spec<ReadByLease>& spec();
};
/// Every member answers from what it has.
struct ReadStale {
    static const Spec<ReadStale>& spec();
};
using ConsensusReads = OneOf<ReadByIndex, ReadByLease, ReadStale>;

/// A member passes on to the leader what it may not answer itself.
struct ForwardClients {
    sim::Duration timeout = sim::Duration::seconds(2);
    static const Spec<ForwardClients>& spec();
};
/// Clients call the leader that they have heard of; any other member turns them away.
struct RedirectClients {
    static const Spec<RedirectClients>& spec();
};
using ConsensusClients = OneOf<ForwardClients, RedirectClients>;

/// The parameters of a consensus database.
struct ConsensusConfig {
    std::int64_t replicas = 3;
    std::vector<RegionName> replica_regions;  ///< In order; the rest is where the database is.
    sim::Duration election_timeout = sim::Duration::seconds(1);
    std::optional<sim::Duration> election_spread = std::nullopt;
    sim::Duration heartbeat = sim::Duration::milliseconds(100);
    bool pre_vote = false;
    ConsensusReads reads;
    ConsensusClients clients;
    sim::Distribution read_time;
    sim::Distribution write_time;
    sim::Distribution fsync_time;
    std::int64_t servers = 1;
    QueueLimit queue;
    sim::Bytes value_size;
    static const Spec<ConsensusConfig>& spec();

    /// How many members are more than half of all.
    [[nodiscard]] std::size_t majority() const {
        return static_cast<std::size_t>(replicas) / 2 + 1;
    }
    /// How much longer than the timeout a member waits at most.
    [[nodiscard]] sim::Duration spread() const {
        return election_spread.value_or(election_timeout);
    }
    [[nodiscard]] bool reads_stale() const { return std::holds_alternative<ReadStale>(reads); }
    [[nodiscard]] bool redirects() const {
        return std::holds_alternative<RedirectClients>(clients);
    }
};

}  // namespace archsim::models
