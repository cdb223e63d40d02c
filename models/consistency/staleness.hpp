// Stale reads: how many, how old, how many versions behind, and how soon after a write they end.
#pragma once

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
/// Cost: O(log versions + writes acknowledged during the read) per read, and O(1) for a fresh one
/// during which nothing was acknowledged; 24 bytes per version.
class StalenessTracker {
public:
    /// Requires: the table outlives the tracker and is kept up to date before each call.
    explicit StalenessTracker(const VersionTable& versions) : versions_{&versions} {}

    /// A write was acknowledged; nothing in flight began before `horizon`.
    /// Requires: acknowledgements arrive in order.
    void acknowledged(std::uint32_t key_index, Version version, Order horizon);

    /// What read() will most likely need for this key, to be fetched before; what acknowledged()
    /// needs, and once that is here, what it needs next.
    [[nodiscard]] const void* address_for(std::uint32_t key_index) const {
        return key_index < summaries_.size() ? &summaries_[key_index] : nullptr;
    }
    [[nodiscard]] const void* address_of_lists(std::uint32_t key_index) const {
        return key_index < keys_.size() ? &keys_[key_index] : nullptr;
    }
    [[nodiscard]] const void* address_of_newest(std::uint32_t key_index) const {
        return key_index < keys_.size() ? keys_[key_index].newest() : nullptr;
    }
    [[nodiscard]] const void* address_of_recent(std::uint32_t key_index) const {
        return key_index < keys_.size() ? keys_[key_index].recent.data() : nullptr;
    }

    /// A read returned; tells what it missed and counts it.
    ReadFreshness read(std::uint32_t key_index, const Operation& operation);

    /// The latest acknowledgement of a write of the key, not set if there was none; nothing if a
    /// version newer than `version` has been acknowledged. A read of `version` that began after
    /// this is fresh and may be told to fresh_read() instead.
    [[nodiscard]] std::optional<Stamp> latest_if_newest(std::uint32_t key_index,
                                                        Version version) const;
    /// A read was fresh, and began so long after the latest acknowledgement (if there was any).
    void fresh_read(std::optional<sim::Duration> elapsed) {
        if (elapsed) curve_.add(*elapsed, true);
        count_fresh();
    }

    [[nodiscard]] StalenessResult result() const;

private:
    // One acknowledged version in the list of its key, which is sorted by rank.
    struct Acknowledged {
        Order rank = 0;
        Version version = 0;
        Version replaced_by = 0;  // the newer version that was acknowledged first
    };
    struct Recent {
        Stamp ack;
        Order rank = 0;
    };
    // What suffices to judge a fresh read: the newest acknowledged version and the latest
    // acknowledgement. Apart from the lists, so that those of many keys stay in the cache.
    struct Summary {
        Order highest_rank = before_history;
        Stamp latest_ack;  // not set before the first
    };
    struct KeyState {
        std::vector<Acknowledged> versions;
        std::vector<Recent> recent;  // acknowledgements that a read in flight may have overlapped

        [[nodiscard]] const Acknowledged* newest() const {
            return versions.empty() ? nullptr : &versions.back();
        }
    };

    KeyState& state(std::uint32_t key_index);
    ReadFreshness judge(const KeyState& key, const Operation& operation, Order rank);
    void count_fresh() {
        result_.stale.add(false);
        ++result_.newer_versions[0];
    }
    void count(const ReadFreshness& freshness);
    static std::vector<Acknowledged>::const_iterator first_newer(
        const std::vector<Acknowledged>& versions, Order rank);
    Version first_of(Version a, Version b) const;

    const VersionTable* versions_;
    std::vector<KeyState> keys_;
    std::vector<Summary> summaries_;  // by key, like keys_
    VisibilityCurve curve_;
    StalenessResult result_;
};

}  // namespace archsim::models
