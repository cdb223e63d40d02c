// What became of acknowledged writes: lost, discarded by conflict resolution, or in conflict.
#pragma once

#include "models/consistency/block_vector.hpp"
#include "models/consistency/version_table.hpp"
#include "models/history.hpp"

#include <boost/container/small_vector.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace archsim::models {

/// Counts over the whole history.
struct LossResult {
    std::int64_t acknowledged = 0;  ///< Acknowledged writes to keys whose final state is known.
    /// Of those, neither in the final state nor among the versions it grew from, and not
    /// overwritten by such a version whose write began after the acknowledgement.
    std::int64_t lost = 0;
    /// Of those lost, versions that the store had told of, if it tells of any: what a buffer before
    /// it kept back it cannot have lost.
    std::int64_t lost_by_store = 0;
    /// Of those, neither in the final state nor among the versions it grew from: the losing side
    /// of conflicts. Absent where the store does not tell what a version replaced.
    std::optional<std::int64_t> discarded;
    /// Longest time between the acknowledgement of a lost write and the next crash or promotion:
    /// the recovery point. Absent if nothing was lost or nothing crashed.
    std::optional<sim::Duration> recovery_point;
    std::int64_t conflicts = 0;         ///< Versions that replaced an already replaced version.
    std::int64_t conflicting_keys = 0;  ///< Keys with such a version.
    std::int64_t final_siblings = 0;    ///< Values beyond the first that keys hold at the end.
};

/// Follows which version replaced which; O(1) per event, O(versions) for the result.
class LossTracker {
public:
    /// The end of the line of versions of a key of which each replaced the one before. Whoever
    /// calls keeps one for each key.
    struct Line {
        Version newest = initial_version;  ///< Or no_line.
    };
    static constexpr Version no_line = std::numeric_limits<Version>::max();

    /// Requires: the table outlives the tracker.
    explicit LossTracker(VersionTable& versions) : versions_{&versions} {}

    /// A coordinator created a version; a merge is told once per parent.
    void created(const VersionRecord& record, std::uint32_t key_index, Line& line);
    /// Notes crashes and promotions.
    void fault(const FaultRecord& record);
    /// A key holds `version` at the end.
    void settled(std::uint32_t key_index, Version version);

    /// Requires: called once, after everything else.
    [[nodiscard]] LossResult result();

private:
    struct KeyState {
        boost::container::small_vector<Version, 1> final;
        Order latest_start = before_history;  // of the reachable versions
        Order final_known = before_history;   // latest first_end of the final ones
        bool in_conflict = false;
        bool is_settled = false;
    };

    KeyState& state(std::uint32_t key_index);
    bool replace(const VersionRecord& record, Line& line, VersionFacts& facts);
    void mark_reachable();
    bool is_lost(Version version, const KeyState& key) const;

    VersionTable* versions_;
    BlockVector<KeyState> keys_;                       // of keys in conflict or settled
    std::vector<std::pair<Version, Version>> merges_;  // child, further parent
    std::vector<sim::Instant> crashes_;
    std::int64_t conflicts_ = 0;
    std::int64_t conflicting_keys_ = 0;
    bool knows_parents_ = false;
};

}  // namespace archsim::models
