// Terms, votes and timers.
#include "models/database/consensus_member.hpp"

#include <bit>

namespace archsim::models {

void ConsensusMember::restart_timer() {
    const ConsensusConfig& config = group_.config();
    patience_ = config.election_timeout + config.spread().scaled(election_rng_.uniform());
    reset_at_ = group_.now();
    timer_.cancel();
    group_.simulation().schedule_in(timer_, patience_);
}

void ConsensusMember::timed_out() {
    if (paused_until() > group_.now()) {
        is_overdue_ = true;
        return;
    }
    const sim::Instant due = reset_at_ + patience_;
    if (group_.now() < due) {
        group_.simulation().schedule(timer_, due);
    } else if (group_.config().pre_vote) {
        stand_trial();
    } else {
        stand();
    }
}

void ConsensusMember::revive() {
    if (!is_overdue_) return;
    is_overdue_ = false;
    if (is_leader()) {
        beat();
    } else if (is_up() && !timer_.pending()) {
        group_.simulation().schedule_in(timer_, sim::Duration{});
    }
}

void ConsensusMember::beat() {
    if (paused_until() > group_.now()) {
        is_overdue_ = true;
        return;
    }
    const sim::Instant confirmed = std::max(confirmed_clock(), elected_clock_);
    if (clock() - confirmed >= group_.config().election_timeout) {
        step_down();
        return;
    }
    ++round_;
    send_to_all();
    heartbeat_.cancel();
    group_.simulation().schedule_in(heartbeat_, group_.config().heartbeat);
}

void ConsensusMember::stand_trial() {
    role_ = Role::trial;
    leader_.reset();
    votes_ = 0;
    restart_timer();
    ask_all(true);
    count_vote(number_);
}

void ConsensusMember::stand() {
    ++term_;
    vote_ = number_;
    role_ = Role::candidate;
    leader_.reset();
    votes_ = 0;
    restart_timer();
    group_.seen(term_);
    Letter own;
    own.kind = Letter::Kind::vote;
    own.term = term_;
    own.is_granted = true;
    after_disk(own, number_);
}

void ConsensusMember::ask_all(bool is_trial) {
    Letter letter;
    letter.kind = Letter::Kind::ask_vote;
    letter.is_trial = is_trial;
    letter.term = is_trial ? term_ + 1 : term_;
    letter.last_at = log_.end();
    letter.last_term = group_.tree().term(log_.last());
    for (std::size_t i = 0; i < group_.members().size(); ++i) {
        if (i != number_) group_.post().send(number_, i, letter);
    }
}

bool ConsensusMember::has_promised() const {
    return is_leader() || clock() - heard_ < group_.config().election_timeout;
}

bool ConsensusMember::is_behind(const Letter& letter) const {
    const std::uint64_t own = group_.tree().term(log_.last());
    if (letter.last_term != own) return letter.last_term < own;
    return letter.last_at < log_.end();
}

void ConsensusMember::asked(const Letter& letter, std::size_t from) {
    if (has_promised()) return;
    if (!letter.is_trial && letter.term > term_) step_to(letter.term);
    const bool is_free = !vote_ || *vote_ == from;
    const bool is_time = letter.is_trial ? letter.term > term_ : letter.term == term_ && is_free;
    Letter answer;
    answer.kind = Letter::Kind::vote;
    answer.is_trial = letter.is_trial;
    answer.is_granted = is_time && !is_behind(letter);
    answer.term = letter.is_trial && answer.is_granted ? letter.term : term_;
    if (answer.is_granted && !letter.is_trial) {
        vote_ = from;
        restart_timer();
        after_disk(answer, from);
    } else {
        group_.post().send(number_, from, answer);
    }
}

void ConsensusMember::voted(const Letter& letter, std::size_t from) {
    if (letter.is_trial && letter.is_granted) {
        if (role_ == Role::trial && letter.term == term_ + 1) count_vote(from);
    } else if (letter.term > term_) {
        step_to(letter.term);
    } else if (role_ == Role::candidate && letter.term == term_ && letter.is_granted) {
        count_vote(from);
    }
}

void ConsensusMember::count_vote(std::size_t from) {
    votes_ |= std::uint32_t{1} << from;
    if (static_cast<std::size_t>(std::popcount(votes_)) < group_.config().majority()) return;
    if (role_ == Role::trial) {
        stand();
    } else {
        become_leader();
    }
}

void ConsensusMember::become_leader() {
    role_ = Role::leader;
    leader_ = number_;
    timer_.cancel();
    elected_ = group_.now();
    elected_clock_ = clock();
    Peer fresh;
    fresh.next = log_.end() + 1;
    peers_.assign(group_.members().size(), fresh);
    uncommitted_.clear();
    for (LogPosition next = committed_ + 1; next <= log_.end(); ++next) {
        const TreeEntry& entry = group_.tree().at(log_.id(next));
        if (entry.version != initial_version) uncommitted_[entry.key] = entry.version;
    }
    commits_.restart(committed_);
    term_start_ = log_.end() + 1;
    group_.begin_reign(*this, term_);
    static_cast<void>(append(nullptr, initial_version));
    heartbeat_.cancel();
    group_.simulation().schedule_in(heartbeat_, group_.config().heartbeat);
}

void ConsensusMember::step_down() {
    group_.outage(term_, last_confirmed());
    role_ = Role::follower;
    leader_.reset();
    heartbeat_.cancel();
    commits_.give_up();
    rounds_.give_up();
    uncommitted_.clear();
    restart_timer();
}

void ConsensusMember::step_to(std::uint64_t term) {
    if (is_leader()) step_down();
    term_ = term;
    vote_.reset();
    role_ = Role::follower;
    leader_.reset();
    group_.seen(term);
}

}  // namespace archsim::models
