// A broadcast: processes wait, and one call wakes all that are waiting.
#pragma once

#include "sim/simulation.hpp"

#include <coroutine>

namespace archsim::sim {

/// Wakes every waiting process at the current instant, in the order in which they came to wait.
class Signal {
public:
    explicit Signal(Simulation& simulation) : simulation_{simulation} {}
    Signal(const Signal&) = delete;
    Signal& operator=(const Signal&) = delete;

    class Wait;
    /// `co_await signal.wait();`
    [[nodiscard]] Wait wait();
    /// O(waiting processes).
    void notify_all();

private:
    Simulation& simulation_;
    Wait* first_ = nullptr;
    Wait* last_ = nullptr;
};

/// The awaitable of Signal::wait; leaves the line when its frame is destroyed.
class Signal::Wait {
public:
    explicit Wait(Signal& signal) : signal_{signal} {}
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;
    ~Wait() {
        if (in_line_) leave();
    }
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiter) {
        wakeup_.set_waiter(waiter);
        in_line_ = true;
        previous_ = signal_.last_;
        (signal_.last_ != nullptr ? signal_.last_->next_ : signal_.first_) = this;
        signal_.last_ = this;
    }
    void await_resume() const noexcept {}

private:
    friend class Signal;
    void leave() {
        in_line_ = false;
        (previous_ != nullptr ? previous_->next_ : signal_.first_) = next_;
        (next_ != nullptr ? next_->previous_ : signal_.last_) = previous_;
        next_ = previous_ = nullptr;
    }
    Signal& signal_;
    Wakeup wakeup_;
    Wait* next_ = nullptr;
    Wait* previous_ = nullptr;
    bool in_line_ = false;
};

inline Signal::Wait Signal::wait() { return Wait{*this}; }

inline void Signal::notify_all() {
    while (first_ != nullptr) {
        Wait& wait = *first_;
        wait.leave();
        simulation_.schedule_in(wait.wakeup_, Duration{});
    }
}

}  // namespace archsim::sim
