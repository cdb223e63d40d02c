// The declaration of a primary with replicas.
#include "models/database/replication_config.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace archsim::models {

template <>
struct EnumNames<WaitPoint> {
    static constexpr std::array<EnumName<WaitPoint>, 2> names{{
        {WaitPoint::after_sync, "after_sync"},
        {WaitPoint::after_commit, "after_commit"},
    }};
};
template <>
struct EnumNames<SyncQuorum> {
    static constexpr std::array<EnumName<SyncQuorum>, 2> names{{
        {SyncQuorum::all, "all"},
        {SyncQuorum::majority, "majority"},
    }};
};
template <>
struct EnumNames<AcknowledgeWhen> {
    static constexpr std::array<EnumName<AcknowledgeWhen>, 2> names{{
        {AcknowledgeWhen::received, "received"},
        {AcknowledgeWhen::applied, "applied"},
    }};
};

const Spec<AsyncMode>& AsyncMode::spec() {
    static const auto declared =
        Spec<AsyncMode>{"async", "A write is acknowledged once the primary has it."};
    return declared;
}

const Spec<SemiSyncMode>& SemiSyncMode::spec() {
    static const auto declared =
        Spec<SemiSyncMode>{"semi_sync",
                           "A write is acknowledged once some replicas have it; if that takes too "
                           "long, replication goes on asynchronously."}
            .optional("count", &SemiSyncMode::count, "Replicas waited for.")
            .at_least(1)
            .optional("timeout", &SemiSyncMode::timeout,
                      "The longest wait of a write; then writes wait no more until a replica has "
                      "caught up.")
            .more_than(sim::Duration{})
            .optional("wait_point", &SemiSyncMode::wait_point,
                      "Whether readers of the primary see a write only after the wait, or before.")
            .assume(
                "The default timeout of 10 s is that of MySQL "
                "(rpl_semi_sync_source_timeout).");
    return declared;
}

const Spec<SyncMode>& SyncMode::spec() {
    static const auto declared =
        Spec<SyncMode>{"sync",
                       "A write is acknowledged once a quorum has it, however long that takes."}
            .optional("quorum", &SyncMode::quorum,
                      "All replicas, or a majority of the members with the primary.")
            .optional("acknowledge", &SyncMode::acknowledge,
                      "What a replica has done with a write when it says that it has it.")
            .assume(
                "Replicas show a write as soon as they apply it, the primary once the quorum "
                "has it.");
    return declared;
}

const Spec<DiskDurability>& DiskDurability::spec() {
    static const auto declared =
        Spec<DiskDurability>{"disk", "A write is on disk before anybody hears of it."}
            .optional("fsync_time", &DiskDurability::fsync_time,
                      "Forcing the log to disk, at the primary and at each replica; servers go on "
                      "meanwhile.")
            .assume(
                "One write to disk takes along whatever has come together while the one before "
                "was under way (group commit).");
    return declared;
}

const Spec<MemoryDurability>& MemoryDurability::spec() {
    static const auto declared =
        Spec<MemoryDurability>{"memory",
                               "A write is in memory only; a crash loses what was not flushed."}
            .optional("flush_every", &MemoryDurability::flush_every,
                      "Pause between flushes to disk; without it a crash loses everything.")
            .more_than(sim::Duration{});
    return declared;
}

const Spec<ReadPrimary>& ReadPrimary::spec() {
    static const auto declared = Spec<ReadPrimary>{"primary", "Reads go to the primary."};
    return declared;
}
const Spec<ReadNearest>& ReadNearest::spec() {
    static const auto declared =
        Spec<ReadNearest>{"nearest",
                          "Reads go to the member with the least mean delay from the caller."}
            .assume("Equally near members take turns; a retry goes to the next nearest.");
    return declared;
}
const Spec<ReadAny>& ReadAny::spec() {
    static const auto declared = Spec<ReadAny>{"any", "Reads go to all members in turn."};
    return declared;
}
const Spec<ReadYourWrites>& ReadYourWrites::spec() {
    static const auto declared =
        Spec<ReadYourWrites>{"read_your_writes",
                             "Reads go to the nearest member that shows what the session has "
                             "written, else to the primary."}
            .assume(
                "Callers know at once how far each member is, as a proxy that tracks "
                "transaction ids does.");
    return declared;
}
const Spec<ReadBoundedLag>& ReadBoundedLag::spec() {
    static const auto declared =
        Spec<ReadBoundedLag>{"bounded_lag",
                             "Reads go to the nearest member that is not too far behind, else to "
                             "the primary."}
            .required("bound", &ReadBoundedLag::bound, "How far behind a member may be.")
            .more_than(sim::Duration{})
            .assume(
                "A member counts as far behind as the last moment of the primary that it "
                "completely shows; the primary tells it four times per bound. Both go by their own "
                "clocks, so that a wrong one hides a lag or makes one up.");
    return declared;
}

