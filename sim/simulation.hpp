// The event loop. A Simulation owns the clock and the pending events; there is no other clock and
// nothing is global, so two simulations can live side by side.
#pragma once

#include "sim/event_queue.hpp"
#include "sim/units.hpp"

#include <atomic>
#include <coroutine>
#include <cstdint>
#include <string>

namespace archsim::sim {

/// Why run_until() came back.
enum class RunEnd : std::uint8_t {
    deadline,     ///< Simulated time reached the deadline.
    event_limit,  ///< More events than Limits::events.
    stuck,        ///< More events at one instant than Limits::events_per_instant.
    crowded,      ///< More events pending than Limits::pending.
    interrupted,  ///< The interrupt flag was set.
};

/// Bounds on a run, so that a mistake in a scenario ends with a message and not never.
struct Limits {
    std::uint64_t events = UINT64_C(1) << 40;
    std::uint64_t events_per_instant = 10'000'000;
    std::size_t pending = 12'000'000;  ///< The event queue itself can hold 2^24.
};

/// Clock, event loop and fingerprint of one run.
class Simulation {
public:
    /// `interrupt`, if given, is polled every 1,024 events and must outlive the simulation.
    explicit Simulation(std::uint64_t seed, Limits limits = {},
                        const std::atomic<bool>* interrupt = nullptr)
        : seed_{seed}, limits_{limits}, interrupt_{interrupt} {}

    [[nodiscard]] Instant now() const { return queue_.now(); }
    [[nodiscard]] std::uint64_t seed() const { return seed_; }
    /// Events fired so far.
    [[nodiscard]] std::uint64_t events() const { return events_; }
    /// Events that are waiting to fire.
    [[nodiscard]] std::size_t pending() const { return queue_.size(); }
    /// A hash over (instant, order, tag) of every event fired so far: two runs that differ in one
    /// event differ in this number. FNV-like multiply and xor; not for security.
    [[nodiscard]] std::uint64_t fingerprint() const { return fingerprint_; }

    /// Requires: event not pending, when >= now(). O(log n).
    void schedule(Event& event, Instant when) { queue_.schedule(event, when); }
    /// Requires: event not pending, delay >= 0.
    void schedule_in(Event& event, Duration delay) { queue_.schedule(event, now() + delay); }

    /// Fires events in order up to and including `deadline`, or until a limit is reached.
    RunEnd run_until(Instant deadline);

    class Delay;
    /// `co_await simulation.delay(d)`: waits for `d` >= 0; d = 0 runs after what is already due.
    [[nodiscard]] Delay delay(Duration d);

private:
    std::uint64_t seed_;
    Limits limits_;
    const std::atomic<bool>* interrupt_;
    EventQueue queue_;
    std::uint64_t events_ = 0;
    std::uint64_t fingerprint_ = 0xcbf29ce484222325;
};

/// A pending resumption of a coroutine. It lives in the frame that waits, so that destroying the
/// frame cancels it.
class Wakeup : public Event {
public:
    Wakeup() : Event{&resume} {}
    void set_waiter(std::coroutine_handle<> waiter) { waiter_ = waiter; }

private:
    static void resume(Event& event) { static_cast<Wakeup&>(event).waiter_.resume(); }
    std::coroutine_handle<> waiter_;
};

/// The awaitable of Simulation::delay.
class Simulation::Delay {
public:
    Delay(Simulation& simulation, Duration duration)
        : simulation_{simulation}, duration_{duration} {}
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiter) {
        wakeup_.set_waiter(waiter);
        simulation_.schedule_in(wakeup_, duration_);
    }
    void await_resume() const noexcept {}

private:
    Simulation& simulation_;
    Duration duration_;
    Wakeup wakeup_;
};

inline Simulation::Delay Simulation::delay(Duration d) { return Delay{*this, d}; }

}  // namespace archsim::sim
