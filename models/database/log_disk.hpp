// The disk that a log is forced to: one write after the other, each of which takes with it whatever
// has come together meanwhile (group commit). It may slow down or stop while its machine goes on.
#pragma once

#include "sim/simulation.hpp"
#include "sim/units.hpp"

#include <cstdint>

namespace archsim::models {

/// Who has something written.
class DiskOwner {
public:
    /// The write that began last is on disk.
    virtual void disk_done() = 0;

protected:
    ~DiskOwner() = default;
};

/// One disk. Times are at speed 1.
class LogDisk : private sim::Event {
public:
    /// Both outlive it; `tag` marks its events.
    LogDisk(sim::Simulation& simulation, DiskOwner& owner, std::uint32_t tag);

    /// Begins a write; true if it is over at once, and then nobody is told. Requires: !is_busy().
    [[nodiscard]] bool begin(sim::Duration amount);
    [[nodiscard]] bool is_busy() const { return is_busy_; }
    /// 1 is normal, 0 stands still. A write in progress keeps what it has done.
    void set_speed(double speed);
    /// Forgets the write in progress, as a crash does.
    void stop();

private:
    static void over(sim::Event& event);
    void go_on();
    sim::Simulation& simulation_;
    DiskOwner& owner_;
    double speed_ = 1.0;
    bool is_busy_ = false;
    sim::Duration remaining_;  // at `since_`
    sim::Instant since_;
};

}  // namespace archsim::models
