// How a site tells the others what is in its log: in order, over a network that loses messages, and
// to sites that may be down or cut off for long.
#pragma once

#include "models/database/letter.hpp"
#include "models/database/primary_sites.hpp"
#include "models/database/site_log.hpp"
#include "sim/rng.hpp"

#include <cstddef>
#include <deque>
#include <optional>

namespace archsim::models {

/// The lines from one site to all others.
class SiteOutbox {
public:
    /// `self` is the number of the site that owns `log`. All outlive the outbox.
    SiteOutbox(PrimarySites& group, const SiteLog& log, std::size_t self);
    SiteOutbox(const SiteOutbox&) = delete;
    SiteOutbox& operator=(const SiteOutbox&) = delete;

    /// There are new entries. O(sites).
    void appended();
    /// Another site says up to where it has done what the log says.
    void acknowledged(const Letter& letter, std::size_t from);
    /// The site goes down; it is up again.
    void stop();
    void resume();
    /// Up to where every other site has done what the log says. O(sites).
    [[nodiscard]] LogPosition done_by_all() const;

private:
    struct Line : sim::Event {
        Line(SiteOutbox& o, std::size_t number, std::uint32_t tag)
            : Event{&SiteOutbox::resend, tag}, outbox{o}, to{number} {}
        SiteOutbox& outbox;
        std::size_t to;
        LogPosition sent = 0;
        LogPosition done = 0;     // by the other site
        bool is_stalled = false;  // nothing new is sent until it answers
        sim::Instant progress;    // when it last answered, or was sent something after a rest
        std::optional<sim::Duration> round_trip;
    };
    static void resend(sim::Event& event);
    void send(Line& line, LogPosition first, bool is_again);
    [[nodiscard]] sim::Duration patience(const Line& line) const;

    PrimarySites& group_;
    const SiteLog& log_;
    std::size_t self_;
    std::deque<Line> lines_;
    sim::Rng lag_rng_;
};

}  // namespace archsim::models
