// Sending, and sending again.
#include "models/database/site_outbox.hpp"

#include "models/database/site_member.hpp"

#include <algorithm>

namespace archsim::models {

namespace {
constexpr sim::Duration patience_least = sim::Duration::milliseconds(200);
constexpr sim::Duration patience_first = sim::Duration::seconds(1);
}  // namespace

SiteOutbox::SiteOutbox(PrimarySites& group, const SiteLog& log, std::size_t self)
    : group_{group},
      log_{log},
      self_{self},
      lag_rng_{sim::Rng::named(group.context().seed, group.site(self).name(), "lag")} {
    for (std::size_t i = 0; i < group.sites(); ++i) {
        if (i != self) lines_.emplace_back(*this, i, group.context().number);
    }
}

void SiteOutbox::appended() {
    for (Line& line : lines_) {
        if (!line.is_stalled) send(line, line.sent + 1, false);
    }
}

void SiteOutbox::send(Line& line, LogPosition first, bool is_again) {
    Letter letter;
    letter.kind = Letter::Kind::entries;
    letter.first = first;
    letter.last = log_.end();
    letter.sent = group_.now();
    sim::Duration hold;
    if (!is_again) hold = group_.config().lag.sample(lag_rng_);
    if (line.done == line.sent) line.progress = letter.sent;  // was at rest
    line.sent = letter.last;
    if (!line.pending()) group_.simulation().schedule(line, line.progress + patience(line));
    group_.post().send(self_, line.to, letter, hold);
}

sim::Duration SiteOutbox::patience(const Line& line) const {
    if (line.round_trip) return std::max(patience_least, *line.round_trip * 2);
    const double expected =
        group_.config().lag.mean_seconds() + 2.0 * group_.post().mean_delay(self_, line.to);
    return std::max(patience_first, sim::Duration::from_seconds(2.0 * expected));
}

void SiteOutbox::resend(sim::Event& event) {
    Line& line = static_cast<Line&>(event);
    SiteOutbox& outbox = line.outbox;
    if (line.done == outbox.log_.end()) return;
    const sim::Instant due = line.progress + outbox.patience(line);
    if (due > outbox.group_.now()) {
        outbox.group_.simulation().schedule(line, due);
        return;
    }
    line.progress = outbox.group_.now();
    line.is_stalled = true;
    outbox.send(line, line.done + 1, true);
}

void SiteOutbox::acknowledged(const Letter& letter, std::size_t from) {
    Line& line = lines_[from < self_ ? from : from - 1];
    const sim::Instant now = group_.now();
    if (letter.sent != sim::Instant{}) line.round_trip = now - letter.sent;
    line.done = std::max(line.done, letter.last);
    line.progress = now;
    if (letter.gap) {
        if (line.is_stalled) return;
        line.is_stalled = true;
        send(line, line.done + 1, true);
        return;
    }
    line.is_stalled = false;
    if (line.sent < log_.end()) send(line, line.sent + 1, true);
}

void SiteOutbox::stop() {
    for (Line& line : lines_) line.cancel();
}

void SiteOutbox::resume() {
    for (Line& line : lines_) {
        line.is_stalled = false;
        line.progress = group_.now();
        if (line.done < log_.end()) send(line, line.done + 1, true);
    }
}

LogPosition SiteOutbox::done_by_all() const {
    LogPosition least = log_.end();
    for (const Line& line : lines_) least = std::min(least, line.done);
    return least;
}

}  // namespace archsim::models
