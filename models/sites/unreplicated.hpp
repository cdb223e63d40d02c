// Writes that the active site has acknowledged and the stand-by does not have yet: what a take-over
// loses.
#pragma once

#include "sim/simulation.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>

namespace archsim::models {

/// By which way writes get to the stand-by; with neither they are there before the answer.
struct CopyRule {
    std::optional<sim::Duration> lag = std::nullopt;           ///< Each, so long after its answer.
    std::optional<sim::Duration> backup_every = std::nullopt;  ///< All at once, at multiples.
};

/// Counts them. A write is copied only at a moment at which the active site works.
class Unreplicated {
public:
    /// `works` says whether the active site works at this moment.
    Unreplicated(CopyRule rule, sim::Simulation& simulation, std::function<bool()> works);
    Unreplicated(const Unreplicated&) = delete;
    Unreplicated& operator=(const Unreplicated&) = delete;

    /// Begins to make backups. Called once, at time zero.
    void start();
    /// The active site has acknowledged a write.
    void wrote();
    /// The active site is, or may be, back before anybody has taken over.
    void came_back();
    /// The active site has given all that it has to another, which goes on.
    void handed_over() { static_cast<void>(taken_over()); }
    /// Another site takes over; returns how many writes are lost.
    std::uint64_t taken_over();

private:
    struct Timer : sim::Event {
        explicit Timer(Unreplicated& u)
            : Event{[](sim::Event& e) { static_cast<Timer&>(e).writes.copy(); }, 0x52}, writes{u} {}
        Unreplicated& writes;
    };
    void copy();
    void wait_for_first();

    CopyRule rule_;
    sim::Simulation& simulation_;
    std::function<bool()> works_;
    std::deque<sim::Instant> pending_;  // when each is copied; with backups nothing but a count
    std::uint64_t since_backup_ = 0;
    Timer timer_;
};

}  // namespace archsim::models
