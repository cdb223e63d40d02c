// What the coordinator of one operation has heard from the replicas, and its wait for enough of it.
#pragma once

#include "models/database/quorum_config.hpp"
#include "models/database/write_order.hpp"
#include "sim/simulation.hpp"

#include <array>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace archsim::models {

/// What a replica says to a coordinator.
struct ReplicaReply {
    Version version = initial_version;  ///< Of a read: what it holds.
    bool is_refused = false;            ///< It was down or its queue full; nothing has happened.
};

class Poll;

/// The polls that are open. An answer finds its poll by number and is dropped if that is closed.
class Polls {
public:
    /// `patience` is the longest wait of a poll.
    Polls(sim::Simulation& simulation, const WriteOrder& order, sim::Duration patience)
        : simulation_{simulation}, order_{order}, patience_{patience} {}
    Polls(const Polls&) = delete;
    Polls& operator=(const Polls&) = delete;

    /// Names a poll; the default one names none.
    struct Ticket {
        std::uint32_t slot = UINT32_MAX;
        std::uint32_t use = 0;
    };
    /// Tells the poll that still is what the ticket says. O(1).
    void tell(Ticket ticket, std::size_t replica, const ReplicaReply& reply);

private:
    friend class Poll;
    struct Slot {
        Poll* poll = nullptr;
        std::uint32_t use = 0;
    };
    sim::Simulation& simulation_;
    const WriteOrder& order_;
    sim::Duration patience_;
    std::vector<Slot> slots_;
    std::vector<std::uint32_t> free_;
};

/// One question to several replicas. Lives in the frame of the coordinator's process; may be moved
/// while nobody waits.
class Poll {
public:
    /// What it is over with, beside the end of its patience.
    enum class Goal : std::uint8_t {
        read,      ///< With so many answers, or once they cannot come any more.
        write,     ///< Likewise; but it must be known whether some replica keeps the write.
        everyone,  ///< Each has answered or refused.
    };
    /// Requires: asked <= quorum_replicas_most.
    Poll(Polls& polls, std::size_t asked, Goal goal, std::size_t needed);
    Poll(Poll&& other) noexcept;
    Poll(const Poll&) = delete;
    Poll& operator=(const Poll&) = delete;
    ~Poll();

    [[nodiscard]] Polls::Ticket ticket() const { return ticket_; }
    /// Sets another goal, for another wait.
    void aim(Goal goal, std::size_t needed) {
        goal_ = goal;
        needed_ = needed;
    }

    class Wait;
    /// `co_await poll.over();` waits as long as polls do at most, or no longer than `patience`.
    [[nodiscard]] Wait over();
    [[nodiscard]] Wait over(sim::Duration patience);
    /// Whether nothing is to be waited for any more.
    [[nodiscard]] bool is_over() const;

    /// Whether so many as were needed have answered.
    [[nodiscard]] bool is_won() const { return answers_ >= needed_; }
    /// Whether certainly nobody of those asked has done or will do what it was asked for.
    [[nodiscard]] bool is_void() const { return answers_ == 0 && refusals_ == asked_; }
    /// Whether too many have refused.
    [[nodiscard]] bool is_hopeless() const { return refusals_ + needed_ > asked_; }
    /// The newest version among the first answers, as many as the first goal needed.
    [[nodiscard]] Version chosen() const { return chosen_; }
    /// The newest version among all answers.
    [[nodiscard]] Version newest() const;
    [[nodiscard]] bool has_answered(std::size_t replica) const { return is_answered_[replica]; }
    /// What a replica answered. Requires: has_answered(replica).
    [[nodiscard]] Version answer(std::size_t replica) const { return versions_[replica]; }

private:
    friend class Polls;
    void hear(std::size_t replica, const ReplicaReply& reply);

    Polls* polls_;
    Polls::Ticket ticket_;
    Goal goal_;
    std::size_t asked_;
    std::size_t needed_;
    std::size_t quorum_;  // of the first goal
    std::size_t answers_ = 0;
    std::size_t refusals_ = 0;
    Version chosen_ = initial_version;
    std::array<Version, quorum_replicas_most> versions_{};
    std::array<bool, quorum_replicas_most> is_answered_{};
    Wait* waiting_ = nullptr;
};

/// The awaitable of Poll::over.
class Poll::Wait {
public:
    Wait(Poll& poll, sim::Duration patience) : poll_{poll}, patience_{patience} {}
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;
    ~Wait() {
        if (poll_.waiting_ == this) poll_.waiting_ = nullptr;
    }
    [[nodiscard]] bool await_ready() const noexcept { return poll_.is_over(); }
    void await_suspend(std::coroutine_handle<> waiter) {
        wakeup_.set_waiter(waiter);
        poll_.waiting_ = this;
        poll_.polls_->simulation_.schedule_in(wakeup_, patience_);
    }
    void await_resume() noexcept { poll_.waiting_ = nullptr; }

private:
    friend class Poll;
    void wake() {
        poll_.waiting_ = nullptr;
        wakeup_.cancel();
        poll_.polls_->simulation_.schedule_in(wakeup_, sim::Duration{});
    }
    Poll& poll_;
    sim::Duration patience_;
    sim::Wakeup wakeup_;
};

inline Poll::Wait Poll::over() { return Wait{*this, polls_->patience_}; }
inline Poll::Wait Poll::over(sim::Duration patience) { return Wait{*this, patience}; }

}  // namespace archsim::models
