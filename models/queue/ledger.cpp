// Records in a row, forgotten from the front.
#include "models/queue/ledger.hpp"

#include "sim/check.hpp"

namespace archsim::models {

void Ledger::open(std::uint64_t number) {
    ARCHSIM_CHECK(number >= first_ + records_.size(), "message numbers rise");
    if (records_.empty()) first_ = number;
    while (first_ + records_.size() < number) {
        records_.push_back({.settled = sim::Instant::origin()});
    }
    records_.emplace_back();
}

bool Ledger::is_processed(std::uint64_t number) const {
    return number >= first_ && records_[number - first_].processed;
}

bool Ledger::note_processed(std::uint64_t number) {
    if (number < first_) return false;
    Record& record = records_[number - first_];
    const bool is_first = !record.processed;
    record.processed = true;
    return is_first;
}

void Ledger::settle(std::uint64_t number, sim::Instant now, bool uncertain) {
    Record& record = records_[number - first_];
    record.settled = now;
    record.uncertain = uncertain;
    forget(now);
}

void Ledger::forget(sim::Instant now) {
    while (!records_.empty()) {
        const Record& oldest = records_.front();
        if (oldest.settled == sim::Instant::never()) return;
        if (oldest.uncertain && now - oldest.settled < remember_) return;
        records_.pop_front();
        ++first_;
    }
}

}  // namespace archsim::models
