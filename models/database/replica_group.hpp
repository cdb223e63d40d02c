// What the members of one replica set share: parameters, the post between them, and what is
// measured over all of them.
#pragma once

#include "models/catalog.hpp"
#include "models/database/callers.hpp"
#include "models/database/letter.hpp"
#include "models/database/post.hpp"
#include "models/database/replication_config.hpp"
#include "models/database/timeline.hpp"
#include "models/station_metrics.hpp"
#include "sim/metrics.hpp"
#include "sim/time_weighted.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace archsim::models {

class ReplicaMember;

/// The shared part of a replica set. Not movable.
class ReplicaGroup {
public:
    ReplicaGroup(PrimaryReplicaConfig config, const BuildContext& context);
    ReplicaGroup(const ReplicaGroup&) = delete;
    ReplicaGroup& operator=(const ReplicaGroup&) = delete;

    /// Whether `member` is the primary of the latest reign.
    [[nodiscard]] bool reigns(std::size_t member) const {
        return reigns_.at(reigns_.present()).primary == member;
    }
    /// A client hears that a write at `position` of a log of `epoch` has been done.
    void acknowledged(std::uint64_t epoch, LogPosition position, const Request& request);
    /// A new reign begins with a log that ends at `start`: counts what it has lost. Returns its
    /// epoch. `epoch` is the reign that the new primary followed until now.
    std::uint64_t begin_reign(std::size_t member, std::uint64_t epoch, LogPosition start);
    /// The position of the last write that the session of `request` has been told of.
    [[nodiscard]] LogPosition last_write(const Request& request) const;

    [[nodiscard]] const PrimaryReplicaConfig& config() const { return config_; }
    [[nodiscard]] const BuildContext& context() const { return context_; }
    [[nodiscard]] sim::Simulation& simulation() const { return context_.simulation; }
    [[nodiscard]] sim::Instant now() const { return context_.simulation.now(); }
    [[nodiscard]] const Reigns& past() const { return reigns_; }
    [[nodiscard]] Timeline& timeline() { return timeline_; }
    [[nodiscard]] Post<Letter>& post() { return post_; }
    [[nodiscard]] StationMetrics& stations() { return stations_; }
    [[nodiscard]] std::vector<ReplicaMember*>& members() { return members_; }
    [[nodiscard]] const std::vector<ReplicaMember*>& members() const { return members_; }

    [[nodiscard]] Callers& callers() { return callers_; }
    /// The primary has not served since then, as far as is known; keeps the first such time until
    /// a write of a later or a recovered reign is acknowledged.
    void outage(sim::Instant since);
    /// So many lost writes turned out not to be lost.
    void saved(std::uint64_t writes) { saved_.add(writes); }

    sim::Timing& lag;
    sim::Counter& failovers;
    sim::Counter& conflicts;
    sim::Counter& fallbacks;
    sim::Counter& refused;
    sim::Level apply_queue;
    sim::Level in_flight;

private:
    struct SessionHash {
        std::size_t operator()(std::uint64_t session) const {
            return static_cast<std::size_t>(session * 0x9e3779b97f4a7c15U);
        }
    };
    [[nodiscard]] static std::uint64_t session_of(const Request& request) {
        return request.session ^ (std::uint64_t{request.source} << 48U);
    }
    void publish();

    PrimaryReplicaConfig config_;
    BuildContext context_;
    Reigns reigns_;
    Timeline timeline_;
    StationMetrics stations_;
    std::vector<ReplicaMember*> members_;
    std::unordered_map<std::uint64_t, LogPosition, SessionHash> last_writes_;  // never iterated
    bool tracks_sessions_;
    sim::Counter& lost_;
    sim::Counter& saved_;
    sim::Timing& recovery_;
    std::optional<sim::Instant> down_since_;
    bool needs_new_reign_ = false;  // before the outage is over: the primary is up but cut off
    std::uint64_t reign_at_outage_ = 0;
    Callers callers_;
    Post<Letter> post_;  // last: letters on their way go first
};

}  // namespace archsim::models
