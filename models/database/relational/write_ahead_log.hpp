// The write-ahead log of a database: commits are durable once a flush has brought them to the disk.
// One flush takes all that have come by its start (group commit); meanwhile the next ones gather.
#pragma once

#include "models/database/relational/relational_config.hpp"
#include "models/database/relational/row_versions.hpp"
#include "sim/metrics.hpp"
#include "sim/process_group.hpp"
#include "sim/rng.hpp"
#include "sim/simulation.hpp"
#include "sim/station.hpp"
#include "sim/task.hpp"

#include <coroutine>
#include <cstdint>
#include <string>
#include <string_view>

namespace archsim::models {

/// The log of one node, written by a process of that node.
class WriteAheadLog {
public:
    class Durable;

    /// All references outlive the log; `tag` is for the fingerprint.
    WriteAheadLog(sim::Simulation& simulation, sim::Metrics& metrics,
                  const WriteAheadConfig& config, sim::Rng rng, sim::ProcessGroup& processes,
                  std::uint32_t tag);
    WriteAheadLog(const WriteAheadLog&) = delete;
    WriteAheadLog& operator=(const WriteAheadLog&) = delete;

    /// Adds a commit and sees to it that it is flushed. O(1).
    CommitPosition append();
    /// `co_await log.durable(position)`: waits until that commit is on the disk. Requires: asked
    /// for in the order of the positions.
    [[nodiscard]] Durable durable(CommitPosition position);
    /// All up to here outlives a crash.
    [[nodiscard]] CommitPosition flushed() const { return flushed_; }
    [[nodiscard]] CommitPosition appended() const { return appended_; }

    /// Loses what is not on the disk. Requires: the processes of the node are gone.
    void crash();
    /// Speed of the disk: 0 stands still.
    void set_speed(double speed) { disk_.set_speed(speed); }
    void check(std::string_view place) { disk_.check_little(place); }
    /// Publishes `log/flushes`, `log/batch` and `log/utilisation` below `prefix`.
    void publish(const std::string& prefix);

private:
    struct Waiter : sim::Wakeup {
        CommitPosition position = 0;
        bool in_line = false;
        Waiter* next = nullptr;
        Waiter* previous = nullptr;
    };
    [[nodiscard]] sim::Task<> flush_all();
    void reach(CommitPosition position);
    void enqueue(Waiter& waiter);
    void leave(Waiter& waiter);

    sim::Simulation& simulation_;
    sim::Metrics& metrics_;
    const WriteAheadConfig& config_;
    sim::Rng rng_;
    sim::ProcessGroup& processes_;
    sim::Station disk_;
    sim::Counter& flushes_;
    sim::Counter& commits_;
    CommitPosition appended_ = 0;
    CommitPosition flushed_ = 0;
    bool is_flushing_ = false;
    Waiter* first_ = nullptr;
    Waiter* last_ = nullptr;
};

/// The awaitable of WriteAheadLog::durable.
class WriteAheadLog::Durable {
public:
    Durable(WriteAheadLog& log, CommitPosition position) : log_{log} {
        waiter_.position = position;
    }
    Durable(const Durable&) = delete;
    Durable& operator=(const Durable&) = delete;
    ~Durable() {
        if (waiter_.in_line) log_.leave(waiter_);
    }
    [[nodiscard]] bool await_ready() const { return waiter_.position <= log_.flushed_; }
    void await_suspend(std::coroutine_handle<> handle) {
        waiter_.set_waiter(handle);
        log_.enqueue(waiter_);
    }
    void await_resume() const noexcept {}

private:
    WriteAheadLog& log_;
    Waiter waiter_;
};

inline WriteAheadLog::Durable WriteAheadLog::durable(CommitPosition position) {
    return Durable{*this, position};
}

}  // namespace archsim::models
