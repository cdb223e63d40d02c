// What the members of a replica set say to each other.
#pragma once

#include "models/database/versioned_data.hpp"
#include "sim/units.hpp"

#include <cstdint>

namespace archsim::models {

/// A message between two members. Entries are not copied into it: a position means the same entry
/// for as long as its epoch lasts, and the receiver reads them from the log of the sender.
struct Letter {
    enum class Kind : std::uint8_t {
        entries,       ///< Primary to replica: log entries first .. last, perhaps none.
        acknowledged,  ///< Replica to primary: how much of the log it has.
        tail,          ///< Former primary to primary: take the writes that only I have.
        heartbeat,     ///< Primary to detector: it is alive.
        lease,         ///< Detector to primary: the heartbeat of `sent` has arrived.
        stand,         ///< Detector to member: say what you have, and with fencing stop following.
        standing,      ///< Member to detector: the answer.
        promote,       ///< Detector to member: be the primary.
    };
    Kind kind = Kind::entries;
    bool gap = false;         ///< Of acknowledged: an entry before those received is missing.
    std::uint64_t epoch = 0;  ///< Reign that it belongs to.
    LogPosition first = 0;
    LogPosition last = 0;
    LogPosition kept = 0;     ///< What a crash of the sender would leave of its log.
    LogPosition applied = 0;  ///< What the data of the sender shows.
    sim::Instant sent;        ///< By the first sender; an answer repeats it.
    sim::Instant stamped;     ///< Of entries: when they were sent, by the clock of the primary.
};

}  // namespace archsim::models
