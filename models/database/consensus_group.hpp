// What the members of one consensus database share: parameters, the tree of their logs, the post
// between them, what is known to nobody but a simulator (what is committed, who leads), and what is
// measured over all of them.
#pragma once

#include "models/catalog.hpp"
#include "models/database/callers.hpp"
#include "models/database/consensus_config.hpp"
#include "models/database/consensus_letter.hpp"
#include "models/database/entry_tree.hpp"
#include "models/database/post.hpp"
#include "models/port.hpp"
#include "models/station_metrics.hpp"
#include "sim/metrics.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace archsim::models {

class ConsensusMember;

/// The shared part of a consensus database. Not movable. It decides nothing for its members.
class ConsensusGroup {
public:
    ConsensusGroup(ConsensusConfig config, const BuildContext& context);
    ConsensusGroup(const ConsensusGroup&) = delete;
    ConsensusGroup& operator=(const ConsensusGroup&) = delete;

    /// Connects a member with all before it. Returns its number.
    std::size_t add(ConsensusMember& member);

    /// A term has begun somewhere.
    void seen(std::uint64_t term);
    /// A member has won an election. Stops the process if the term has a leader already.
    void begin_reign(const ConsensusMember& member, std::uint64_t term);
    /// The leader of a term has not served since then, as far as is known.
    void outage(std::uint64_t term, sim::Instant since);
    /// A leader has found its log committed up to `position`: notes what is new in it, and what
    /// earlier commits it does not know. O(new entries).
    void committed(const Branch& log, LogPosition position);
    /// A client hears that the write of `version` at `position` of the log of a leader is done.
    void acknowledged(const Branch& log, LogPosition position, Version version, std::uint64_t term);
    /// What a leader's log knows of a version: nothing, that it is at a position, or, with position
    /// 0, that it has been committed so long ago that every member has forgotten the entry.
    [[nodiscard]] std::optional<LogPosition> find(const Branch& log, Version version) const;
    /// Forgets what every member has. Does something once in a while. O(members), amortised O(1).
    void trim(LogPosition committed);

    /// The leader of the latest term that has had one; it may not know that it is deposed.
    [[nodiscard]] std::size_t reigning() const { return reigning_; }
    [[nodiscard]] std::uint64_t reign_term() const { return reign_term_; }

    [[nodiscard]] const ConsensusConfig& config() const { return config_; }
    [[nodiscard]] const BuildContext& context() const { return context_; }
    [[nodiscard]] sim::Simulation& simulation() const { return context_.simulation; }
    [[nodiscard]] sim::Instant now() const { return context_.simulation.now(); }
    [[nodiscard]] EntryTree& tree() { return tree_; }
    [[nodiscard]] Post<ConsensusLetter>& post() { return post_; }
    [[nodiscard]] Callers& callers() { return callers_; }
    [[nodiscard]] StationMetrics& stations() { return stations_; }
    [[nodiscard]] const std::vector<ConsensusMember*>& members() const { return members_; }
    /// Of the calls by which members pass requests on.
    [[nodiscard]] const EdgeMetrics& forwarding() const { return forwarding_; }
    [[nodiscard]] const EdgeConfig& forward_edge() const { return forward_edge_; }

    sim::Timing& lag;
    sim::Counter& requests;
    sim::Counter& forwarded;
    sim::Counter& refused;

private:
    void publish();
    void note_losses(const Branch& log);

    ConsensusConfig config_;
    BuildContext context_;
    EntryTree tree_;
    StationMetrics stations_;
    EdgeConfig forward_edge_;
    EdgeMetrics forwarding_;
    std::vector<ConsensusMember*> members_;
    std::vector<std::size_t> leaders_;  // by term: number + 1; 0 if it has had none
    std::size_t reigning_ = 0;
    std::uint64_t reign_term_ = 0;  // 0: nobody has led yet
    std::uint64_t last_term_ = 1;
    EntryId tip_ = 0;  // the latest committed entry
    LogPosition tip_at_ = 0;
    LogPosition trim_tried_ = 0;
    std::optional<sim::Instant> leaderless_since_;
    std::optional<sim::Instant> down_since_;
    std::uint64_t term_at_outage_ = 0;
    sim::Counter& failovers_;
    sim::Counter& terms_;
    sim::Counter& lost_;
    sim::Timing& election_;
    sim::Timing& recovery_;
    Callers callers_;
    Post<ConsensusLetter> post_;  // last: letters on their way go first
};

}  // namespace archsim::models
