// Processes that wait until something about a key has changed, or their patience is over.
#pragma once

#include "sim/simulation.hpp"

#include <coroutine>
#include <cstdint>
#include <unordered_map>

namespace archsim::models {

/// One line of waiting processes per key. Not movable.
class KeyWaits {
public:
    explicit KeyWaits(sim::Simulation& simulation) : simulation_{simulation} {}
    KeyWaits(const KeyWaits&) = delete;
    KeyWaits& operator=(const KeyWaits&) = delete;

    class Wait;
    /// `const bool is_told = co_await waits.change_of(key, end);` false at `end`.
    [[nodiscard]] Wait change_of(std::uint64_t key, sim::Instant end);
    /// Wakes all who wait for this key, in the order in which they came. O(those).
    void tell(std::uint64_t key);

private:
    struct Line {
        Wait* first = nullptr;
        Wait* last = nullptr;
    };
    sim::Simulation& simulation_;
    std::unordered_map<std::uint64_t, Line> by_key_;  // looked up, never gone through
};

/// The awaitable of KeyWaits::change_of; leaves the line when its frame is destroyed.
class KeyWaits::Wait {
public:
    Wait(KeyWaits& waits, std::uint64_t key, sim::Instant end)
        : waits_{waits}, key_{key}, end_{end} {}
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;
    ~Wait() {
        if (is_in_line_) leave();
    }
    [[nodiscard]] bool await_ready() const noexcept { return waits_.simulation_.now() >= end_; }
    void await_suspend(std::coroutine_handle<> waiter) {
        wakeup_.set_waiter(waiter);
        is_in_line_ = true;
        Line& line = waits_.by_key_[key_];
        previous_ = line.last;
        (previous_ != nullptr ? previous_->next_ : line.first) = this;
        line.last = this;
        if (end_ != sim::Instant::never()) waits_.simulation_.schedule(wakeup_, end_);
    }
    [[nodiscard]] bool await_resume() noexcept {
        if (is_in_line_) leave();
        return is_told_;
    }

private:
    friend class KeyWaits;
    void leave() {
        is_in_line_ = false;
        const auto found = waits_.by_key_.find(key_);
        Line& line = found->second;
        (previous_ != nullptr ? previous_->next_ : line.first) = next_;
        (next_ != nullptr ? next_->previous_ : line.last) = previous_;
        next_ = previous_ = nullptr;
        if (line.first == nullptr) waits_.by_key_.erase(found);
    }
    KeyWaits& waits_;
    std::uint64_t key_;
    sim::Instant end_;
    sim::Wakeup wakeup_;
    Wait* next_ = nullptr;
    Wait* previous_ = nullptr;
    bool is_in_line_ = false;
    bool is_told_ = false;
};

inline KeyWaits::Wait KeyWaits::change_of(std::uint64_t key, sim::Instant end) {
    return Wait{*this, key, end};
}

inline void KeyWaits::tell(std::uint64_t key) {
    auto found = by_key_.find(key);
    while (found != by_key_.end()) {
        Wait& wait = *found->second.first;
        wait.leave();
        wait.is_told_ = true;
        wait.wakeup_.cancel();
        simulation_.schedule_in(wait.wakeup_, sim::Duration{});
        found = by_key_.find(key);
    }
}

}  // namespace archsim::models
