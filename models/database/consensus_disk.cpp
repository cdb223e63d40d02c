// What is forced to disk before a member answers, and what a crash takes because it was not.
#include "models/database/consensus_member.hpp"

#include <algorithm>

namespace archsim::models {

void ConsensusMember::after_disk(const Letter& letter, std::size_t to) {
    deferred_.push_back({letter, to});
    write_out();
}

void ConsensusMember::write_out() {
    if (is_writing_out_ || disk_.is_busy() || !is_up()) return;
    is_writing_out_ = true;
    while (written_ < log_.end() || !deferred_.empty()) {
        flush_ = {log_.end(), term_, vote_, deferred_.size()};
        const sim::Duration amount = group_.config().fsync_time.sample(disk_rng_);
        if (!disk_.begin(amount)) break;
        written();
    }
    is_writing_out_ = false;
}

void ConsensusMember::disk_done() {
    is_writing_out_ = true;
    written();
    is_writing_out_ = false;
    write_out();
}

void ConsensusMember::written() {
    written_ = std::max(written_, flush_.end);
    written_term_ = flush_.term;
    written_vote_ = flush_.vote;
    while (!replaced_.empty() && replaced_.front().position <= written_) replaced_.pop_front();
    for (std::size_t left = flush_.deferred; left > 0; --left) {
        const Deferred next = deferred_.front();
        deferred_.pop_front();
        say(next.letter, next.to);
    }
    if (is_leader()) advance();
}

void ConsensusMember::say(Letter letter, std::size_t to) {
    if (letter.term != term_) return;  // a later term makes it void
    if (to == number_) {
        ask_all(false);
        count_vote(number_);
        return;
    }
    letter.match = std::min(letter.match, written_);
    group_.post().send(number_, to, letter);
}

void ConsensusMember::undo_unwritten() {
    term_ = written_term_;
    vote_ = written_vote_;
    while (!replaced_.empty()) {
        const Replaced& last = replaced_.back();
        data_.revert(last.key, last.before);
        report_held(last.key, last.before.version);
        replaced_.pop_back();
    }
    log_.cut(written_);
    committed_ = std::min(committed_, written_);
}

}  // namespace archsim::models
