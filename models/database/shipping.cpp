// Go-back-N over the post, with the retransmission times of RFC 6298 in simplified form.
#include "models/database/shipping.hpp"

#include "models/database/member.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace archsim::models {

namespace {

using sim::Duration;

constexpr Duration first_patience = Duration::seconds(1);
constexpr Duration least_patience = Duration::milliseconds(200);

}  // namespace

Shipping::Shipping(ReplicaGroup& group, const ReplicationLog& log, std::size_t self)
    : group_{group},
      log_{log},
      self_{self},
      keep_alive_{*this, group.context().number},
      lag_rng_{group.context().rng("lag of " + std::to_string(self))} {
    const auto members = static_cast<std::size_t>(group.config().replicas) + 1;
    for (std::size_t i = 0; i < members; ++i) {
        if (i != self) copies_.emplace_back(*this, i, group.context().number);
    }
    if (const auto* const bounded = std::get_if<ReadBoundedLag>(&group.config().read_from)) {
        every_ = std::max(bounded->bound / 4, Duration::nanoseconds(1));
    }
}

void Shipping::begin(std::uint64_t epoch, bool greet) {
    epoch_ = epoch;
    for (Copy& copy : copies_) {
        copy.is_greeted = !greet;
        copy.received = copy.applied = copy.kept = 0;
        copy.sent = log_.end();
        copy.is_stalled = false;
        copy.round_trip.reset();
        copy.progress = group_.now();
        if (greet) send(copy, log_.end() + 1, true);
    }
    if (every_) {
        keep_alive_.cancel();
        group_.simulation().schedule_in(keep_alive_, *every_);
    }
}

void Shipping::resume() {
    for (Copy& copy : copies_) {
        copy.is_stalled = false;
        send(copy, std::max(copy.received, log_.base()) + 1, true);
    }
    if (every_) group_.simulation().schedule_in(keep_alive_, *every_);
}

void Shipping::stop() {
    for (Copy& copy : copies_) copy.cancel();
    keep_alive_.cancel();
}

void Shipping::appended() {
    for (Copy& copy : copies_) {
        if (!copy.is_stalled) send(copy, copy.sent + 1, false);
    }
}

void Shipping::send(Copy& copy, LogPosition first, bool is_again) {
    Letter letter;
    letter.kind = Letter::Kind::entries;
    letter.epoch = epoch_;
    letter.first = first;
    letter.last = log_.end();
    letter.kept = log_.base();
    letter.sent = group_.now();
    letter.stamped = group_.members()[self_]->clock();
    sim::Duration hold;
    const bool has_entries = letter.first <= letter.last;
    if (has_entries && !is_again) hold = group_.config().lag.sample(lag_rng_);
    if (copy.received == copy.sent && copy.is_greeted) copy.progress = letter.sent;  // was at rest
    copy.sent = letter.last;
    watch(copy);
    group_.post().send(self_, copy.number, letter, hold);
}

void Shipping::watch(Copy& copy) {
    if (copy.pending()) return;
    Duration patience = first_patience;
    if (copy.round_trip) {
        patience = std::max(least_patience, *copy.round_trip * 2);
    } else {
        const double one_way = group_.post().mean_delay(self_, copy.number);
        const double expected = group_.config().lag.mean_seconds() + 2.0 * one_way;
        patience = std::max(patience, Duration::from_seconds(2.0 * expected));
    }
    const sim::Instant now = group_.now();
    if (copy.progress + patience <= now) copy.progress = now;
    group_.simulation().schedule(copy, copy.progress + patience);
}

void Shipping::resend(sim::Event& event) {
    Copy& copy = static_cast<Copy&>(event);
    Shipping& shipping = copy.shipping;
    if (!shipping.is_behind(copy)) return;
    const sim::Instant before = copy.progress;
    shipping.watch(copy);
    if (copy.progress == before) return;  // it has answered meanwhile
    copy.is_stalled = true;
    shipping.send(copy, std::max(copy.received, shipping.log_.base()) + 1, true);
}

void Shipping::tell_time(sim::Event& event) {
    Shipping& shipping = static_cast<KeepAlive&>(event).shipping;
    for (Copy& copy : shipping.copies_) {
        if (!copy.is_stalled) shipping.send(copy, copy.sent + 1, false);
    }
    shipping.group_.simulation().schedule_in(shipping.keep_alive_, *shipping.every_);
}

void Shipping::acknowledged(const Letter& letter, std::size_t from) {
    Copy& copy = copies_[from < self_ ? from : from - 1];
    const sim::Instant now = group_.now();
    if (letter.sent != sim::Instant{}) copy.round_trip = now - letter.sent;
    copy.progress = now;
    copy.received = letter.last;
    copy.applied = letter.applied;
    copy.kept = letter.kept;
    copy.is_greeted = true;
    const bool was_stalled = std::exchange(copy.is_stalled, false);
    if (letter.gap || (was_stalled && copy.sent < log_.end())) {
        send(copy, letter.last + 1, true);
    } else if (is_behind(copy)) {
        watch(copy);
    }
}

LogPosition Shipping::reached_by(std::size_t count) const {
    // At most 64 replicas, of which the wanted one is found in a pass per step down.
    const bool by_apply = group_.config().waits_for_apply();
    LogPosition best = 0;
    for (const Copy& candidate : copies_) {
        const LogPosition position = by_apply ? candidate.applied : candidate.received;
        if (position <= best) continue;
        const auto others = static_cast<std::size_t>(
            std::ranges::count_if(copies_, [by_apply, position](const Copy& copy) {
                return (by_apply ? copy.applied : copy.received) >= position;
            }));
        if (others >= count) best = position;
    }
    return best;
}

LogPosition Shipping::kept_by_all() const {
    LogPosition least = log_.end();
    for (const Copy& copy : copies_) least = std::min(least, copy.kept);
    return least;
}

}  // namespace archsim::models
