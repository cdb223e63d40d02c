// The failure detector of a replica set: it listens to the heartbeats of the primary, and when they
// stop it asks the replicas what they have and makes one of them the primary.
#pragma once

#include "models/database/letter.hpp"
#include "models/database/replica_group.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace archsim::models {

/// The node "db/detector". What MHA, Orchestrator or Redis Sentinel do for a database.
class Detector final : public Correspondent<Letter> {
public:
    /// Requires: the group has a failover in its configuration, and outlives the detector.
    Detector(ReplicaGroup& group, Component& owner, std::string name);

    /// Begins to listen, at time zero.
    void start();
    sim::Task<Response> serve(Request request) override;
    void receive(const Letter& letter, std::size_t from) override;

private:
    struct Timer : sim::Event {
        Timer(Detector& d, Action action, std::uint32_t tag) : Event{action, tag}, detector{d} {}
        Detector& detector;
    };
    struct Standing {
        std::uint64_t epoch = 0;
        LogPosition last = 0;
    };
    void on_crash() override;
    void on_restart() override;
    void heard(const Letter& letter, std::size_t from);
    void look();
    void elect();
    void round_over();
    void promote();
    [[nodiscard]] std::optional<std::size_t> choice() const;
    [[nodiscard]] bool knows_enough() const;
    [[nodiscard]] sim::Duration round_length() const;

    ReplicaGroup& group_;
    const FailoverConfig& config_;
    std::uint64_t epoch_ = 1;
    std::size_t primary_ = 0;
    sim::Instant last_heard_;
    bool is_electing_ = false;
    sim::Instant round_;  // when its questions were sent
    sim::Instant promoted_in_ = sim::Instant::never();
    std::size_t asked_ = 0;
    std::vector<std::optional<Standing>> answers_;
    Timer look_;
    Timer end_of_round_;
};

}  // namespace archsim::models
