// Locks on rows: shared and exclusive, with one line per row in the order of asking, and detection
// of deadlocks whenever somebody begins to wait: a cycle among those who wait for one another ends
// with its youngest member being told to give up.
#pragma once

#include "sim/simulation.hpp"

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

namespace archsim::models {

enum class LockMode : std::uint8_t { shared, exclusive };

/// The locks of all rows. Who holds locks is a Holder, which outlives its locks.
class RowLocks {
public:
    class Holder;
    class Acquire;

    explicit RowLocks(sim::Simulation& simulation) : simulation_{simulation} {}
    RowLocks(const RowLocks&) = delete;
    RowLocks& operator=(const RowLocks&) = delete;

    /// `co_await locks.acquire(holder, row, mode)`: true once the lock is held, until release_all;
    /// false if the holder has to give up to end a deadlock. A shared lock may be made exclusive:
    /// that goes before those who hold nothing. Requires: the holder waits for nothing else.
    /// O(1) without waiting, else O(waiting holders).
    [[nodiscard]] Acquire acquire(Holder& holder, std::uint64_t row, LockMode mode);
    /// Gives up all that `holder` has. O(its locks).
    void release_all(Holder& holder);
    /// Whether `holder` has a lock on the row that is this strong.
    [[nodiscard]] bool holds(const Holder& holder, std::uint64_t row, LockMode mode) const;
    /// Holders that had to give up since the start.
    [[nodiscard]] std::uint64_t deadlocks() const { return deadlocks_; }

private:
    struct Row;
    struct Waiter : sim::Wakeup {
        Holder* holder = nullptr;
        Row* row = nullptr;
        LockMode mode = LockMode::shared;
        bool upgrades = false;
        bool in_line = false;
        bool granted = false;
        Waiter* next = nullptr;
        Waiter* previous = nullptr;
    };
    struct Held {
        Holder* holder;
        LockMode mode;
    };
    struct Row {
        std::vector<Held> held;
        Waiter* first = nullptr;
        Waiter* last = nullptr;
    };
    /// A step of the search for a cycle: the next of those that a holder waits for.
    struct Step {
        Holder* holder;
        std::size_t next;
    };

    [[nodiscard]] bool try_lock(Waiter& waiter);
    /// False if the waiter itself has to give up.
    [[nodiscard]] bool wait(Waiter& waiter);
    void enqueue(Waiter& waiter);
    void leave(Waiter& waiter);
    void grant(Waiter& waiter);
    void serve_line(Row& row);
    [[nodiscard]] static bool compatible(const Waiter& waiter);
    [[nodiscard]] static Holder* blocker(const Holder& holder, std::size_t index);
    [[nodiscard]] Holder* victim_of_cycle(Holder& start);

    sim::Simulation& simulation_;
    std::unordered_map<std::uint64_t, Row> rows_;  // looked up, never gone through
    std::vector<Step> path_;
    std::uint64_t searches_ = 0;
    std::uint64_t deadlocks_ = 0;
};

/// Somebody who may hold locks: a transaction.
class RowLocks::Holder {
public:
    Holder() = default;
    Holder(const Holder&) = delete;
    Holder& operator=(const Holder&) = delete;
    /// Larger is younger. Requires: different for any two that hold locks at a time.
    void set_age(std::uint64_t age) { age_ = age; }

private:
    friend class RowLocks;
    std::uint64_t age_ = 0;
    std::vector<Row*> rows_;  // on which it has a lock
    Waiter* waiting_ = nullptr;
    std::uint64_t found_by_ = 0;  // the last search that came here
};

/// The awaitable of RowLocks::acquire.
class RowLocks::Acquire {
public:
    Acquire(RowLocks& locks, Holder& holder, Row& row, LockMode mode) : locks_{locks} {
        waiter_.holder = &holder;
        waiter_.row = &row;
        waiter_.mode = mode;
    }
    Acquire(const Acquire&) = delete;
    Acquire& operator=(const Acquire&) = delete;
    ~Acquire() {
        if (waiter_.in_line) locks_.leave(waiter_);
    }
    [[nodiscard]] bool await_ready() { return locks_.try_lock(waiter_); }
    bool await_suspend(std::coroutine_handle<> handle) {
        waiter_.set_waiter(handle);
        return locks_.wait(waiter_);
    }
    [[nodiscard]] bool await_resume() const noexcept { return waiter_.granted; }

private:
    RowLocks& locks_;
    Waiter waiter_;
};

inline RowLocks::Acquire RowLocks::acquire(Holder& holder, std::uint64_t row, LockMode mode) {
    return Acquire{*this, holder, rows_[row], mode};
}

}  // namespace archsim::models
