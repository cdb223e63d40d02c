// When a write of the primary becomes visible and when its client hears of it: at once, once enough
// replicas have it, or, semi-synchronously, when waiting for them took too long.
#pragma once

#include "models/database/replica_group.hpp"
#include "models/database/replication_log.hpp"
#include "models/database/shipping.hpp"
#include "sim/simulation.hpp"

#include <coroutine>
#include <cstddef>
#include <optional>

namespace archsim::models {

/// Whoever keeps the data of the primary.
class CommitOwner {
public:
    /// A wait has taken too long: call advance(), show what is visible, call release().
    virtual void settle() = 0;

protected:
    ~CommitOwner() = default;
};

/// The writes that wait at one primary, in the order of the log.
class Commit {
public:
    /// All outlive it.
    Commit(CommitOwner& owner, ReplicaGroup& group, const ReplicationLog& log,
           const Shipping& shipping);
    Commit(const Commit&) = delete;
    Commit& operator=(const Commit&) = delete;

    class Wait;
    /// `const bool is_done = co_await commit.reached(position);` false if the primary was deposed
    /// before: nobody knows what will become of the write.
    [[nodiscard]] Wait reached(LogPosition position);

    /// Log or replicas have moved on. O(replicas^2).
    void advance();
    /// Lets those go whose wait is over. O(those).
    void release();
    /// Up to where readers of the primary may see the log.
    [[nodiscard]] LogPosition visible() const { return visible_; }
    /// Begins a reign with everything up to `position` visible.
    void begin(LogPosition position);
    /// The reign is over: nobody waits any more.
    void give_up();

private:
    struct Patience : sim::Event {
        Patience(Commit& c, std::uint32_t tag) : Event{&Commit::out_of_patience, tag}, commit{c} {}
        Commit& commit;
    };
    static void out_of_patience(sim::Event& event);
    void watch();

    CommitOwner& owner_;
    ReplicaGroup& group_;
    const ReplicationLog& log_;
    const Shipping& shipping_;
    std::size_t required_;                // replicas to wait for
    std::optional<sim::Duration> limit_;  // of a wait
    bool shows_at_once_ = false;
    bool is_degraded_ = false;  // semi-synchronous, and going on asynchronously
    LogPosition visible_ = 0;
    LogPosition promised_ = 0;
    Wait* first_ = nullptr;
    Wait* last_ = nullptr;
    Patience patience_;
};

/// The awaitable of Commit::reached; leaves the line when its frame is destroyed.
class Commit::Wait {
public:
    Wait(Commit& commit, LogPosition position) : commit_{commit}, position_{position} {}
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;
    ~Wait() {
        if (in_line_) leave();
    }
    [[nodiscard]] bool await_ready() const noexcept { return position_ <= commit_.promised_; }
    void await_suspend(std::coroutine_handle<> waiter);
    [[nodiscard]] bool await_resume() const noexcept { return !is_given_up_; }

private:
    friend class Commit;
    void leave();
    Commit& commit_;
    LogPosition position_;
    sim::Instant since_;
    sim::Wakeup wakeup_;
    Wait* next_ = nullptr;
    Wait* previous_ = nullptr;
    bool in_line_ = false;
    bool is_given_up_ = false;
};

inline Commit::Wait Commit::reached(LogPosition position) { return Wait{*this, position}; }

}  // namespace archsim::models
