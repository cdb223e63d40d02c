// The line and the servers of a station; work at one pace for all is in station_sharing.cpp.
#include "sim/station.hpp"

#include "sim/check.hpp"

#include <algorithm>

namespace archsim::sim {

Station::Station(Simulation& simulation, Options options, StationObserver* observer)
    : simulation_{simulation},
      options_{options},
      observer_{observer},
      is_slowed_{options.contention > 0.0 || options.coherency > 0.0} {
    ARCHSIM_CHECK(options_.servers > 0, "a station needs a server");
    ARCHSIM_CHECK(options_.contention >= 0.0 && options_.coherency >= 0.0,
                  "servers cannot speed each other up");
    tick_.set_tag(options_.tag);
    shared_at_ = simulation_.now();
    for (Level* level : {&present_level_, &queue_level_, &busy_level_, &capacity_level_}) {
        level->start_window(simulation_.now());
    }
    capacity_level_.set(simulation_.now(), options_.servers);
}

bool Station::enter(Job& job) {
    ARCHSIM_CHECK(job.remaining >= Duration{}, "work of a negative length was asked for");
    const Instant now = simulation_.now();
    if (observer_ != nullptr) observer_->arrived();
    if (job.deadline <= now) {
        if (observer_ != nullptr) observer_->dropped();
        return false;
    }
    const bool free = in_service_ < options_.servers;
    if (!free && options_.queue.has_value()) {
        const std::uint64_t beyond =
            sharing() ? in_service_ - options_.servers : static_cast<std::uint64_t>(waiting_);
        if (beyond >= *options_.queue) {
            if (observer_ != nullptr) observer_->rejected();
            return false;
        }
    }
    job.set_tag(options_.tag);
    job.arrived = now;
    job.order = next_order_++;
    arrival_sum_ += now.count();
    present_level_.change(now, 1);
    if (sharing()) {
        share_enter(job);
    } else if (free) {
        start(job);
    } else {
        put_in_line(job);
        queue_level_.change(now, 1);
    }
    return true;
}

void Station::start(Job& job) {
    job.place = Job::Place::serving;
    job.started = job.since = simulation_.now();
    last_wait_ = job.started - job.arrived;
    if (is_slowed_) {
        share_enter(job);
        return;
    }
    serving_.append(job);
    ++in_service_;
    update_busy();
    schedule_end(job);
}

void Station::schedule_end(Job& job) {
    if (speed_ == 0.0) return;
    simulation_.schedule_in(job, speed_ == 1.0 ? job.remaining : job.remaining.scaled(1 / speed_));
}

void Station::end(Job& job) {
    const Instant now = simulation_.now();
    serving_.remove(job);
    --in_service_;
    account_departure(job);
    fill_servers();
    update_busy();
    if (observer_ != nullptr) observer_->completed(job.started - job.arrived, now - job.started);
    job.waiter.resume();  // the frame with the job may be gone now
}

void Station::account_departure(Job& job) {
    const Instant now = simulation_.now();
    job.place = Job::Place::outside;
    sojourn_sum_ += (now - job.arrived).count();
    arrival_sum_ -= job.arrived.count();
    present_level_.change(now, -1);
}

void Station::drop(Job& job) {
    account_departure(job);
    job.dropped = true;
    job.place = Job::Place::leaving;
    if (observer_ != nullptr) observer_->dropped();
    // An event of its own: whoever let it have its turn may be in the midst of a crash.
    simulation_.schedule_in(job, Duration{});
}

void Station::withdraw(Job& job) {
    job.cancel();
    if (job.place == Job::Place::leaving) {
        job.place = Job::Place::outside;
        return;
    }
    if (job.place == Job::Place::waiting) {
        take_from_line(job);
        queue_level_.change(simulation_.now(), -1);
    } else if (has_one_pace()) {
        share_remove(job);
    } else {
        serving_.remove(job);
        --in_service_;
    }
    account_departure(job);
    if (observer_ != nullptr) observer_->lost();
    fill_servers();
    update_busy();
}

void Station::fill_servers() {
    while (waiting_ > 0 && in_service_ < options_.servers) {
        Job& job = *head_of_line();
        take_from_line(job);
        queue_level_.change(simulation_.now(), -1);
        if (job.deadline <= simulation_.now()) {
            drop(job);
        } else {
            start(job);
        }
    }
}

void Station::update_busy() {
    const auto busy = std::min<std::uint64_t>(in_service_, options_.servers);
    busy_level_.set(simulation_.now(), static_cast<std::int64_t>(busy));
    if (is_retired_) capacity_level_.set(simulation_.now(), static_cast<std::int64_t>(busy));
}

void Station::retire() {
    is_retired_ = true;
    update_busy();
}

void Station::put_in_line(Job& job) {
    job.place = Job::Place::waiting;
    ++waiting_;
    switch (options_.discipline) {
        case Discipline::lifo:
            line_.prepend(job);
            return;
        case Discipline::priority:
            urgent_.insert(&job);
            return;
        default:
            line_.append(job);
    }
}

void Station::take_from_line(Job& job) {
    --waiting_;
    if (options_.discipline == Discipline::priority) {
        urgent_.erase(&job);
    } else {
        line_.remove(job);
    }
}

Station::Job* Station::head_of_line() const {
    return options_.discipline == Discipline::priority ? *urgent_.begin() : line_.first;
}

void Station::set_speed(double speed) {
    ARCHSIM_CHECK(speed >= 0.0, "a server's speed cannot be {}", speed);
    if (speed == speed_) return;
    const Instant now = simulation_.now();
    if (has_one_pace()) {
        share_advance();
        speed_ = speed;
        share_schedule();
        return;
    }
    const double before = speed_;
    speed_ = speed;
    for (Job* job = serving_.first; job != nullptr; job = job->next) {
        job->cancel();
        const Duration done = (now - job->since).scaled(before);
        job->remaining = std::max(job->remaining - done, Duration{});
        job->since = now;
        schedule_end(*job);
    }
}

void Station::set_servers(std::uint32_t servers) {
    ARCHSIM_CHECK(servers > 0, "a station needs a server");
    if (has_one_pace()) share_advance();
    options_.servers = servers;
    capacity_level_.set(simulation_.now(), servers);
    if (sharing()) {
        share_schedule();
    } else {
        fill_servers();
    }
    update_busy();
}

void Station::check_little(std::string_view place) {
    const Instant now = simulation_.now();
    const auto count = static_cast<__int128_t>(present());
    const __int128_t spent = sojourn_sum_ + count * now.count() - arrival_sum_;
    const __int128_t integral = present_level_.integral(now);
    ARCHSIM_CHECK_AT(place, spent == integral,
                     "Little's law is broken: {} ns were spent here, the level says {} ns",
                     static_cast<double>(spent), static_cast<double>(integral));
    ARCHSIM_CHECK_AT(place, present_level_.value() == static_cast<std::int64_t>(present()),
                     "{} jobs are present, the level says {}", present(), present_level_.value());
}

void Station::List::append(Job& job) {
    job.next = nullptr;
    job.previous = last;
    (last != nullptr ? last->next : first) = &job;
    last = &job;
}

void Station::List::prepend(Job& job) {
    job.previous = nullptr;
    job.next = first;
    (first != nullptr ? first->previous : last) = &job;
    first = &job;
}

void Station::List::remove(Job& job) {
    (job.previous != nullptr ? job.previous->next : first) = job.next;
    (job.next != nullptr ? job.next->previous : last) = job.previous;
    job.next = job.previous = nullptr;
}

}  // namespace archsim::sim
