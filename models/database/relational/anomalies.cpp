// Judging a transaction when it commits, against those that ran beside it.
#include "models/database/relational/anomalies.hpp"

#include "sim/check.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace archsim::models {

namespace {

/// The rows of one kind of relation to one transaction.
struct Rows {
    std::uint64_t first = 0;
    bool any = false;
    bool several = false;

    void add(std::uint64_t row) {
        several = several || (any && row != first);
        if (!any) first = row;
        any = true;
    }
};

/// Whether there is a row in each that is not the same row.
bool differ(const Rows& a, const Rows& b) {
    if (!a.any || !b.any) return false;
    return a.several || b.several || a.first != b.first;
}

}  // namespace

AnomalyCounter::AnomalyCounter(sim::Metrics& metrics) {
    for (sim::Counter*& counter : counters_) counter = &metrics.counter();
}

AnomalyCounter::Record* AnomalyCounter::find(TransactionId transaction) {
    if (transaction < first_) return nullptr;
    ARCHSIM_CHECK(transaction - first_ < records_.size(), "transaction {} has not begun",
                  transaction);
    return &records_[static_cast<std::size_t>(transaction - first_)];
}

/// Where a version stands among those of its row: 0 before all that ran beside somebody active.
std::uint64_t AnomalyCounter::order_of(TransactionId writer) {
    const Record* const record = find(writer);
    if (record == nullptr) return 0;
    if (record->state == Record::State::active) return std::numeric_limits<std::uint64_t>::max();
    return record->ended;
}

bool AnomalyCounter::is_past(TransactionId transaction) {
    const Record* const record = find(transaction);
    return record == nullptr || record->ended < oldest_;
}

void AnomalyCounter::forget_past(Row& row) {
    std::erase_if(row.writers, [this](TransactionId writer) { return is_past(writer); });
    std::erase_if(row.readers, [this](const PastRead& read) { return is_past(read.reader); });
}

std::size_t AnomalyCounter::remembered(std::uint64_t row) const {
    const auto found = rows_.find(row);
    return found == rows_.end() ? 0 : found->second.writers.size() + found->second.readers.size();
}

void AnomalyCounter::began(TransactionId transaction) {
    ARCHSIM_CHECK(transaction == first_ + records_.size(), "transaction {} begins out of turn",
                  transaction);
    if (spare_.empty()) spare_.emplace_back();
    records_.push_back(std::move(spare_.back()));
    spare_.pop_back();
    Record& record = records_.back();
    record.state = Record::State::active;
    record.begun = ++clock_;
    record.ended = 0;
    record.reads.clear();
    record.writes.clear();
}

void AnomalyCounter::read(TransactionId reader, std::uint64_t row, TransactionId writer) {
    ++clock_;
    Record& record = *find(reader);
    if (writer == reader) return;
    const Record* const source = find(writer);
    const bool dirty = source != nullptr && source->state == Record::State::active;
    record.reads.push_back({row, writer, record.reads.size(), dirty});
}

void AnomalyCounter::wrote(TransactionId writer, std::uint64_t row) {
    ++clock_;
    TransactionId& last = rows_[row].last_writer;
    const Record* const other = last == 0 || last == writer ? nullptr : find(last);
    if (other != nullptr && other->state == Record::State::active) add(Anomaly::dirty_write);
    last = writer;
    find(writer)->writes.push_back(row);
}

void AnomalyCounter::committed(TransactionId transaction) {
    Record& record = *find(transaction);
    record.state = Record::State::committed;
    record.ended = ++clock_;
    std::ranges::sort(record.writes);
    record.writes.erase(std::unique(record.writes.begin(), record.writes.end()),
                        record.writes.end());
    settle_reads(record, transaction);
    relations_.clear();
    look_at_reads(record);
    look_at_writes(record, transaction);
    look_at_pairs();
    remember(record, transaction);
    retire();
}

void AnomalyCounter::rolled_back(TransactionId transaction) {
    Record& record = *find(transaction);
    record.state = Record::State::rolled_back;
    record.ended = ++clock_;
    retire();
}

