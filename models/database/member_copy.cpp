// Copying the log of the primary: what a replica does with letters, and how it comes back to the
// common history after it has followed another one.
#include "models/database/member.hpp"

#include <algorithm>

namespace archsim::models {

void ReplicaMember::receive(const Letter& letter, std::size_t from) {
    switch (letter.kind) {
        case Letter::Kind::entries:
            if (has_disk()) {
                receive_to_disk(letter, from);
            } else {
                receive_entries(letter, from);
            }
            return;
        case Letter::Kind::acknowledged:
            if (letter.epoch > epoch_) {
                step_down();  // a later primary reigns; it will tell where to follow
                start_applying(applied_ + 1);
            } else if (is_primary_ && letter.epoch == epoch_) {
                shipping_.acknowledged(letter, from);
                settle();
                trim(std::min({shipping_.kept_by_all(), kept(), applied_}));
            }
            return;
        case Letter::Kind::tail:
            take_tail(*group_.members()[from]);
            return;
        case Letter::Kind::lease:
            if (is_primary_ && letter.epoch == epoch_) {
                lease_until_ = std::max(lease_until_, letter.sent + failover_->timeout);
            }
            return;
        case Letter::Kind::stand:
            stand(letter, from);
            return;
        case Letter::Kind::promote:
            if (letter.epoch >= epoch_) promoted();
            return;
        case Letter::Kind::heartbeat:
        case Letter::Kind::standing:
            return;  // for detectors
    }
}

void ReplicaMember::receive_entries(const Letter& letter, std::size_t from) {
    if (letter.epoch < epoch_) {
        acknowledge(from, false, letter.sent);
        return;
    }
    const ReplicaMember& primary = *group_.members()[from];
    if (letter.epoch > epoch_) {
        follow(primary, letter.epoch);
    } else if (is_standing_) {
        return;  // it follows nobody until the next reign
    }
    // What was on its way when its sender lost or left its log says nothing any more.
    if (is_primary_ || primary.epoch_ != letter.epoch) return;
    const bool is_forgotten = primary.log_.base() > log_.end();
    const bool gap = !is_forgotten && letter.first > log_.end() + 1;
    const LogPosition before = log_.end();
    if (is_forgotten) {
        copy_state(primary, letter);
    } else if (!gap) {
        copy_entries(primary, letter);
    }
    if (!gap && std::holds_alternative<ReadBoundedLag>(group_.config().read_from)) {
        marks_.push_back({letter.last, letter.stamped});
        move_on();
    }
    acknowledge(from, gap, letter.sent);
    if (log_.end() > before && !is_forgotten) start_applying(before + 1);
    trim(std::min({letter.kept, kept(), applied_}));
}

void ReplicaMember::copy_entries(const ReplicaMember& primary, const Letter& letter) {
    const LogPosition last = std::min(letter.last, primary.log_.end());
    for (LogPosition next = log_.end() + 1; next <= last; ++next) {
        LogEntry entry = primary.log_.at(next);
        entry.is_applied = false;
        entry.is_acknowledged = false;
        log_.append(entry);
        head_.put(entry.key, {entry.version, next});
        group_.apply_queue.change(group_.now(), 1);
    }
}

// As it was when the letter left: what the primary has logged since is still on its way. What it no
// longer has in its log all replicas had before.
void ReplicaMember::copy_state(const ReplicaMember& primary, const Letter& letter) {
    forget_all();
    log_ = primary.log_;
    head_ = primary.head_;
    data_ = primary.data_;
    applied_ = primary.applied_;
    for (LogPosition next = log_.base() + 1; next <= log_.end(); ++next) {
        log_.at(next).is_acknowledged = false;
        if (!log_.at(next).is_applied) group_.apply_queue.change(group_.now(), 1);
    }
    cut(std::max(letter.last, log_.base()));
    if (group_.context().history.is_on(group_.context().number)) {
        for (const std::uint64_t key : data_.keys()) report(key, data_.at(key).version);
    }
    start_applying(applied_ + 1);
}

void ReplicaMember::follow(const ReplicaMember& primary, std::uint64_t epoch) {
    const bool was_primary = is_primary_;
    step_down();
    const LogPosition agreed = group_.past().common(epoch_, epoch);
    note_tail(primary, agreed, epoch);
    epoch_ = epoch;
    is_standing_ = is_promoted_ = false;
    if (agreed < log_.base()) {
        forget_all();
    } else if (agreed < log_.end()) {
        cut(agreed);
    }
    if (was_primary) start_applying(applied_ + 1);
}

void ReplicaMember::step_down() {
    if (!is_primary_) return;
    is_primary_ = false;
    heartbeat_.cancel();
    shipping_.stop();
    commit_.give_up();
    for (LogPosition next = applied_ + 1; next <= log_.end(); ++next) {
        group_.apply_queue.change(group_.now(), 1);
    }
    fresh_until_ = clock();
}

void ReplicaMember::acknowledge(std::size_t to, bool gap, sim::Instant sent) {
    if (to == number_) return;
    Letter letter;
    letter.kind = Letter::Kind::acknowledged;
    letter.epoch = epoch_;
    letter.gap = gap;
    letter.last = log_.end();
    letter.applied = applied_;
    letter.kept = kept();
    letter.sent = sent;
    group_.post().send(number_, to, letter);
    if (!tail_.empty()) offer_tail(to);
}

LogPosition ReplicaMember::kept() const {
    const auto* const memory = std::get_if<MemoryDurability>(&group_.config().durability);
    // Without flushes a crash leaves nothing, so that nothing has to be kept for after it.
    return memory != nullptr && memory->flush_every ? flushed_ : log_.end();
}

void ReplicaMember::cut(LogPosition position) {
    const HistoryRecorder& history = group_.context().history;
    while (log_.end() > position) {
        const LogPosition last = log_.end();
        const LogEntry& entry = log_.at(last);
        if (head_.at(entry.key).position == last) head_.revert(entry.key, entry.parent);
        if (!entry.is_applied && !is_primary_) group_.apply_queue.change(group_.now(), -1);
        if (data_.at(entry.key).position == last) {
            data_.revert(entry.key, entry.parent);
            if (history.is_on(group_.context().number)) report(entry.key, entry.parent.version);
        }
        log_.pop();
    }
    applied_ = std::min(applied_, position);
    flushed_ = std::min(flushed_, position);
    marks_.clear();
}

void ReplicaMember::forget_all() {
    for (LogPosition next = log_.base() + 1; next <= log_.end(); ++next) {
        if (!log_.at(next).is_applied && !is_primary_) group_.apply_queue.change(group_.now(), -1);
    }
    if (group_.context().history.is_on(group_.context().number)) {
        for (const std::uint64_t key : data_.keys()) report(key, initial_version);
    }
    log_.restart(0);
    head_.clear();
    data_.clear();
    applied_ = flushed_ = 0;
    marks_.clear();
}

void ReplicaMember::trim(LogPosition position) {
    log_.trim(position);
    if (is_primary_ && group_.reigns(number_)) group_.timeline().trim(position);
}

}  // namespace archsim::models
