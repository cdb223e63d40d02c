// Writing at a speed that may change.
#include "models/database/log_disk.hpp"

#include "sim/check.hpp"

#include <algorithm>

namespace archsim::models {

LogDisk::LogDisk(sim::Simulation& simulation, DiskOwner& owner, std::uint32_t tag)
    : Event{&LogDisk::over, tag}, simulation_{simulation}, owner_{owner} {}

bool LogDisk::begin(sim::Duration amount) {
    ARCHSIM_CHECK(!is_busy_, "a disk writes one thing at a time");
    if (amount == sim::Duration{} && speed_ > 0.0) return true;
    is_busy_ = true;
    remaining_ = amount;
    go_on();
    return false;
}

void LogDisk::go_on() {
    since_ = simulation_.now();
    if (speed_ > 0.0) simulation_.schedule_in(*this, remaining_.scaled(1.0 / speed_));
}

void LogDisk::set_speed(double speed) {
    if (is_busy_) {
        const sim::Duration done = (simulation_.now() - since_).scaled(speed_);
        remaining_ = std::max(sim::Duration{}, remaining_ - done);
        cancel();
    }
    speed_ = speed;
    if (is_busy_) go_on();
}

void LogDisk::stop() {
    cancel();
    is_busy_ = false;
}

void LogDisk::over(sim::Event& event) {
    LogDisk& disk = static_cast<LogDisk&>(event);
    disk.is_busy_ = false;
    disk.owner_.disk_done();
}

}  // namespace archsim::models
