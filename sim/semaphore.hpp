// A counted resource that a process holds for as long as it likes: a pool of connections, a limit
// on concurrency. (A station serves work of a known length; here the holder decides.)
#pragma once

#include "sim/simulation.hpp"
#include "sim/time_weighted.hpp"

#include <coroutine>
#include <cstdint>
#include <optional>
#include <utility>

namespace archsim::sim {

/// `capacity` permits with one first-in first-out line. Not movable; outlives its permits.
class Semaphore {
public:
    /// `queue`: places to wait; nothing means without limit. Requires capacity > 0.
    Semaphore(Simulation& simulation, std::uint64_t capacity,
              std::optional<std::uint64_t> queue = std::nullopt)
        : simulation_{simulation}, capacity_{capacity}, queue_{queue} {}
    Semaphore(const Semaphore&) = delete;
    Semaphore& operator=(const Semaphore&) = delete;

    /// Holds one permit; gives it back when it goes out of scope, also when a crash destroys the
    /// frame. False if there was no room to wait.
    class [[nodiscard]] Permit {
    public:
        Permit() = default;
        explicit Permit(Semaphore* owner) : owner_{owner} {}
        Permit(Permit&& other) noexcept : owner_{std::exchange(other.owner_, nullptr)} {}
        Permit& operator=(Permit&& other) noexcept {
            if (this != &other) {
                release();
                owner_ = std::exchange(other.owner_, nullptr);
            }
            return *this;
        }
        ~Permit() { release(); }
        explicit operator bool() const { return owner_ != nullptr; }
        void release() {
            if (owner_ != nullptr) std::exchange(owner_, nullptr)->give_back();
        }

    private:
        Semaphore* owner_ = nullptr;
    };

    class Acquire;
    /// `auto permit = co_await semaphore.acquire();` O(1).
    [[nodiscard]] Acquire acquire();

    [[nodiscard]] std::uint64_t held() const { return held_; }
    [[nodiscard]] std::uint64_t waiting() const { return waiting_; }
    [[nodiscard]] Level& held_level() { return held_level_; }

private:
    struct Waiter : Wakeup {
        Waiter* next = nullptr;
        Waiter* previous = nullptr;
        bool in_line = false;
        bool granted = false;
    };
    void give_back();
    void grant() {
        ++held_;
        held_level_.change(simulation_.now(), 1);
    }
    void append(Waiter& waiter);
    void remove(Waiter& waiter);

    Simulation& simulation_;
    std::uint64_t capacity_;
    std::optional<std::uint64_t> queue_;
    std::uint64_t held_ = 0;
    std::uint64_t waiting_ = 0;
    Waiter* first_ = nullptr;
    Waiter* last_ = nullptr;
    Level held_level_;
};

/// The awaitable of Semaphore::acquire.
class Semaphore::Acquire {
public:
    explicit Acquire(Semaphore& semaphore) : semaphore_{semaphore} {}
    Acquire(const Acquire&) = delete;
    Acquire& operator=(const Acquire&) = delete;
    ~Acquire() {
        if (waiter_.in_line) semaphore_.remove(waiter_);
        if (waiter_.granted) semaphore_.give_back();  // granted, but the frame died first
    }
    [[nodiscard]] bool await_ready() {
        if (semaphore_.held_ < semaphore_.capacity_) {
            semaphore_.grant();
            waiter_.granted = true;
            return true;
        }
        return semaphore_.queue_.has_value() && semaphore_.waiting_ >= *semaphore_.queue_;
    }
    void await_suspend(std::coroutine_handle<> handle) {
        waiter_.set_waiter(handle);
        semaphore_.append(waiter_);
    }
    [[nodiscard]] Permit await_resume() {
        return Permit{std::exchange(waiter_.granted, false) ? &semaphore_ : nullptr};
    }

private:
    Semaphore& semaphore_;
    Waiter waiter_;
};

inline Semaphore::Acquire Semaphore::acquire() { return Acquire{*this}; }

inline void Semaphore::append(Waiter& waiter) {
    waiter.in_line = true;
    waiter.previous = last_;
    (last_ != nullptr ? last_->next : first_) = &waiter;
    last_ = &waiter;
    ++waiting_;
}

inline void Semaphore::remove(Waiter& waiter) {
    waiter.in_line = false;
    (waiter.previous != nullptr ? waiter.previous->next : first_) = waiter.next;
    (waiter.next != nullptr ? waiter.next->previous : last_) = waiter.previous;
    --waiting_;
}

inline void Semaphore::give_back() {
    --held_;
    held_level_.change(simulation_.now(), -1);
    if (first_ == nullptr) return;
    Waiter& next = *first_;
    remove(next);
    grant();
    next.granted = true;
    simulation_.schedule_in(next, Duration{});
}

}  // namespace archsim::sim
