// What a member does when the primary changes: leases, standing for election, and the writes that
// only an old primary has.
#include "models/database/member.hpp"

#include <algorithm>
#include <utility>

namespace archsim::models {

bool ReplicaMember::may_serve() const {
    if (!is_primary_) return false;
    return failover_ == nullptr || !failover_->fencing || clock() < lease_until_;
}

bool ReplicaMember::may_read() const {
    // Whoever reads at the primary does so for the newest value, and a former primary may not know
    // that it is one.
    return !std::holds_alternative<ReadPrimary>(group_.config().read_from) || may_serve();
}

void ReplicaMember::beat() {
    if (failover_ == nullptr) return;
    Letter letter;
    letter.kind = Letter::Kind::heartbeat;
    letter.epoch = epoch_;
    letter.sent = clock();  // it comes back with the lease, and is compared with the same clock
    group_.post().send(number_, group_.members().size(), letter);
    heartbeat_.cancel();
    group_.simulation().schedule_in(heartbeat_, failover_->interval);
}

void ReplicaMember::stand(const Letter& letter, std::size_t detector) {
    if (failover_->fencing && letter.epoch >= epoch_) {
        if (is_primary_) {
            step_down();
            start_applying(applied_ + 1);
        }
        is_standing_ = true;
    }
    Letter answer;
    answer.kind = Letter::Kind::standing;
    answer.epoch = epoch_;
    answer.last = log_.end();
    answer.sent = letter.sent;
    group_.post().send(number_, detector, answer);
}

void ReplicaMember::promoted() {
    if (is_primary_) return;
    is_standing_ = is_promoted_ = true;
    reign_if_ready();
}

void ReplicaMember::reign_if_ready() {
    if (!is_promoted_ || applied_ < log_.end()) return;
    is_standing_ = is_promoted_ = false;
    epoch_ = group_.begin_reign(number_, epoch_, log_.end());
    is_primary_ = true;
    commit_.begin(applied_);
    shipping_.begin(epoch_, true);
    beat();
}

void ReplicaMember::note_tail(const ReplicaMember& primary, LogPosition agreed,
                              std::uint64_t epoch) {
    const sim::Instant next_reign = group_.past().at(std::min(epoch_ + 1, epoch)).began;
    for (LogPosition next = std::max(agreed, log_.base()) + 1; next <= log_.end(); ++next) {
        const LogEntry& entry = log_.at(next);
        if (!entry.is_acknowledged) continue;
        const bool is_overwritten = primary.head_.at(entry.key).position > agreed;
        if (is_overwritten && entry.created >= next_reign) group_.conflicts.add();
        if (failover_ != nullptr && failover_->old_tail == OldTail::keep) {
            tail_.push_back({entry.key, entry.version, agreed});
        }
    }
}

void ReplicaMember::offer_tail(std::size_t primary) {
    Letter letter;
    letter.kind = Letter::Kind::tail;
    letter.epoch = epoch_;
    group_.post().send(number_, primary, letter);
}

void ReplicaMember::take_tail(ReplicaMember& former) {
    if (!may_serve()) return;
    const std::vector<TailWrite> tail = std::exchange(former.tail_, {});
    for (const TailWrite& write : tail) {
        group_.saved(1);
        if (head_.at(write.key).position > write.agreed) continue;  // kept aside
        Request again;
        again.key = write.key;
        again.access = Access::write;
        const LogPosition position = append(again, write.version);
        if (group_.reigns(number_)) group_.timeline().acknowledge(position);
    }
}

}  // namespace archsim::models
