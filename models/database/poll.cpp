// Counting answers.
#include "models/database/poll.hpp"

#include <utility>

namespace archsim::models {

void Polls::tell(Ticket ticket, std::size_t replica, const ReplicaReply& reply) {
    if (ticket.slot >= slots_.size()) return;
    const Slot& slot = slots_[ticket.slot];
    if (slot.use == ticket.use && slot.poll != nullptr) slot.poll->hear(replica, reply);
}

Poll::Poll(Polls& polls, std::size_t asked, Goal goal, std::size_t needed)
    : polls_{&polls}, goal_{goal}, asked_{asked}, needed_{needed}, quorum_{needed} {
    if (polls.free_.empty()) {
        polls.free_.push_back(static_cast<std::uint32_t>(polls.slots_.size()));
        polls.slots_.emplace_back();
    }
    ticket_.slot = polls.free_.back();
    polls.free_.pop_back();
    ticket_.use = polls.slots_[ticket_.slot].use;
    polls.slots_[ticket_.slot].poll = this;
}

Poll::Poll(Poll&& other) noexcept
    : polls_{std::exchange(other.polls_, nullptr)},
      ticket_{other.ticket_},
      goal_{other.goal_},
      asked_{other.asked_},
      needed_{other.needed_},
      quorum_{other.quorum_},
      answers_{other.answers_},
      refusals_{other.refusals_},
      chosen_{other.chosen_},
      versions_{other.versions_},
      is_answered_{other.is_answered_} {
    if (polls_ != nullptr) polls_->slots_[ticket_.slot].poll = this;
}

Poll::~Poll() {
    if (polls_ == nullptr) return;
    Polls::Slot& slot = polls_->slots_[ticket_.slot];
    slot.poll = nullptr;
    ++slot.use;
    polls_->free_.push_back(ticket_.slot);
}

void Poll::hear(std::size_t replica, const ReplicaReply& reply) {
    if (is_answered_[replica]) return;  // a stand-in and its replica have answered
    if (reply.is_refused) {
        ++refusals_;
    } else {
        ++answers_;
        versions_[replica] = reply.version;
        is_answered_[replica] = true;
        // What comes at the same instant, but after the last that was waited for, is too late.
        if (answers_ <= quorum_ && polls_->order_.is_newer(reply.version, chosen_)) {
            chosen_ = reply.version;
        }
    }
    if (waiting_ != nullptr && is_over()) waiting_->wake();
}

bool Poll::is_over() const {
    if (answers_ + refusals_ == asked_) return true;
    if (goal_ == Goal::everyone) return false;
    if (is_won()) return true;
    return is_hopeless() && (goal_ == Goal::read || answers_ > 0);
}

Version Poll::newest() const {
    Version newest = initial_version;
    for (std::size_t i = 0; i < versions_.size(); ++i) {
        if (is_answered_[i] && polls_->order_.is_newer(versions_[i], newest)) {
            newest = versions_[i];
        }
    }
    return newest;
}

}  // namespace archsim::models
