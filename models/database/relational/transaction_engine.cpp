// What each level of isolation does, and what a commit does.
#include "models/database/relational/transaction_engine.hpp"

#include "sim/check.hpp"

#include <algorithm>
#include <utility>

namespace archsim::models {

TransactionEngine::TransactionEngine(sim::Simulation& simulation, sim::Metrics& metrics,
                                     Options options, WriteAheadLog& log,
                                     ScheduleListener& listener)
    : simulation_{simulation},
      metrics_{metrics},
      options_{options},
      log_{log},
      listener_{listener},
      locks_{simulation},
      lock_wait_{metrics.timing()},
      lock_waits_{metrics.counter()},
      commit_time_{metrics.timing()} {}

void TransactionEngine::publish(const std::string& prefix) {
    metrics_.publish_timing(prefix + "lock_wait", lock_wait_);
    metrics_.publish_rate(prefix + "lock_waits", lock_waits_);
    metrics_.publish_timing(prefix + "commit_time", commit_time_);
}

void TransactionEngine::begin(Transaction& transaction, std::uint64_t age) {
    ARCHSIM_CHECK(!transaction.is_open_, "transaction {} begins twice", transaction.id_);
    transaction.id_ = ++last_id_;
    transaction.snapshot_ = last_commit_;
    transaction.is_open_ = true;
    transaction.set_age(age);
    transaction.written_.clear();
    transaction.older_ = youngest_;
    transaction.younger_ = nullptr;
    (youngest_ != nullptr ? youngest_->younger_ : oldest_) = &transaction;
    youngest_ = &transaction;
    listener_.began(transaction.id_);
}

sim::Task<bool> TransactionEngine::lock(Transaction& transaction, std::uint64_t row,
                                        LockMode mode) {
    const sim::Instant asked = simulation_.now();
    const std::uint64_t deadlocks = locks_.deadlocks();
    const bool granted = co_await locks_.acquire(transaction, row, mode);
    const bool waited = simulation_.now() > asked;
    if (waited) {
        lock_waits_.add();
        lock_wait_.record(simulation_.now() - asked);
    }
    ARCHSIM_CHECK(granted || locks_.deadlocks() > deadlocks, "a lock was refused for no reason");
    co_return granted;
}

/// Whether somebody has committed a write of `row` since the snapshot of the transaction.
bool TransactionEngine::has_changed(const Transaction& transaction, std::uint64_t row) const {
    return options_.isolation == Isolation::snapshot &&
           versions_.newest(row).commit > transaction.snapshot_;
}

sim::Task<Abort> TransactionEngine::prepare_read(Transaction& transaction, std::uint64_t row) {
    if (!reads_lock()) co_return Abort::none;
    const bool granted = co_await lock(transaction, row, LockMode::shared);
    co_return granted ? Abort::none : Abort::deadlock;
}

sim::Task<Abort> TransactionEngine::prepare_write(Transaction& transaction, std::uint64_t row) {
    const bool granted = co_await lock(transaction, row, LockMode::exclusive);
    if (!granted) co_return Abort::deadlock;
    // With the lock nobody else can commit a write of the row, so that this holds to the end.
    co_return has_changed(transaction, row) ? Abort::conflict : Abort::none;
}

RowVersion TransactionEngine::read(Transaction& transaction, std::uint64_t row) {
    RowVersion found;
    const std::optional<RowVersion> uncommitted = versions_.uncommitted(row);
    const bool own = uncommitted && uncommitted->writer == transaction.id_;
    if (own || (uncommitted && options_.isolation == Isolation::read_uncommitted)) {
        found = *uncommitted;
    } else if (options_.isolation == Isolation::snapshot) {
        found = versions_.as_of(row, transaction.snapshot_);
    } else {
        found = versions_.newest(row);
    }
    listener_.read(transaction.id_, row, found.writer);
    return found;
}

void TransactionEngine::write(Transaction& transaction, std::uint64_t row,
                              std::optional<Version> shown) {
    ARCHSIM_CHECK(locks_.holds(transaction, row, LockMode::exclusive),
                  "transaction {} writes row {} without a lock", transaction.id_, row);
    const std::optional<RowVersion> before = versions_.uncommitted(row);
    if (!before) transaction.written_.push_back(row);
    const Version kept = before ? before->shown : versions_.newest(row).shown;
    versions_.write(row, transaction.id_, shown.value_or(kept));
    listener_.wrote(transaction.id_, row);
}

sim::Task<> TransactionEngine::commit(Transaction& transaction) {
    const sim::Instant asked = simulation_.now();
    if (transaction.written_.empty()) {
        install(transaction, last_commit_);
        co_return;
    }
    const CommitPosition position = log_.append();
    if (options_.durable_commit) co_await log_.durable(position);
    install(transaction, position);
    commit_time_.record(simulation_.now() - asked);
}

void TransactionEngine::install(Transaction& transaction, CommitPosition position) {
    const CommitPosition snapshot = oldest_->snapshot_;
    const CommitPosition needed = std::min(snapshot, log_.flushed());
    while (!unflushed_.empty() && unflushed_.front().position <= log_.flushed()) {
        unflushed_.pop_front();
    }
    for (const std::uint64_t row : transaction.written_) {
        const Version before = versions_.newest(row).shown;
        versions_.commit(row, position, needed);
        if (position > log_.flushed()) unflushed_.push_back({position, row});
        const Change change{row, before, versions_.newest(row).shown};
        if (watcher_ != nullptr) watcher_->changed(change);
    }
    last_commit_ = position;
    listener_.committed(transaction.id_);
    end(transaction);
}

void TransactionEngine::roll_back(Transaction& transaction) {
    for (const std::uint64_t row : transaction.written_) versions_.roll_back(row);
    listener_.rolled_back(transaction.id_);
    end(transaction);
}

void TransactionEngine::end(Transaction& transaction) {
    locks_.release_all(transaction);
    transaction.is_open_ = false;
    (transaction.older_ != nullptr ? transaction.older_->younger_ : oldest_) = transaction.younger_;
    (transaction.younger_ != nullptr ? transaction.younger_->older_ : youngest_) =
        transaction.older_;
}

void TransactionEngine::crash() {
    ARCHSIM_CHECK(youngest_ == nullptr, "a transaction is open after a crash");
    CommitPosition last = log_.flushed();
    for (const Unflushed& write : unflushed_) {
        if (write.position <= log_.flushed()) continue;
        lost_writes_ += versions_.forget_after(write.row, log_.flushed());
        if (write.position > last) ++lost_transactions_;
        last = write.position;
    }
    unflushed_.clear();
    last_commit_ = std::min(last_commit_, log_.flushed());
    log_.crash();
}

TransactionLease::TransactionLease(TransactionEngine& engine, Places& spare)
    : engine_{engine}, spare_{spare} {
    if (spare_.empty()) spare_.push_back(std::make_unique<Transaction>());
    place_ = std::move(spare_.back());
    spare_.pop_back();
}

TransactionLease::~TransactionLease() {
    if (place_->is_open()) engine_.roll_back(*place_);
    spare_.push_back(std::move(place_));
}

}  // namespace archsim::models
