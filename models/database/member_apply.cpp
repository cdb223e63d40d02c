// Applying received entries: one after another, or several at the same time, by the servers that
// also serve reads.
#include "models/database/member.hpp"

namespace archsim::models {

namespace {
constexpr sim::Duration pause_when_full = sim::Duration::milliseconds(1);
}  // namespace

void ReplicaMember::start_applying(LogPosition first) {
    if (is_primary_ && !keeps_order()) return;
    if (keeps_order()) {
        new_entries_.notify_all();
        if (!is_applying_) processes().start(apply_in_order());
        return;
    }
    for (LogPosition position = first; position <= log_.end(); ++position) {
        const LogEntry& entry = log_.at(position);
        if (!entry.is_applied) processes().start(apply_one(position, entry.version));
    }
}

sim::Task<> ReplicaMember::apply_work(sim::Duration amount) {
    if (amount == sim::Duration{}) co_return;
    bool is_done = co_await station_.work(amount);
    while (!is_done) {
        co_await group_.simulation().delay(pause_when_full);
        is_done = co_await station_.work(amount);
    }
}

sim::Task<> ReplicaMember::apply_in_order() {
    is_applying_ = true;
    while (true) {
        while (is_primary_ || applied_ >= log_.end()) co_await new_entries_.wait();
        const LogPosition next = applied_ + 1;
        const Version version = log_.at(next).version;
        const sim::Duration amount = group_.config().apply_time.sample(apply_rng_);
        co_await apply_work(amount);
        // Meanwhile the member may have changed sides.
        const bool is_there = !is_primary_ && applied_ + 1 == next && next <= log_.end();
        if (is_there && log_.at(next).version == version) apply(next);
    }
}

sim::Task<> ReplicaMember::apply_one(LogPosition position, Version version) {
    const auto worker = co_await workers_.acquire();
    const sim::Duration amount = group_.config().apply_time.sample(apply_rng_);
    co_await apply_work(amount);
    const bool is_there = !is_primary_ && position > log_.base() && position <= log_.end();
    if (is_there && log_.at(position).version == version && !log_.at(position).is_applied) {
        apply(position);
    }
}

void ReplicaMember::apply(LogPosition position) {
    store(position);
    const sim::Instant now = group_.now();
    group_.apply_queue.change(now, -1);
    group_.lag.record(now - log_.at(position).created);
    const LogPosition before = applied_;
    while (applied_ < log_.end() && log_.at(applied_ + 1).is_applied) ++applied_;
    if (applied_ == before) return;
    move_on();
    reign_if_ready();
    if (group_.config().waits_for_apply()) {
        acknowledge(group_.past().at(epoch_).primary, false, sim::Instant{});
    }
}

void ReplicaMember::move_on() {
    while (!marks_.empty() && marks_.front().last <= applied_) {
        fresh_until_ = marks_.front().sent;
        marks_.pop_front();
    }
}

}  // namespace archsim::models
