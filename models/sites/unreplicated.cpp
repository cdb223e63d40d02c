// One timer for the oldest write, or for the next backup.
#include "models/sites/unreplicated.hpp"

#include <algorithm>
#include <utility>

namespace archsim::models {

Unreplicated::Unreplicated(CopyRule rule, sim::Simulation& simulation, std::function<bool()> works)
    : rule_{rule}, simulation_{simulation}, works_{std::move(works)}, timer_{*this} {}

void Unreplicated::start() {
    if (rule_.backup_every) simulation_.schedule_in(timer_, *rule_.backup_every);
}

void Unreplicated::wrote() {
    if (rule_.backup_every) ++since_backup_;
    if (!rule_.lag) return;
    pending_.push_back(simulation_.now() + *rule_.lag);
    wait_for_first();
}

void Unreplicated::came_back() {
    if (rule_.lag) wait_for_first();
}

std::uint64_t Unreplicated::taken_over() {
    const std::uint64_t lost = since_backup_ + pending_.size();
    since_backup_ = 0;
    pending_.clear();
    if (rule_.lag) timer_.cancel();
    return lost;
}

void Unreplicated::copy() {
    if (rule_.backup_every) {
        simulation_.schedule_in(timer_, *rule_.backup_every);
        if (works_()) since_backup_ = 0;
        return;
    }
    if (!works_()) return;  // until it comes back, or another takes over
    while (!pending_.empty() && pending_.front() <= simulation_.now()) pending_.pop_front();
    wait_for_first();
}

void Unreplicated::wait_for_first() {
    if (pending_.empty() || timer_.pending()) return;
    simulation_.schedule(timer_, std::max(pending_.front(), simulation_.now()));
}

}  // namespace archsim::models
