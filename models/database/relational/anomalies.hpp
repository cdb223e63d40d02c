// Counts isolation anomalies by looking at the schedule alone, with the definitions of Berenson,
// Bernstein, Gray, Melton, O'Neil and O'Neil, "A critique of ANSI SQL isolation levels", 1995, said
// of versions as by Adya, "Weak consistency", 1999. It knows nothing of how isolation is made.
#pragma once

#include "models/database/relational/schedule.hpp"
#include "sim/metrics.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace archsim::models {

/// What can go wrong between transactions that run at the same time. T is the one that counts.
enum class Anomaly : std::uint8_t {
    dirty_write,          ///< P0: T wrote a row that another had written and not yet committed.
    dirty_read,           ///< P1: T read what another had written and not yet committed.
    non_repeatable_read,  ///< P2: T read a row twice and got two versions, neither its own.
    read_skew,            ///< A5A: T saw some of what another wrote, and missed some.
    lost_update,          ///< P4: T wrote a row that another had changed since T read it.
    write_skew,           ///< A5B: T and another each missed a write of the other, of two rows.
};
inline constexpr std::size_t anomaly_count = 6;

/// The name of an anomaly as it appears in metrics.
[[nodiscard]] constexpr std::string_view name_of(Anomaly anomaly) {
    constexpr std::array<std::string_view, anomaly_count> names{
        "dirty_write", "dirty_read",  "non_repeatable_read",
        "read_skew",   "lost_update", "write_skew"};
    return names[static_cast<std::size_t>(anomaly)];
}

/// Counts, for each anomaly, the committed transactions that it happened to (a dirty write: the
/// writes). Two transactions count as concurrent if each began before the other ended; versions of
/// a row follow one another as their writers commit. Of cycles among three and more transactions it
/// knows only those that hold one of two.
class AnomalyCounter final : public ScheduleListener {
public:
    explicit AnomalyCounter(sim::Metrics& metrics);
    AnomalyCounter(const AnomalyCounter&) = delete;
    AnomalyCounter& operator=(const AnomalyCounter&) = delete;

    [[nodiscard]] const sim::Counter& counter(Anomaly anomaly) const {
        return *counters_[static_cast<std::size_t>(anomaly)];
    }

    /// Requires: numbers are given in order, each once.
    void began(TransactionId transaction) override;
    void read(TransactionId reader, std::uint64_t row, TransactionId writer) override;
    void wrote(TransactionId writer, std::uint64_t row) override;
    /// O(accesses x concurrent accesses of the same rows).
    void committed(TransactionId transaction) override;
    void rolled_back(TransactionId transaction) override;

    /// Transactions that are kept: the active ones, and who ran beside them.
    [[nodiscard]] std::size_t transactions() const { return records_.size(); }
    /// Past accesses that are kept of a row.
    [[nodiscard]] std::size_t remembered(std::uint64_t row) const;

private:
    struct Read {
        std::uint64_t row;
        TransactionId writer;
        std::size_t index;  // among the reads of its transaction
        bool dirty;
    };
    struct Record {
        enum class State : std::uint8_t { active, committed, rolled_back };
        State state = State::active;
        std::uint64_t begun = 0;  // when, in events
        std::uint64_t ended = 0;
        std::vector<Read> reads;
        std::vector<std::uint64_t> writes;  // rows; each once when it has committed
    };
    struct PastRead {
        TransactionId reader;
        TransactionId writer;
    };
    /// Committed accesses of a row by those who ran beside one that still runs.
    struct Row {
        TransactionId last_writer = 0;  // the last to write, committed or not
        std::vector<TransactionId> writers;
        std::vector<PastRead> readers;
    };
    /// How the committing transaction and another one stand to each other at a row.
    struct Relation {
        enum class Kind : std::uint8_t {
            missed,       // it read a version older than the other's
            saw,          // it read the other's version, or a later one
            overwritten,  // it wrote what the other had read
        };
        TransactionId other;
        Kind kind;
        std::uint64_t row;
    };

    void add(Anomaly anomaly) { counters_[static_cast<std::size_t>(anomaly)]->add(); }
    [[nodiscard]] Record* find(TransactionId transaction);
    [[nodiscard]] std::uint64_t order_of(TransactionId writer);
    [[nodiscard]] bool is_past(TransactionId transaction);
    void forget_past(Row& row);
    void settle_reads(Record& record, TransactionId self);
    void look_at_reads(const Record& record);
    void look_at_writes(const Record& record, TransactionId self);
    void look_at_pairs();
    void remember(const Record& record, TransactionId self);
    void retire();

    std::array<sim::Counter*, anomaly_count> counters_{};
    std::uint64_t clock_ = 0;
    TransactionId first_ = 1;                      // number of records_.front()
    std::deque<Record> records_;                   // in the order of their begin
    std::vector<Record> spare_;                    // so that their lists need not be made anew
    std::uint64_t oldest_ = 0;                     // begin of the oldest active transaction
    std::unordered_map<std::uint64_t, Row> rows_;  // looked up, never gone through
    std::vector<Relation> relations_;
};

}  // namespace archsim::models
