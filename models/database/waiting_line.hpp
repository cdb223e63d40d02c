// Processes that wait for a number to rise: for the log to be committed up to a position, for a
// round of messages to be confirmed.
#pragma once

#include "sim/simulation.hpp"

#include <coroutine>
#include <cstdint>

namespace archsim::models {

/// The processes that wait for one number.
class WaitingLine {
public:
    explicit WaitingLine(sim::Simulation& simulation) : simulation_{simulation} {}
    WaitingLine(const WaitingLine&) = delete;
    WaitingLine& operator=(const WaitingLine&) = delete;

    class Wait;
    /// `const bool is_there = co_await line.reach(goal);` false if it was given up before.
    [[nodiscard]] Wait reach(std::uint64_t goal);
    /// The number is `value` now: lets those go who wait for that or less. O(those).
    void rise(std::uint64_t value);
    /// Sends all away. O(waiting processes).
    void give_up();
    /// Begins anew with this value. Requires: nobody waits.
    void restart(std::uint64_t value) { value_ = value; }

private:
    sim::Simulation& simulation_;
    std::uint64_t value_ = 0;
    Wait* first_ = nullptr;  // in the order of their goals
    Wait* last_ = nullptr;
};

/// The awaitable of WaitingLine::reach; leaves the line when its frame is destroyed.
class WaitingLine::Wait {
public:
    Wait(WaitingLine& line, std::uint64_t goal) : line_{line}, goal_{goal} {}
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;
    ~Wait() {
        if (in_line_) leave();
    }
    [[nodiscard]] bool await_ready() const noexcept { return goal_ <= line_.value_; }
    /// O(processes that wait for more), which mostly is nobody.
    void await_suspend(std::coroutine_handle<> waiter);
    [[nodiscard]] bool await_resume() const noexcept { return !is_given_up_; }

private:
    friend class WaitingLine;
    void leave();
    WaitingLine& line_;
    std::uint64_t goal_;
    sim::Wakeup wakeup_;
    Wait* next_ = nullptr;
    Wait* previous_ = nullptr;
    bool in_line_ = false;
    bool is_given_up_ = false;
};

inline WaitingLine::Wait WaitingLine::reach(std::uint64_t goal) { return Wait{*this, goal}; }

}  // namespace archsim::models
