// The primary's side of replication: what each replica has been sent, what it has said to have, and
// sending again what got lost.
#pragma once

#include "models/database/letter.hpp"
#include "models/database/replica_group.hpp"
#include "models/database/replication_log.hpp"
#include "sim/rng.hpp"

#include <cstddef>
#include <deque>
#include <optional>

namespace archsim::models {

/// Sends the log of one member to all others while that member is the primary.
class Shipping {
public:
    /// `self` is the number of the member that owns `log`. All outlive the shipping.
    Shipping(ReplicaGroup& group, const ReplicationLog& log, std::size_t self);
    Shipping(const Shipping&) = delete;
    Shipping& operator=(const Shipping&) = delete;

    /// Begins a reign; `greet` says whether the others have to be told of it.
    void begin(std::uint64_t epoch, bool greet);
    /// Goes on after the primary has been down.
    void resume();
    void stop();
    /// There are new entries.
    void appended();
    /// A replica says what it has. Requires: it is of this epoch.
    void acknowledged(const Letter& letter, std::size_t from);

    /// Up to where at least `count` replicas have the log. Requires: count is 1 or more.
    [[nodiscard]] LogPosition reached_by(std::size_t count) const;
    /// Up to where every replica would have the log after a crash.
    [[nodiscard]] LogPosition kept_by_all() const;

private:
    struct Copy : sim::Event {
        Copy(Shipping& s, std::size_t n, std::uint32_t tag)
            : Event{&Shipping::resend, tag}, shipping{s}, number{n} {}
        Shipping& shipping;
        std::size_t number;
        LogPosition sent = 0;
        LogPosition received = 0;
        LogPosition applied = 0;
        LogPosition kept = 0;
        bool is_greeted = true;
        bool is_stalled = false;  // nothing new is sent until it answers
        sim::Instant progress;    // when it last answered, or was sent something after a rest
        std::optional<sim::Duration> round_trip;
    };
    struct KeepAlive : sim::Event {
        KeepAlive(Shipping& s, std::uint32_t tag) : Event{&Shipping::tell_time, tag}, shipping{s} {}
        Shipping& shipping;
    };
    static void resend(sim::Event& event);
    static void tell_time(sim::Event& event);
    [[nodiscard]] bool is_behind(const Copy& copy) const {
        return copy.received < log_.end() || !copy.is_greeted;
    }
    void send(Copy& copy, LogPosition first, bool is_again);
    void watch(Copy& copy);

    ReplicaGroup& group_;
    const ReplicationLog& log_;
    std::size_t self_;
    std::uint64_t epoch_ = 1;
    std::deque<Copy> copies_;
    KeepAlive keep_alive_;
    std::optional<sim::Duration> every_;  // of telling the time
    sim::Rng lag_rng_;
};

}  // namespace archsim::models
