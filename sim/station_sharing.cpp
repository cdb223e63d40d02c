// Work that goes at one pace. Processor sharing: n jobs at c servers each run at speed min(1, c/n).
// Servers that slow each other down: the pace falls with the number that is busy. One clock of work
// given to each job (virtual time) replaces n separate countdowns, so a change costs O(log n).
#include "sim/check.hpp"
#include "sim/station.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace archsim::sim {

namespace {
// Work that a tick may fall short by, in nanoseconds: ticks are whole nanoseconds.
constexpr double rounding = 1e-3;
constexpr double precision = 8.0 * std::numeric_limits<double>::epsilon();
}  // namespace

double Station::share() const {
    const auto jobs = static_cast<double>(in_service_);
    const auto servers = static_cast<double>(options_.servers);
    const double of_a_server = sharing() ? std::min(1.0, servers / jobs) : 1.0;
    if (!is_slowed_) return of_a_server;
    const double busy = sharing() ? std::min(jobs, servers) : jobs;
    return of_a_server / (1.0 + (options_.contention + options_.coherency * busy) * (busy - 1.0));
}

void Station::share_advance() {
    const Instant now = simulation_.now();
    if (in_service_ > 0) {
        shared_work_ += static_cast<double>((now - shared_at_).count()) * speed_ * share();
    } else {
        shared_work_ = 0.0;  // keeps the numbers small and exact
    }
    shared_at_ = now;
}

void Station::share_schedule() {
    tick_.cancel();
    if (shared_.empty() || speed_ == 0.0) return;
    const double left = std::max(0.0, (*shared_.begin())->finish - shared_work_);
    const double wait = std::ceil((left - rounding) / (speed_ * share()));
    simulation_.schedule_in(tick_, Duration::from_seconds(std::max(0.0, wait) / 1e9));
}

void Station::share_enter(Job& job) {
    share_advance();
    job.place = Job::Place::serving;
    job.started = simulation_.now();
    job.finish = shared_work_ + static_cast<double>(job.remaining.count());
    shared_.insert(&job);
    ++in_service_;
    update_busy();
    share_schedule();
}

void Station::share_remove(Job& job) {
    share_advance();
    shared_.erase(&job);
    --in_service_;
    share_schedule();
}

void Station::share_tick(Event& event) {
    Station& station = static_cast<Tick&>(event).station;
    station.share_advance();
    Job& job = **station.shared_.begin();
    // Ticks are whole nanoseconds, and the numbers behind them have 53 bits.
    ARCHSIM_CHECK(job.finish - station.shared_work_ < 2.0 + job.finish * precision,
                  "work at one pace was ended {} ns too early", job.finish - station.shared_work_);
    station.shared_.erase(station.shared_.begin());
    --station.in_service_;
    station.account_departure(job);
    station.fill_servers();
    station.update_busy();
    station.share_schedule();
    const Instant now = station.simulation_.now();
    if (station.observer_ != nullptr) {
        station.observer_->completed(job.started - job.arrived, now - job.started);
    }
    job.waiter.resume();
}

}  // namespace archsim::sim