namespace {

void check_counts(const PrimaryReplicaConfig& config, const Place& place) {
    if (static_cast<std::int64_t>(config.replica_regions.size()) > config.replicas) {
        place.fail("replica_regions",
                   {.code = Code::bad_value,
                    .message = std::to_string(config.replica_regions.size()) + " regions for " +
                               std::to_string(config.replicas) + " replicas",
                    .hint = "give each replica at most one region"});
    }
    if (config.failover && config.replicas == 0) {
        place.fail("failover", {.code = Code::bad_value,
                                .message = "there is no replica to fail over to",
                                .hint = "add replicas"});
    }
    if (config.failover && config.replicas > 0 && config.failover->designated >= config.replicas) {
        place.fail("failover",
                   {.code = Code::bad_value,
                    .message = "there is no replica " + std::to_string(config.failover->designated),
                    .hint = "replicas are counted from 0"});
    }
    const auto* const semi_sync = std::get_if<SemiSyncMode>(&config.mode);
    if (semi_sync != nullptr && semi_sync->count > config.replicas) {
        place.fail("mode",
                   {.code = Code::bad_value,
                    .message = "a write waits for " + std::to_string(semi_sync->count) +
                               " replicas, and there are only " + std::to_string(config.replicas),
                    .hint = "lower \"count\" or add replicas"});
    }
}

template <class Config>
auto with_assumptions(Spec<Config>&& spec) {
    return std::move(spec)
        .assume(
            "Members are addressed \"db/primary\", \"db/replica/0\" and so on; the names "
            "stay with the machines when another one becomes the primary.")
        .assume(
            "Callers send writes to the primary and reads where `read_from` says, and know "
            "nothing of the health of members.")
        .assume(
            "Entries travel over the network between the members in the order of the log. "
            "One that got lost is sent again after twice the last round trip, at least "
            "200 ms, and 1 s before there was one (RFC 6298).")
        .assume(
            "The value of a key is that of the entry latest in the log, whatever the order "
            "in which entries are applied.")
        .assume("What members send one another takes the delay of the network and no bandwidth.")
        .assume("With a full queue a replica tries to apply an entry again after 1 ms.");
}

template <class Config>
auto with_metrics(Spec<Config>&& spec) {
    return std::move(spec)
        .metric("replication_lag", "s",
                "From a write at the primary to its visibility at a replica.")
        .metric("apply_queue", "count", "Entries that replicas have received and not yet applied.")
        .metric("lost_writes", "count", "Acknowledged writes that no member will ever show again.")
        .metric("conflicts", "count",
                "Acknowledged writes of a primary that had been replaced already, to keys that its "
                "successor has written as well; counted when the old one comes back.")
        .metric("kept_writes", "count",
                "Writes of an old primary that were saved when it came back; not lost.")
        .metric("failovers", "count", "Changes of the primary.")
        .metric("recovery_time", "s",
                "From the crash of a primary, or its last sign of life, to the next acknowledged "
                "write.")
        .metric("semi_sync_fallbacks", "count",
                "Times that semi-synchronous replication went on asynchronously.")
        .metric("refused_writes", "count", "Writes that came to a member that may not take them.")
        .metric("arrivals", "1/s", "Work that came to a server, applying included.")
        .metric("utilisation", "ratio", "Share of server time in use.")
        .metric("waiting_time", "s", "Time from arrival at a station to the start of work.")
        .metric("service_time", "s", "Time at a server.")
        .metric("sojourn_time", "s", "Waiting and service together.")
        .metric("queue_length", "count", "Work that waits, all members together.")
        .metric("in_flight", "count", "Requests accepted and not yet answered.")
        .metric("rejected", "ratio", "Share of arrivals turned away by a full queue.")
        .metric("lost_in_crash", "count", "Work that a crash took from a queue or a server.")
        .metric("keys", "count", "Keys that the primary holds.");
}

}  // namespace

