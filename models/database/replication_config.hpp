// What a scenario writes about a primary with replicas.
#pragma once

#include "models/choice.hpp"
#include "models/database/failover_config.hpp"
#include "models/distribution_codec.hpp"
#include "models/queue_limit.hpp"
#include "models/request.hpp"
#include "models/spec.hpp"
#include "sim/distribution.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace archsim::models {

/// A write is acknowledged once the primary has it.
struct AsyncMode {
    static const Spec<AsyncMode>& spec();
};

/// When a write that waits for replicas becomes visible to readers of the primary.
enum class WaitPoint : std::uint8_t {
    after_sync,    ///< Once the replicas have it (MySQL's AFTER_SYNC, lossless).
    after_commit,  ///< At once; only its client waits (MySQL's AFTER_COMMIT).
};

/// A write is acknowledged once some replicas have it, or the wait took too long.
struct SemiSyncMode {
    std::int64_t count = 1;  ///< Replicas waited for.
    sim::Duration timeout = sim::Duration::seconds(10);
    WaitPoint wait_point = WaitPoint::after_sync;
    static const Spec<SemiSyncMode>& spec();
};

/// Whom a synchronous write waits for.
enum class SyncQuorum : std::uint8_t {
    all,       ///< Every replica.
    majority,  ///< Most of the members, the primary included.
};
/// What a replica has done with an entry when it acknowledges it.
enum class AcknowledgeWhen : std::uint8_t { received, applied };

/// A write is acknowledged once a quorum has it, however long that takes.
struct SyncMode {
    SyncQuorum quorum = SyncQuorum::all;
    AcknowledgeWhen acknowledge = AcknowledgeWhen::received;
    static const Spec<SyncMode>& spec();
};

using ReplicationMode = OneOf<AsyncMode, SemiSyncMode, SyncMode>;

/// Every write is on disk before it is acknowledged; a crash loses none.
struct DiskDurability {
    sim::Distribution fsync_time;
    static const Spec<DiskDurability>& spec();
};
/// Writes are in memory; a crash loses what was not flushed.
struct MemoryDurability {
    std::optional<sim::Duration> flush_every = std::nullopt;
    static const Spec<MemoryDurability>& spec();
};
using Durability = OneOf<DiskDurability, MemoryDurability>;

/// Reads go to the primary.
struct ReadPrimary {
    static const Spec<ReadPrimary>& spec();
};
/// Reads go to the member nearest to the caller.
struct ReadNearest {
    static const Spec<ReadNearest>& spec();
};
/// Reads go to all members in turn.
struct ReadAny {
    static const Spec<ReadAny>& spec();
};
/// Reads go to the nearest member that shows what the session has written.
struct ReadYourWrites {
    static const Spec<ReadYourWrites>& spec();
};
/// Reads go to the nearest member that is not too far behind.
struct ReadBoundedLag {
    sim::Duration bound;
    static const Spec<ReadBoundedLag>& spec();
};
using ReadRouting = OneOf<ReadPrimary, ReadNearest, ReadAny, ReadYourWrites, ReadBoundedLag>;

/// The parameters of a primary with replicas.
struct PrimaryReplicaConfig {
    std::int64_t replicas = 1;
    std::vector<RegionName> replica_regions;  ///< Of the replicas in order; the rest is at home.
    ReplicationMode mode;
    sim::Distribution lag;
    Durability durability;
    sim::Distribution read_time;
    sim::Distribution write_time;
    sim::Distribution apply_time;
    std::int64_t apply_workers = 1;
    std::int64_t servers = 1;
    QueueLimit queue;
    double speed = 1.0;
    ReadRouting read_from;
    std::optional<FailoverConfig> failover = std::nullopt;
    sim::Bytes response_size;
    static const Spec<PrimaryReplicaConfig>& spec();

    /// How many replicas must have a write before its client hears of it.
    [[nodiscard]] std::size_t replicas_waited_for() const;
    /// The fewest members, the detector counted as one, without which a request is not answered:
    /// the primary and whoever could replace it, or so many that a synchronous write finds too few.
    [[nodiscard]] std::size_t fatal_failures(Access access) const;
    /// Whether a primary that the detector does not confirm leaves such requests without an answer.
    [[nodiscard]] bool needs_detector(Access access) const;
    /// Whether replicas acknowledge only what they have applied.
    [[nodiscard]] bool waits_for_apply() const;

private:
    /// Whether only the primary answers such requests.
    [[nodiscard]] bool needs_primary(Access access) const;
};

}  // namespace archsim::models