/// Anomalies that its own reads show; then they are in the order of rows, without those of versions
/// that have been rolled back, which have no place among the versions of their row.
void AnomalyCounter::settle_reads(Record& record, TransactionId self) {
    std::vector<Read>& reads = record.reads;
    ARCHSIM_CHECK(std::ranges::none_of(reads, [self](const Read& r) { return r.writer == self; }),
                  "transaction {} counts a read of its own write", self);
    if (std::ranges::any_of(reads, &Read::dirty)) add(Anomaly::dirty_read);
    std::ranges::sort(reads, {}, [](const Read& r) { return std::pair{r.row, r.index}; });
    const auto changed = std::ranges::adjacent_find(
        reads, [](const Read& a, const Read& b) { return a.row == b.row && a.writer != b.writer; });
    if (changed != reads.end()) add(Anomaly::non_repeatable_read);
    std::erase_if(reads, [this](const Read& read) {
        const Record* const writer = find(read.writer);
        return writer != nullptr && writer->state == Record::State::rolled_back;
    });
}

void AnomalyCounter::look_at_reads(const Record& record) {
    bool lost_update = false;
    for (const Read& read : record.reads) {
        Row& row = rows_[read.row];
        forget_past(row);
        const std::uint64_t order = order_of(read.writer);
        const bool writes = std::ranges::binary_search(record.writes, read.row);
        for (const TransactionId other : row.writers) {
            const Record* const writer = find(other);
            if (writer == nullptr || writer->ended < record.begun) continue;  // not concurrent
            const bool missed = order < writer->ended;
            const auto kind = missed ? Relation::Kind::missed : Relation::Kind::saw;
            relations_.push_back({other, kind, read.row});
            lost_update = lost_update || (missed && writes);
        }
    }
    if (lost_update) add(Anomaly::lost_update);
}

void AnomalyCounter::look_at_writes(const Record& record, TransactionId self) {
    for (const std::uint64_t written : record.writes) {
        Row& row = rows_[written];
        forget_past(row);
        for (const PastRead& read : row.readers) {
            const Record* const reader = find(read.reader);
            if (reader == nullptr || reader->ended < record.begun) continue;  // not concurrent
            const Record* const source = find(read.writer);
            const bool undone = source != nullptr && source->state == Record::State::rolled_back;
            if (undone || read.writer == self || order_of(read.writer) > record.ended) continue;
            relations_.push_back({read.reader, Relation::Kind::overwritten, written});
        }
    }
}

void AnomalyCounter::look_at_pairs() {
    std::ranges::sort(relations_, {}, [](const Relation& r) { return r.other; });
    bool read_skew = false;
    bool write_skew = false;
    for (std::size_t i = 0; i < relations_.size();) {
        const TransactionId other = relations_[i].other;
        std::array<Rows, 3> rows;
        for (; i < relations_.size() && relations_[i].other == other; ++i) {
            rows[static_cast<std::size_t>(relations_[i].kind)].add(relations_[i].row);
        }
        const auto& [missed, saw, overwritten] = rows;
        read_skew = read_skew || differ(missed, saw);
        write_skew = write_skew || differ(missed, overwritten);
    }
    if (read_skew) add(Anomaly::read_skew);
    if (write_skew) add(Anomaly::write_skew);
}

void AnomalyCounter::remember(const Record& record, TransactionId self) {
    for (const std::uint64_t row : record.writes) rows_[row].writers.push_back(self);
    for (const Read& read : record.reads) {
        std::vector<PastRead>& readers = rows_[read.row].readers;
        const bool known = !readers.empty() && readers.back().reader == self &&
                           readers.back().writer == read.writer;
        if (!known) readers.push_back({self, read.writer});
    }
}

/// Drops those that ran beside nobody who still runs.
void AnomalyCounter::retire() {
    const auto active = std::ranges::find(records_, Record::State::active, &Record::state);
    oldest_ = active == records_.end() ? clock_ + 1 : active->begun;
    while (!records_.empty() && records_.front().state != Record::State::active &&
           records_.front().ended < oldest_) {
        spare_.push_back(std::move(records_.front()));
        records_.pop_front();
        ++first_;
    }
}

}  // namespace archsim::models