const Spec<PrimaryReplicaConfig>& PrimaryReplicaConfig::spec() {
    static const auto declared = with_assumptions(with_metrics(
        Spec<PrimaryReplicaConfig>{
            "primary_replica",
            "A database whose primary takes the writes and whose replicas copy them."}
            .alias("master_slave")
            .guide("Principais Componentes, 4. Database")
            .optional("replicas", &PrimaryReplicaConfig::replicas, "Members that copy the primary.")
            .at_least(0)
            .at_most(64)
            .otherwise_called({"slaves", "secondaries", "followers"})
            .optional("replica_regions", &PrimaryReplicaConfig::replica_regions,
                      "Regions of the replicas in order; the others are where the primary is.")
            .optional("mode", &PrimaryReplicaConfig::mode,
                      "Whom a write waits for before it is acknowledged.")
            .optional("lag", &PrimaryReplicaConfig::lag,
                      "Time that an entry waits at the primary before it is sent.")
            .optional("durability", &PrimaryReplicaConfig::durability, "What a crash leaves.")
            .optional("read_time", &PrimaryReplicaConfig::read_time, "Work for a read.")
            .optional("write_time", &PrimaryReplicaConfig::write_time,
                      "Work for a write at the primary.")
            .optional("apply_time", &PrimaryReplicaConfig::apply_time,
                      "Work for applying an entry at a replica, done by the servers that also "
                      "serve its reads.")
            .optional("apply_workers", &PrimaryReplicaConfig::apply_workers,
                      "Entries that a replica applies at the same time; 1 keeps their order.")
            .at_least(1)
            .at_most(1'000'000)
            .optional("servers", &PrimaryReplicaConfig::servers,
                      "Requests and entries that a member works on at the same time.")
            .at_least(1)
            .at_most(1'000'000)
            .optional("queue", &PrimaryReplicaConfig::queue,
                      "Places to wait at a member, those in service not counted.")
            .optional("speed", &PrimaryReplicaConfig::speed,
                      "Speed of the servers: 2 halves every work.")
            .more_than(0.0)
            .optional("read_from", &PrimaryReplicaConfig::read_from, "Which member takes a read.")
            .optional("failover", &PrimaryReplicaConfig::failover,
                      "How a dead primary is replaced; without it nobody replaces it.")
            .optional("response_size", &PrimaryReplicaConfig::response_size,
                      "Payload of an answer.")
            .check(check_counts)));
    return declared;
}

std::size_t PrimaryReplicaConfig::replicas_waited_for() const {
    const auto all = static_cast<std::size_t>(replicas);
    if (const auto* const semi_sync = std::get_if<SemiSyncMode>(&mode)) {
        return static_cast<std::size_t>(semi_sync->count);
    }
    if (const auto* const sync = std::get_if<SyncMode>(&mode)) {
        // A majority of n + 1 members is (n + 1) / 2 + 1, of whom one is the primary itself.
        return sync->quorum == SyncQuorum::all ? all : (all + 1) / 2;
    }
    return 0;
}

std::size_t PrimaryReplicaConfig::fatal_failures(Access access) const {
    const auto all = static_cast<std::size_t>(replicas) + 1;
    if (!needs_primary(access)) return all;
    if (!failover) return 1;
    // Nobody replaces a primary that fails together with the detector, or with the one replica that
    // may follow it.
    const std::size_t unreplaced = std::min<std::size_t>(2, all);
    const auto* const sync = std::get_if<SyncMode>(&mode);
    if (sync == nullptr) return unreplaced;
    // A new primary is made only by enough members to know of every write.
    if (sync->quorum == SyncQuorum::majority) {
        return std::min(unreplaced, all - replicas_waited_for());
    }
    return access == Access::write ? 1 : unreplaced;
}

bool PrimaryReplicaConfig::needs_detector(Access access) const {
    return failover && failover->fencing && needs_primary(access);
}

bool PrimaryReplicaConfig::needs_primary(Access access) const {
    return access == Access::write || std::holds_alternative<ReadPrimary>(read_from);
}

bool PrimaryReplicaConfig::waits_for_apply() const {
    const auto* const sync = std::get_if<SyncMode>(&mode);
    return sync != nullptr && sync->acknowledge == AcknowledgeWhen::applied;
}

}  // namespace archsim::models
