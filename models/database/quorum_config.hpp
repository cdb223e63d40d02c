// What a scenario writes about a leaderless database whose replicas answer by quorum.
#pragma once

#include "models/choice.hpp"
#include "models/distribution_codec.hpp"
#include "models/queue_limit.hpp"
#include "models/request.hpp"
#include "models/spec.hpp"
#include "sim/distribution.hpp"
#include "sim/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace archsim::models {

/// The most replicas: a coordinator remembers what each of them has answered.
inline constexpr std::int64_t quorum_replicas_most = 16;

/// What becomes of replicas that answered a read with an old version.
enum class ReadRepair : std::uint8_t {
    none,   ///< They stay as they are.
    async,  ///< The coordinator sends them the newest version once the read has been answered.
};

template <>
struct EnumNames<ReadRepair> {
    static constexpr std::array<EnumName<ReadRepair>, 2> names{{
        {ReadRepair::none, "none"},
        {ReadRepair::async, "async"},
    }};
};

/// Hinted hand-off: a coordinator keeps what a replica has missed and sends it again.
struct HintConfig {
    sim::Duration interval = sim::Duration::seconds(1);  ///< Between two tries.
    sim::Duration window = sim::Duration::hours(3);      ///< After which it is given up.
    static const Spec<HintConfig>& spec();
};

/// A sloppy quorum: members that hold writes for replicas which cannot be reached.
struct StandInConfig {
    std::int64_t count = 1;
    std::vector<RegionName> regions;  ///< In order; the rest is where the database is.
    sim::Duration after = sim::Duration::milliseconds(500);  ///< Of silence of a replica.
    sim::Duration interval = sim::Duration::seconds(1);      ///< Between two tries to hand over.
    static const Spec<StandInConfig>& spec();
};

/// Anti-entropy: replicas compare what they hold, two by two, by hash trees.
struct AntiEntropyConfig {
    sim::Duration interval = sim::Duration::seconds(60);  ///< Between two comparisons of a replica.
    std::int64_t leaves = 1024;                           ///< Of a tree.
    sim::Bytes hash_size{16};
    static const Spec<AntiEntropyConfig>& spec();
};

/// The parameters of a quorum database: N, R and W of the literature are `replicas`, `read_quorum`
/// and `write_quorum`.
struct QuorumConfig {
    std::int64_t replicas = 3;
    std::vector<RegionName> replica_regions;  ///< In order; the rest is where the database is.
    std::int64_t read_quorum = 2;
    std::int64_t write_quorum = 2;
    std::int64_t coordinators = 0;  ///< That hold no data; 0: replicas coordinate.
    std::vector<RegionName> coordinator_regions;
    ReadRepair read_repair = ReadRepair::none;
    bool write_back = false;
    std::optional<HintConfig> hints = std::nullopt;
    std::optional<StandInConfig> stand_ins = std::nullopt;
    std::optional<AntiEntropyConfig> anti_entropy = std::nullopt;
    sim::Duration timeout = sim::Duration::seconds(2);
    sim::Distribution read_time;
    sim::Distribution write_time;
    sim::Distribution answer_time;
    std::int64_t servers = 1;
    QueueLimit queue;
    sim::Bytes value_size;
    static const Spec<QuorumConfig>& spec();

    /// How many replicas must hold what a read with write-back returns: so many that each later
    /// read asks one of them, and at least a majority.
    [[nodiscard]] std::size_t write_back_quorum() const;
    /// How many replicas have to answer a request.
    [[nodiscard]] std::size_t needed_for(Access access) const;
    /// The fewest members without which it is not answered: so many replicas, with their stand-ins,
    /// that too few are left, or all who coordinate.
    [[nodiscard]] std::size_t fatal_failures(Access access) const;
};

}  // namespace archsim::models
