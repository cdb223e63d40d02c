// One member of a quorum database: it coordinates requests, and holds a copy of the data unless it
// is there for coordinating only.
#pragma once

#include "models/database/quorum_group.hpp"
#include "models/node.hpp"
#include "sim/station.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace archsim::models {

/// A database server, or a coordinator without data.
class QuorumMember final : public Node {
public:
    /// Joins `group`, which outlives it; the first to join are the replicas.
    QuorumMember(QuorumGroup& group, Component& owner, std::string name, std::uint32_t region);

    /// Coordinates a request.
    sim::Task<Response> serve(Request request) override;
    /// Does what a coordinator asks, as a process. Requires: is_up(), and it is a replica.
    void obey(const ReplicaOrder& order, sim::Completion<ReplicaReply>& completion) {
        processes().start(perform(order), &completion);
    }
    void set_speed(double factor) override;
    [[nodiscard]] double load() const override;
    [[nodiscard]] bool uses_clock() const override { return true; }
    void set_clock_offset(sim::Duration offset) override { clock_offset_ = offset; }

    /// The time by its clock.
    [[nodiscard]] sim::Instant clock() const;
    /// Its number in the group.
    [[nodiscard]] std::size_t number() const { return number_; }
    /// The replica nearest to it: itself, if it is one.
    [[nodiscard]] std::size_t home() const { return home_; }
    /// Begins to compare what it holds with the other replicas, if that is configured.
    void start();
    /// What it holds. Requires: it is a replica.
    [[nodiscard]] Version holds(std::uint64_t key) const;
    /// Whether nothing is under way here.
    [[nodiscard]] bool is_idle() const { return active_ == 0; }
    void check();

private:
    /// Counts a process for as long as it lives.
    class Presence {
    public:
        explicit Presence(QuorumMember& member) : member_{member} { ++member.active_; }
        Presence(const Presence&) = delete;
        Presence& operator=(const Presence&) = delete;
        ~Presence() { --member_.active_; }

    private:
        QuorumMember& member_;
    };

    void on_restart() override;
    [[nodiscard]] bool is_stand_in() const {
        return number_ >= group_.replicas() && number_ < group_.holders();
    }
    /// Asks the stand-ins of replicas that have been silent for too long.
    sim::Task<> wait_for(Poll& poll, ReplicaOrder order);
    sim::Task<> compare_regularly();
    /// Takes an order for the replica that it stands in for.
    [[nodiscard]] Version stand_in(const ReplicaOrder& order);
    sim::Task<> hand_over();

    sim::Task<Response> write(Request request);
    sim::Task<Response> read(Request request);
    sim::Task<ReplicaReply> perform(ReplicaOrder order);
    /// Whether enough replicas hold what `poll` chose, at the end.
    sim::Task<bool> write_back(Poll& poll, ReplicaOrder order);
    sim::Task<> repair(Poll poll, ReplicaOrder order);
    sim::Task<> leave_hints(Poll poll, ReplicaOrder order);
    sim::Task<> hand_off(std::size_t replica, ReplicaOrder order);

    QuorumGroup& group_;
    std::size_t number_ = 0;
    std::size_t home_ = 0;
    std::optional<StationMetrics::Probe> probe_;
    std::optional<sim::Station> station_;
    sim::Rng rng_;
    sim::Duration clock_offset_;
    std::size_t active_ = 0;
    std::unordered_map<std::uint64_t, Version> data_;  // looked up, never gone through
    /// Of a stand-in: for which replica, and which key.
    using HeldFor = std::pair<std::size_t, std::uint64_t>;
    std::map<HeldFor, Version> held_;
    bool hands_over_ = false;
};

}  // namespace archsim::models
