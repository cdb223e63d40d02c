// One member of a replica set: it serves reads, and takes writes while it is the primary or copies
// those of the primary while it is a replica.
#pragma once

#include "models/database/commit.hpp"
#include "models/database/letter.hpp"
#include "models/database/log_disk.hpp"
#include "models/database/replica_group.hpp"
#include "models/database/replication_log.hpp"
#include "models/database/shipping.hpp"
#include "models/database/versioned_data.hpp"
#include "sim/semaphore.hpp"
#include "sim/signal.hpp"
#include "sim/station.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace archsim::models {

/// A database server. Its log is ahead of its data: a replica has to apply what it has received,
/// and a primary shows a write when the mode of replication allows it.
class ReplicaMember final : public Correspondent<Letter>, private CommitOwner, private DiskOwner {
public:
    /// Joins `group`, which outlives it; the first to join is the primary.
    ReplicaMember(ReplicaGroup& group, Component& owner, std::string name);

    sim::Task<Response> serve(Request request) override;
    void receive(const Letter& letter, std::size_t from) override;
    void set_speed(double factor) override;
    [[nodiscard]] double load() const override;
    [[nodiscard]] bool has_disk() const override {
        return std::holds_alternative<DiskDurability>(group_.config().durability);
    }
    void set_disk_speed(double factor) override;
    /// Leases and bounded lag go by clocks.
    [[nodiscard]] bool uses_clock() const override;
    void set_clock_offset(sim::Duration offset) override { clock_offset_ = offset; }
    /// The time by its clock.
    [[nodiscard]] sim::Instant clock() const { return group_.now() + clock_offset_; }

    /// Adds its station to the metrics of the database.
    void join_stations() { group_.stations().add(name(), station_, probe_); }
    /// Begins its processes, at time zero.
    void start();
    void check() { station_.check_little(name()); }

    /// Whether it takes writes, as far as it knows itself.
    [[nodiscard]] bool is_primary() const { return is_primary_; }
    /// Its number in the replica set.
    [[nodiscard]] std::size_t number() const { return number_; }
    [[nodiscard]] const ReplicationLog& log() const { return log_; }
    [[nodiscard]] const VersionedData& data() const { return data_; }
    /// Everything up to here is visible in its data.
    [[nodiscard]] LogPosition applied() const { return applied_; }
    /// Whether both have the same log.
    [[nodiscard]] bool is_like(const ReplicaMember& other) const {
        return epoch_ == other.epoch_ && log_.end() == other.log_.end();
    }
    /// How far behind the primary it takes itself to be, by its clock and by that of the primary.
    [[nodiscard]] sim::Duration behind() const;

private:
    void on_crash() override;
    void on_restart() override;
    void settle() override;

    // Serving, in member.cpp.
    sim::Task<Outcome> write(Request request, Response& response);
    [[nodiscard]] LogPosition append(const Request& request, Version version);
    void show(LogPosition position);
    void store(LogPosition position);
    void report(std::uint64_t key, Version version) const;

    // Forcing the log to disk, in member_disk.cpp.
    /// So many things have to be on disk for what is written now to be there.
    [[nodiscard]] std::uint64_t force();
    void begin_force();
    void disk_done() override;
    void receive_to_disk(const Letter& letter, std::size_t from);
    void forget_disk();

    // Copying, in member_copy.cpp.
    void receive_entries(const Letter& letter, std::size_t from);
    void copy_entries(const ReplicaMember& primary, const Letter& letter);
    void copy_state(const ReplicaMember& primary, const Letter& letter);
    void follow(const ReplicaMember& primary, std::uint64_t epoch);
    void acknowledge(std::size_t to, bool gap, sim::Instant sent);
    void cut(LogPosition position);
    void forget_all();
    void trim(LogPosition position);
    void step_down();
    [[nodiscard]] LogPosition kept() const;

    // Failing over, in member_failover.cpp.
    [[nodiscard]] bool may_serve() const;
    [[nodiscard]] bool may_read() const;
    void beat();
    void stand(const Letter& letter, std::size_t detector);
    void promoted();
    void reign_if_ready();
    void note_tail(const ReplicaMember& primary, LogPosition agreed, std::uint64_t epoch);
    void offer_tail(std::size_t primary);
    void take_tail(ReplicaMember& former);

    // Applying, in member_apply.cpp.
    void start_applying(LogPosition first);
    sim::Task<> apply_in_order();
    sim::Task<> apply_one(LogPosition position, Version version);
    sim::Task<> apply_work(sim::Duration amount);
    void apply(LogPosition position);
    void move_on();
    [[nodiscard]] bool keeps_order() const { return group_.config().apply_workers == 1; }

    struct Mark {
        LogPosition last = 0;
        sim::Instant sent;
    };
    struct Flush : sim::Event {
        Flush(ReplicaMember& m, std::uint32_t tag) : Event{&ReplicaMember::flush, tag}, member{m} {}
        ReplicaMember& member;
    };
    static void flush(sim::Event& event);
    struct Heartbeat : sim::Event {
        Heartbeat(ReplicaMember& m, std::uint32_t tag)
            : Event{[](Event& e) { static_cast<Heartbeat&>(e).member.beat(); }, tag}, member{m} {}
        ReplicaMember& member;
    };
    /// A write that only an old primary has.
    struct TailWrite {
        std::uint64_t key = 0;
        Version version = initial_version;
        LogPosition agreed = 0;  // the common log ended here
    };

    ReplicaGroup& group_;
    std::size_t number_;
    StationMetrics::Probe probe_;
    sim::Station station_;
    ReplicationLog log_;
    VersionedData head_;  // as of the end of the log
    VersionedData data_;  // as readers see it
    LogPosition applied_ = 0;
    LogPosition flushed_ = 0;
    std::uint64_t epoch_ = 1;
    bool is_primary_;
    bool is_applying_ = false;  // in order; the process runs
    Shipping shipping_;
    Commit commit_;
    sim::Signal new_entries_;
    sim::Semaphore workers_;
    std::deque<Mark> marks_;
    sim::Instant fresh_until_;
    Flush flush_;
    const FailoverConfig* failover_;  // nullptr: nobody replaces the primary
    Heartbeat heartbeat_;
    sim::Instant lease_until_;  // with fencing: it may serve so long
    bool is_standing_ = false;  // has stopped following its primary
    bool is_promoted_ = false;  // will be the primary when all is applied
    std::vector<TailWrite> tail_;
    /// Entries that wait for the disk.
    struct Arrival {
        Letter letter;
        std::size_t from = 0;
        std::uint64_t ticket = 0;
    };
    LogDisk disk_;
    double disk_speed_ = 1.0;
    bool is_still_ = false;       // paused
    std::uint64_t demanded_ = 0;  // things to be forced to disk so far
    std::uint64_t covered_ = 0;   // of those, the ones that the present write takes along
    std::uint64_t forced_ = 0;    // of those, on disk
    std::deque<Arrival> arrivals_;
    sim::Signal on_disk_;
    sim::Duration clock_offset_;
    sim::Rng read_rng_;
    sim::Rng write_rng_;
    sim::Rng apply_rng_;
    sim::Rng disk_rng_;
};

}  // namespace archsim::models
