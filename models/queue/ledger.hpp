// What consumers have done so far: the memory of an idempotent receiver, and for the other ways of
// delivery the means to count what was done twice.
#pragma once

#include "sim/units.hpp"

#include <cstdint>
#include <deque>

namespace archsim::models {

/// One record for each message number from the oldest that may still matter. A record goes when its
/// message is settled; if a delivery of it was given up that may still have its effect, it stays
/// for `remember` more. Operations O(1), amortised.
class Ledger {
public:
    explicit Ledger(sim::Duration remember) : remember_{remember} {}

    /// Numbers are opened in rising order; those left out count as settled.
    void open(std::uint64_t number);
    /// Whether the work for this message has been done; false if it is forgotten.
    [[nodiscard]] bool is_processed(std::uint64_t number) const;
    /// Notes that the work has been done; true if it is known to be the first time.
    bool note_processed(std::uint64_t number);
    /// The message has left the queue.
    void settle(std::uint64_t number, sim::Instant now, bool uncertain);
    /// Records kept.
    [[nodiscard]] std::size_t size() const { return records_.size(); }

private:
    struct Record {
        sim::Instant settled = sim::Instant::never();
        bool processed = false;
        bool uncertain = false;
    };
    void forget(sim::Instant now);
    sim::Duration remember_;
    std::uint64_t first_ = 0;  // the number of the front record
    std::deque<Record> records_;
};

}  // namespace archsim::models
