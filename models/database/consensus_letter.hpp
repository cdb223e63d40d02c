// What the members of a consensus database say to each other: the two calls of Raft, their answers,
// and the question before an election.
#pragma once

#include "models/database/entry_tree.hpp"
#include "sim/units.hpp"

#include <cstdint>

namespace archsim::models {

/// A message between two members. Entries are not copied into it: the name of the last one means
/// the whole log up to it, and the receiver reads it from the tree that all logs are part of.
struct ConsensusLetter {
    enum class Kind : std::uint8_t {
        ask_vote,  ///< Candidate to all: vote for me in this term.
        vote,      ///< The answer.
        append,    ///< Leader to member: take these entries, perhaps none; I lead.
        appended,  ///< The answer.
    };
    Kind kind = Kind::append;
    bool is_trial = false;        ///< Of a question and its answer: would you vote for me?
    bool is_granted = false;      ///< Of an answer.
    std::uint64_t term = 0;       ///< Of the sender; of a trial and its consent, the next one.
    LogPosition previous_at = 0;  ///< Of append: position of the entry before those sent.
    EntryId previous = 0;
    LogPosition last_at = 0;  ///< Of append: the last sent; of a question: the last of all.
    EntryId last = 0;
    std::uint64_t last_term = 0;  ///< Of a question.
    LogPosition committed = 0;    ///< Of append: how far the leader's log is committed.
    LogPosition match = 0;        ///< Of appended: the log is the leader's and on disk up to here;
                                  ///< if not granted, the leader should try again after here.
    std::uint64_t round = 0;      ///< Of append: the leader's last broadcast; echoed.
    sim::Instant sent;            ///< Of append: when; echoed. For measuring and resending.
    sim::Instant clock;           ///< Of append: when, by the leader's clock; echoed.
};

}  // namespace archsim::models
