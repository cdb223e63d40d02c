// The line of writes that wait for replicas.
#include "models/database/commit.hpp"

#include <algorithm>

namespace archsim::models {

Commit::Commit(CommitOwner& owner, ReplicaGroup& group, const ReplicationLog& log,
               const Shipping& shipping)
    : owner_{owner},
      group_{group},
      log_{log},
      shipping_{shipping},
      required_{group.config().replicas_waited_for()},
      patience_{*this, group.context().number} {
    if (const auto* const semi_sync = std::get_if<SemiSyncMode>(&group.config().mode)) {
        limit_ = semi_sync->timeout;
        shows_at_once_ = semi_sync->wait_point == WaitPoint::after_commit;
    }
}

void Commit::begin(LogPosition position) {
    visible_ = promised_ = position;
    is_degraded_ = false;
}

void Commit::advance() {
    LogPosition reached = log_.end();
    if (required_ > 0) {
        const LogPosition held = shipping_.reached_by(required_);
        if (is_degraded_ && held >= log_.end()) is_degraded_ = false;
        if (!is_degraded_) reached = held;
    }
    promised_ = std::max(promised_, reached);
    visible_ = std::max(visible_, shows_at_once_ ? log_.end() : promised_);
}

void Commit::release() {
    while (first_ != nullptr && first_->position_ <= promised_) {
        Wait& wait = *first_;
        wait.leave();
        group_.simulation().schedule_in(wait.wakeup_, sim::Duration{});
    }
    watch();
}

void Commit::watch() {
    if (!limit_ || first_ == nullptr || patience_.pending()) return;
    group_.simulation().schedule(patience_, first_->since_ + *limit_);
}

void Commit::out_of_patience(sim::Event& event) {
    Commit& commit = static_cast<Patience&>(event).commit;
    const Wait* const oldest = commit.first_;
    if (oldest == nullptr) return;
    if (oldest->since_ + *commit.limit_ > commit.group_.now()) {
        commit.watch();
        return;
    }
    commit.is_degraded_ = true;
    commit.group_.fallbacks.add();
    commit.owner_.settle();
}

void Commit::give_up() {
    patience_.cancel();
    while (first_ != nullptr) {
        Wait& wait = *first_;
        wait.leave();
        wait.is_given_up_ = true;
        group_.simulation().schedule_in(wait.wakeup_, sim::Duration{});
    }
}

void Commit::Wait::await_suspend(std::coroutine_handle<> waiter) {
    wakeup_.set_waiter(waiter);
    since_ = commit_.group_.now();
    in_line_ = true;
    previous_ = commit_.last_;
    (previous_ != nullptr ? previous_->next_ : commit_.first_) = this;
    commit_.last_ = this;
    commit_.watch();
}

void Commit::Wait::leave() {
    in_line_ = false;
    (previous_ != nullptr ? previous_->next_ : commit_.first_) = next_;
    (next_ != nullptr ? next_->previous_ : commit_.last_) = previous_;
    next_ = previous_ = nullptr;
}

}  // namespace archsim::models
