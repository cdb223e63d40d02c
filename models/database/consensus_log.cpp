// The log: what a leader sends and counts, and what a follower takes over.
#include "models/database/consensus_member.hpp"
#include "sim/check.hpp"

#include <algorithm>

namespace archsim::models {

void ConsensusMember::receive(const Letter& letter, std::size_t from) {
    switch (letter.kind) {
        case Letter::Kind::ask_vote:
            asked(letter, from);
            return;
        case Letter::Kind::vote:
            voted(letter, from);
            return;
        case Letter::Kind::append:
            if (letter.term > term_) step_to(letter.term);
            if (letter.term == term_) {
                take(letter, from);
            } else {
                acknowledge(letter, from, false, 0);  // the new term says enough
            }
            return;
        case Letter::Kind::appended:
            if (letter.term > term_) {
                step_to(letter.term);
            } else if (is_leader() && letter.term == term_) {
                answered(letter, from);
            }
            return;
    }
}

LogPosition ConsensusMember::append(const Request* request, Version version) {
    TreeEntry entry;
    entry.term = term_;
    entry.version = version;
    entry.position = log_.end() + 1;
    entry.previous = log_.last();
    entry.created = group_.now();
    if (request != nullptr) {
        entry.key = request->key;
        if (group_.context().history.is_on(group_.context().number)) report_created(entry);
        uncommitted_[entry.key] = version;
    }
    log_.append(group_.tree().add(entry));
    send_to_all();
    write_out();
    return entry.position;
}

void ConsensusMember::report_created(const TreeEntry& entry) const {
    const auto newer = uncommitted_.find(entry.key);
    VersionRecord record;
    record.version = entry.version;
    record.key = entry.key;
    record.parent = newer != uncommitted_.end() ? newer->second : data_.at(entry.key).version;
    record.position = (entry.term << 40U) + entry.position;
    record.created = entry.created;
    record.origin = static_cast<std::uint16_t>(number_);
    group_.context().history.created(record);
}

void ConsensusMember::send_to(std::size_t member) {
    Peer& peer = peers_[member];
    Letter letter;
    letter.kind = Letter::Kind::append;
    letter.term = term_;
    letter.previous_at = peer.next - 1;
    letter.previous = log_.id(letter.previous_at);
    letter.last_at = log_.end();
    letter.last = log_.last();
    letter.committed = committed_;
    letter.round = round_;
    letter.sent = group_.now();
    letter.clock = clock();
    peer.next = log_.end() + 1;
    group_.post().send(number_, member, letter);
}

void ConsensusMember::send_to_all() {
    for (std::size_t i = 0; i < peers_.size(); ++i) {
        if (i != number_) send_to(i);
    }
}

void ConsensusMember::answered(const Letter& letter, std::size_t from) {
    Peer& peer = peers_[from];
    peer.round = std::max(peer.round, letter.round);
    if (letter.sent >= peer.confirmed) {
        peer.confirmed = letter.sent;
        peer.clock = letter.clock;
    }
    if (letter.is_granted) {
        peer.match = std::max(peer.match, letter.match);
        advance();
    } else if (letter.sent >= peer.retried) {
        // Answers to what was sent before the last new start say nothing new.
        peer.next = std::max({letter.match, peer.match, log_.base()}) + 1;
        peer.retried = group_.now();
        send_to(from);
    }
    confirmed_round_ =
        std::max(confirmed_round_, ranked(group_.config().majority() - 1, &Peer::round));
    rounds_.rise(confirmed_round_);
    if (wanted_round_ > round_ && confirmed_round_ >= round_) {
        ++round_;
        send_to_all();
    }
}

void ConsensusMember::advance() {
    const std::size_t majority = group_.config().majority();
    LogPosition held = written_;
    if (majority > 1) {
        const LogPosition with_own = std::min(written_, ranked(majority - 1, &Peer::match));
        held = std::max(with_own, ranked(majority, &Peer::match));
    }
    // Entries of earlier terms are committed by one of this term after them: that a majority holds
    // them does not keep another leader from replacing them.
    if (held <= committed_ || group_.tree().term(log_.id(held)) != term_) return;
    group_.committed(log_, held);
    commit(held);
    commits_.rise(committed_);
    group_.trim(committed_);
}

void ConsensusMember::commit(LogPosition position) {
    while (committed_ < position) apply(++committed_);
}

void ConsensusMember::apply(LogPosition position) {
    const TreeEntry& entry = group_.tree().at(log_.id(position));
    if (entry.version == initial_version) return;
    if (position > written_) replaced_.push_back({position, entry.key, data_.at(entry.key)});
    data_.put(entry.key, {entry.version, position});
    if (is_leader()) {
        const auto newest = uncommitted_.find(entry.key);
        const bool is_newest = newest != uncommitted_.end() && newest->second == entry.version;
        if (is_newest) uncommitted_.erase(newest);
    } else {
        group_.lag.record(group_.now() - entry.created);
    }
    report_held(entry.key, entry.version);
}

void ConsensusMember::report_held(std::uint64_t key, Version version) const {
    if (!group_.context().history.is_on(group_.context().number)) return;
    Application application;
    application.key = key;
    application.version = version;
    application.at = group_.now();
    application.replica = static_cast<std::uint16_t>(number_);
    application.replicas = static_cast<std::uint16_t>(group_.members().size());
    group_.context().history.applied(application);
}

sim::Instant ConsensusMember::confirmed_clock() const {
    const std::size_t majority = group_.config().majority();
    return majority == 1 ? clock() : ranked(majority - 1, &Peer::clock);
}

sim::Instant ConsensusMember::last_confirmed() const {
    const std::size_t majority = group_.config().majority();
    if (majority == 1) return group_.now();
    return std::max(elected_, ranked(majority - 1, &Peer::confirmed));
}

bool ConsensusMember::has_lease() const {
    const ConsensusConfig& config = group_.config();
    if (config.majority() == 1) return true;
    const auto* const lease = std::get_if<ReadByLease>(&config.reads);
    if (lease == nullptr) return false;
    return clock() < confirmed_clock() + (config.election_timeout - lease->clock_error);
}

void ConsensusMember::take(const Letter& letter, std::size_t from) {
    role_ = Role::follower;
    heard_ = clock();
    reset_at_ = group_.now();
    // Drawn once only, the patience of who has never won would be long for ever.
    if (leader_ != from) restart_timer();
    leader_ = from;
    if (!has_previous(letter)) {
        const bool is_short = log_.end() < letter.previous_at;
        acknowledge(letter, from, false, is_short ? log_.end() : committed_);
        return;
    }
    const bool has_new = copy(letter);
    commit(std::min(letter.committed, letter.last_at));
    if (has_new) {
        Letter answer = letter;
        answer.kind = Letter::Kind::appended;
        answer.is_granted = true;
        answer.match = letter.last_at;
        after_disk(answer, from);
    } else {
        acknowledge(letter, from, true, std::min(letter.last_at, written_));
    }
}

bool ConsensusMember::has_previous(const Letter& letter) const {
    return letter.previous_at <= committed_ || log_.has(letter.previous, letter.previous_at);
}

bool ConsensusMember::copy(const Letter& letter) {
    path_.clear();
    EntryId id = letter.last;
    LogPosition at = letter.last_at;
    const LogPosition known = std::max(letter.previous_at, committed_);
    while (at > known && !log_.has(id, at)) {
        path_.push_back(id);
        id = group_.tree().at(id).previous;
        --at;
    }
    if (path_.empty()) return false;
    cut(at);
    for (std::size_t i = path_.size(); i > 0; --i) log_.append(path_[i - 1]);
    return true;
}

void ConsensusMember::cut(LogPosition position) {
    ARCHSIM_CHECK_AT(name(), position >= committed_, "a committed entry at {} would be lost",
                     position + 1);
    log_.cut(position);
    written_ = std::min(written_, position);
    flush_.end = std::min(flush_.end, position);
}

void ConsensusMember::acknowledge(const Letter& letter, std::size_t to, bool is_granted,
                                  LogPosition match) {
    Letter answer = letter;
    answer.kind = Letter::Kind::appended;
    answer.term = term_;
    answer.is_granted = is_granted;
    answer.match = match;
    group_.post().send(number_, to, answer);
}

}  // namespace archsim::models
