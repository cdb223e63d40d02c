// Stale reads: how many, how old, how many versions behind, and how soon after a write they end.
#pragma once

#include "models/consistency/block_vector.hpp"
#include "models/consistency/share.hpp"
#include "models/consistency/version_table.hpp"
#include "models/consistency/visibility.hpp"
#include "models/history.hpp"
#include "sim/histogram.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace archsim::models {

/// What one read missed.
struct ReadFreshness {
    std::int64_t newer_versions = 0;  ///< Acknowledged before the read began, and newer.
    sim::Duration age;        ///< From the earliest such acknowledgement to the start of the read.
    bool is_certain = false;  ///< Stale for every order of versions that real time allows.

    [[nodiscard]] bool is_stale() const { return newer_versions > 0; }
};

/// Totals over all reads that returned a value.
struct StalenessResult {
    Share stale;                ///< Stale reads out of all.
    sim::Histogram age;         ///< Of the stale reads.
    sim::Duration certain_age;  ///< Largest age among certainly stale reads.
    std::int64_t certain = 0;   ///< Certainly stale reads.
    /// Reads by how many newer versions they missed: 0, 1, ..., and the last for more.
    std::array<std::int64_t, 17> newer_versions{};
    std::int64_t newer_versions_sum = 0;  ///< Newer versions missed by all reads together.
    std::vector<VisibilityStep> visibility;

    /// Share of reads within the newest k + 1 versions. Requires 0 <= k <= 15.
    [[nodiscard]] Share within(int k) const;
};

/// Watches acknowledgements and reads of all keys. A read is stale iff it returned a version older
/// than one acknowledged before it began; newer versions still being written do not count (Bailis
/// et al., "Probabilistically Bounded Staleness for Practical Partial Quorums", 2012).
/// Cost: O(1) per acknowledgement; per read O(log versions + writes acknowledged during it), and
/// O(1) for a fresh one during which nothing was acknowledged. 8 bytes per version, and 24 more
/// once a read of its key was not of that usual kind: only then the versions of a key are sorted.
class StalenessTracker {
public:
    /// What suffices to judge a fresh read: the newest acknowledged version and the latest
    /// acknowledgement. Whoever calls keeps one for each key.
    struct Summary {
        Order highest_rank = before_history;
        Stamp latest_ack;    ///< Not set before the first.
        Version latest = 0;  ///< Acknowledged then.
    };

    /// Requires: the table outlives the tracker and is kept up to date before each call.
    explicit StalenessTracker(const VersionTable& versions) : versions_{&versions} {}

    /// A write was acknowledged. Requires: acknowledgements arrive in order.
    void acknowledged(Summary& key, Version version);

    /// Versions of this key that were acknowledged have another rank than they had. O(versions of
    /// the key), and as much again at its next read.
    void ranks_changed(Summary& key, std::uint32_t key_index);

    /// A read returned; tells what it missed and counts it.
    ReadFreshness read(const Summary& key, std::uint32_t key_index, const Operation& operation);

    /// The latest acknowledgement of a write of the key, not set if there was none; nothing if a
    /// version newer than `version` has been acknowledged. A read of `version` that began after
    /// this is fresh and may be told to count_fresh() and fresh_after() instead.
    [[nodiscard]] std::optional<Stamp> latest_if_newest(const Summary& key, Version version) const;
    /// So many reads were fresh.
    void count_fresh(std::int64_t count) {
        result_.stale.total += count;
        result_.newer_versions[0] += count;
    }
    /// One of them began so long after the latest acknowledgement; told of those that followed one.
    void fresh_after(sim::Duration elapsed) { curve_.add(elapsed, true); }

    [[nodiscard]] StalenessResult result();

private:
    // One acknowledged version in the list of its key, which is sorted by rank.
    struct Acknowledged {
        Order rank = 0;
        Version version = 0;
        Version replaced_by = 0;  // the newer version that was acknowledged first
    };
    struct KeyList {
        std::vector<Acknowledged> versions;
        Version latest = 0;  // of those in the list, acknowledged last
    };

    const std::vector<Acknowledged>& list_of(std::uint32_t key_index, Version latest);
    void insert(std::vector<Acknowledged>& versions, Version version) const;
    ReadFreshness judge(const Summary& key, std::uint32_t key_index, const Operation& operation,
                        Order rank);
    ReadFreshness missed(const Summary& key, std::uint32_t key_index, const Operation& operation,
                         Order rank);
    void count(const ReadFreshness& freshness);
    static std::vector<Acknowledged>::const_iterator first_newer(
        const std::vector<Acknowledged>& versions, Order rank);
    Version first_of(Version a, Version b) const;

    const VersionTable* versions_;
    std::vector<KeyList> lists_;     // by key; for keys that needed one
    BlockVector<Version> before_;    // by version - 1: that of its key acknowledged before
    std::vector<Version> unlisted_;  // of list_of()
    VisibilityCurve curve_;
    StalenessResult result_;
};

}  // namespace archsim::models
