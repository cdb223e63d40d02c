// Serving clients, and what a crash takes.
#include "models/database/member.hpp"

#include <algorithm>
#include <utility>

namespace archsim::models {

namespace {

sim::Station::Options options_of(const ReplicaGroup& group) {
    return {.servers = static_cast<std::uint32_t>(group.config().servers),
            .queue = group.config().queue.places,
            .tag = group.context().number};
}

/// Counts a request as in flight for as long as its frame lives.
class Presence {
public:
    explicit Presence(ReplicaGroup& group) : group_{group} {
        group_.in_flight.change(group_.now(), 1);
    }
    Presence(const Presence&) = delete;
    Presence& operator=(const Presence&) = delete;
    ~Presence() { group_.in_flight.change(group_.now(), -1); }

private:
    ReplicaGroup& group_;
};

}  // namespace

ReplicaMember::ReplicaMember(ReplicaGroup& group, Component& owner, std::string name)
    : Correspondent<Letter>{owner, std::move(name)},
      group_{group},
      number_{group.members().size()},
      probe_{group.stations()},
      station_{group.simulation(), options_of(group), &probe_},
      is_primary_{number_ == 0},
      shipping_{group, log_, number_},
      commit_{*this, group, log_, shipping_},
      new_entries_{group.simulation()},
      workers_{group.simulation(), static_cast<std::uint64_t>(group.config().apply_workers)},
      flush_{*this, group.context().number},
      failover_{group.config().failover ? &*group.config().failover : nullptr},
      heartbeat_{*this, group.context().number},
      disk_{group.simulation(), *this, group.context().number},
      on_disk_{group.simulation()},
      read_rng_{sim::Rng::named(group.context().seed, this->name(), "reads")},
      write_rng_{sim::Rng::named(group.context().seed, this->name(), "writes")},
      apply_rng_{sim::Rng::named(group.context().seed, this->name(), "applying")},
      disk_rng_{sim::Rng::named(group.context().seed, this->name(), "disk")} {
    group.members().push_back(this);
    set_speed(1.0);
}

void ReplicaMember::start() {
    if (is_primary_) {
        shipping_.begin(epoch_, false);
        if (failover_ != nullptr) lease_until_ = clock() + failover_->timeout;
        beat();
    }
    start_applying(applied_ + 1);
    flush(flush_);
}

void ReplicaMember::set_speed(double factor) {
    station_.set_speed(group_.config().speed * factor);
    is_still_ = factor == 0.0;
    disk_.set_speed(is_still_ ? 0.0 : disk_speed_);
}

void ReplicaMember::set_disk_speed(double factor) {
    disk_speed_ = factor;
    if (!is_still_) disk_.set_speed(factor);
}

double ReplicaMember::load() const {
    return static_cast<double>(station_.present()) / station_.servers();
}

bool ReplicaMember::uses_clock() const {
    const bool has_lease = failover_ != nullptr && failover_->fencing;
    return has_lease || std::holds_alternative<ReadBoundedLag>(group_.config().read_from);
}

sim::Duration ReplicaMember::behind() const {
    return is_primary_ ? sim::Duration{} : clock() - fresh_until_;
}

sim::Task<Response> ReplicaMember::serve(Request request) {
    const Presence counted{group_};
    Response response;
    response.size = group_.config().response_size;
    response.store = group_.context().number;
    if (request.access == Access::write) {
        response.outcome = co_await write(request, response);
        co_return response;
    }
    const sim::Duration amount = group_.config().read_time.sample(read_rng_);
    const bool is_done = co_await station_.work(amount, request.priority);
    if (is_done) probe_.trace(group_.context(), request, *this);
    if (!is_done || !may_read()) {
        response.outcome = Outcome::rejected;
        co_return response;
    }
    response.version = data_.at(request.key).version;
    co_return response;
}

sim::Task<Outcome> ReplicaMember::write(Request request, Response& response) {
    if (!may_serve()) {
        group_.refused.add();
        co_return Outcome::rejected;
    }
    const PrimaryReplicaConfig& config = group_.config();
    const sim::Duration amount = config.write_time.sample(write_rng_);
    const bool is_done = co_await station_.work(amount, request.priority);
    if (!is_done) co_return Outcome::rejected;
    probe_.trace(group_.context(), request, *this);
    if (has_disk()) {
        const std::uint64_t ticket = force();
        while (forced_ < ticket) co_await on_disk_.wait();
    }
    if (!may_serve()) {
        group_.refused.add();
        co_return Outcome::rejected;
    }
    response.version = request.version != initial_version ? request.version
                                                          : group_.context().history.next_version();
    const LogPosition position = append(request, response.version);
    const std::uint64_t epoch = epoch_;
    const bool is_safe = co_await commit_.reached(position);
    if (!is_safe || !may_serve()) co_return Outcome::timed_out;
    if (position > log_.base() && position <= log_.end()) log_.at(position).is_acknowledged = true;
    group_.acknowledged(epoch, position, request);
    co_return Outcome::ok;
}

LogPosition ReplicaMember::append(const Request& request, Version version) {
    LogEntry entry;
    entry.key = request.key;
    entry.version = version;
    entry.parent = head_.at(request.key);
    entry.epoch = epoch_;
    entry.created = group_.now();
    const LogPosition position = log_.append(entry);
    head_.put(entry.key, {version, position});
    if (group_.reigns(number_)) group_.timeline().appended();
    HistoryRecorder& history = group_.context().history;
    if (history.is_on(group_.context().number)) {
        VersionRecord record;
        record.version = version;
        record.key = entry.key;
        record.parent = entry.parent.version;
        record.position = (epoch_ << 40U) + position;
        record.created = entry.created;
        record.origin = static_cast<std::uint16_t>(number_);
        history.created(record);
    }
    shipping_.appended();
    settle();
    if (group_.members().size() == 1) trim(std::min(kept(), applied_));
    return position;
}

void ReplicaMember::settle() {
    commit_.advance();
    while (applied_ < commit_.visible()) show(applied_ + 1);
    commit_.release();
}

void ReplicaMember::show(LogPosition position) {
    store(position);
    applied_ = position;
    if (!group_.reigns(number_)) return;
    const LogEntry& entry = log_.at(position);
    group_.context().freshness.committed(group_.context().number, entry.key, entry.version,
                                         group_.now());
}

void ReplicaMember::store(LogPosition position) {
    LogEntry& entry = log_.at(position);
    entry.is_applied = true;
    if (!data_.put(entry.key, {entry.version, position})) return;
    if (group_.context().history.is_on(group_.context().number)) report(entry.key, entry.version);
}

void ReplicaMember::report(std::uint64_t key, Version version) const {
    Application application;
    application.key = key;
    application.version = version;
    application.at = group_.now();
    application.replica = static_cast<std::uint16_t>(number_);
    application.replicas = static_cast<std::uint16_t>(group_.members().size());
    group_.context().history.applied(application);
}

void ReplicaMember::on_crash() {
    end_life();
    shipping_.stop();
    commit_.give_up();
    forget_disk();
    flush_.cancel();
    heartbeat_.cancel();
    is_applying_ = false;
    is_promoted_ = false;
    lease_until_ = sim::Instant{};
    if (is_primary_ && group_.reigns(number_)) group_.outage(group_.now());
}

void ReplicaMember::on_restart() {
    const LogPosition before = log_.end();
    if (std::holds_alternative<MemoryDurability>(group_.config().durability)) {
        if (flushed_ >= log_.base() && flushed_ > 0) {
            cut(flushed_);
        } else {
            forget_all();
        }
    }
    // One that has forgotten writes must not be the primary if another can be.
    if (log_.end() < before && failover_ != nullptr) step_down();
    if (!is_primary_) {
        acknowledge(group_.past().at(epoch_).primary, false, sim::Instant{});
    } else if (log_.end() < before) {
        // It has forgotten writes, and what it has is the truth now, also for its replicas.
        epoch_ = group_.begin_reign(number_, epoch_, log_.end());
        commit_.begin(applied_);
        shipping_.begin(epoch_, true);
    } else {
        shipping_.resume();
    }
    start_applying(applied_ + 1);
    if (is_primary_) {
        settle();
        beat();
    }
    flush(flush_);
}

void ReplicaMember::flush(sim::Event& event) {
    ReplicaMember& member = static_cast<Flush&>(event).member;
    const auto* const memory = std::get_if<MemoryDurability>(&member.group_.config().durability);
    if (memory == nullptr || !memory->flush_every) return;
    member.flushed_ = member.log_.end();
    member.group_.simulation().schedule_in(event, *memory->flush_every);
}

}  // namespace archsim::models
