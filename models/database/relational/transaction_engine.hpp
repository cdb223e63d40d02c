// Transactions on rows: isolation made of locks and versions, and commits through the log.
#pragma once

#include "models/database/relational/relational_config.hpp"
#include "models/database/relational/row_locks.hpp"
#include "models/database/relational/row_versions.hpp"
#include "models/database/relational/schedule.hpp"
#include "models/database/relational/write_ahead_log.hpp"
#include "sim/metrics.hpp"
#include "sim/simulation.hpp"
#include "sim/task.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace archsim::models {

/// Why a try of a transaction cannot go on.
enum class Abort : std::uint8_t {
    none,
    deadlock,  ///< Somebody has to give up.
    conflict,  ///< A row that it wants to write has changed since its snapshot.
};

/// One try of a transaction, or the place for one.
class Transaction : public RowLocks::Holder {
public:
    [[nodiscard]] TransactionId id() const { return id_; }
    [[nodiscard]] bool is_open() const { return is_open_; }

    std::vector<std::uint64_t> rows;  ///< By their numbers in statements; for whoever runs it.

private:
    friend class TransactionEngine;
    TransactionId id_ = 0;
    CommitPosition snapshot_ = 0;
    bool is_open_ = false;
    std::vector<std::uint64_t> written_;  // rows, each once
    Transaction* older_ = nullptr;        // among those that are open
    Transaction* younger_ = nullptr;
};

/// The rows of one database and the transactions on them.
class TransactionEngine {
public:
    struct Options {
        Isolation isolation = Isolation::read_committed;
        bool durable_commit = true;
    };
    /// What a transaction committed of a row.
    struct Change {
        std::uint64_t row = 0;
        Version before = 0;  ///< As clients know them; the same if they see no difference.
        Version after = 0;
    };
    /// Told of what becomes of rows. O(1) each.
    class Watcher {
    public:
        virtual void changed(const Change& change) = 0;

    protected:
        ~Watcher() = default;
    };

    /// All references outlive the engine.
    TransactionEngine(sim::Simulation& simulation, sim::Metrics& metrics, Options options,
                      WriteAheadLog& log, ScheduleListener& listener);
    TransactionEngine(const TransactionEngine&) = delete;
    TransactionEngine& operator=(const TransactionEngine&) = delete;

    /// Tells `watcher`, which outlives the engine, of every committed write.
    void watch(Watcher& watcher) { watcher_ = &watcher; }

    /// Begins a try. `age` orders transactions by their first try: larger is younger.
    void begin(Transaction& transaction, std::uint64_t age);
    /// Gets ready to read or write `row`: locks it as the isolation asks. To read for an update is
    /// prepared as a write. What stops the transaction is for the caller to roll back.
    [[nodiscard]] sim::Task<Abort> prepare_read(Transaction& transaction, std::uint64_t row);
    [[nodiscard]] sim::Task<Abort> prepare_write(Transaction& transaction, std::uint64_t row);
    /// Whether a plain read takes a lock; where not, prepare_read() has nothing to do.
    [[nodiscard]] bool reads_lock() const { return options_.isolation == Isolation::serializable; }
    /// What the transaction sees of `row`. Requires: prepared.
    [[nodiscard]] RowVersion read(Transaction& transaction, std::uint64_t row);
    /// Writes `row`; clients see the version `shown`, or the one before if there is none. Requires:
    /// prepared.
    void write(Transaction& transaction, std::uint64_t row, std::optional<Version> shown);
    /// Makes its writes final, when the log is on the disk if commits are durable.
    [[nodiscard]] sim::Task<> commit(Transaction& transaction);
    /// Takes all its writes back.
    void roll_back(Transaction& transaction);

    /// Forgets what the log has lost. Requires: no transaction is open.
    void crash();
    /// Whether no transaction is open.
    [[nodiscard]] bool is_idle() const { return youngest_ == nullptr; }
    [[nodiscard]] const RowVersions& rows() const { return versions_; }
    [[nodiscard]] const RowLocks& locks() const { return locks_; }
    /// Committed writes, and transactions with such writes, that crashes have taken.
    [[nodiscard]] std::uint64_t lost_writes() const { return lost_writes_; }
    [[nodiscard]] std::uint64_t lost_transactions() const { return lost_transactions_; }
    /// Publishes `lock_wait`, `lock_waits` and `commit_time` below `prefix`.
    void publish(const std::string& prefix);

private:
    struct Unflushed {
        CommitPosition position;
        std::uint64_t row;
    };
    [[nodiscard]] sim::Task<bool> lock(Transaction& transaction, std::uint64_t row, LockMode mode);
    [[nodiscard]] bool has_changed(const Transaction& transaction, std::uint64_t row) const;
    void install(Transaction& transaction, CommitPosition position);
    void end(Transaction& transaction);

    sim::Simulation& simulation_;
    sim::Metrics& metrics_;
    Options options_;
    WriteAheadLog& log_;
    ScheduleListener& listener_;
    Watcher* watcher_ = nullptr;
    RowLocks locks_;
    RowVersions versions_;
    TransactionId last_id_ = 0;
    CommitPosition last_commit_ = 0;
    Transaction* oldest_ = nullptr;  // of those that are open
    Transaction* youngest_ = nullptr;
    std::deque<Unflushed> unflushed_;
    std::uint64_t lost_writes_ = 0;
    std::uint64_t lost_transactions_ = 0;
    sim::Timing& lock_wait_;
    sim::Counter& lock_waits_;
    sim::Timing& commit_time_;
};

/// A place for a transaction as long as it lives; rolls back what is still open at its end.
class TransactionLease {
public:
    using Places = std::vector<std::unique_ptr<Transaction>>;

    /// `spare` holds places not in use; both arguments outlive the lease.
    TransactionLease(TransactionEngine& engine, Places& spare);
    TransactionLease(const TransactionLease&) = delete;
    TransactionLease& operator=(const TransactionLease&) = delete;
    ~TransactionLease();
    [[nodiscard]] Transaction& operator*() const { return *place_; }

private:
    TransactionEngine& engine_;
    Places& spare_;
    std::unique_ptr<Transaction> place_;
};

}  // namespace archsim::models
