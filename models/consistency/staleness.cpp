// Sorted lists of acknowledged versions per key, and what a read misses from them.
#include "models/consistency/staleness.hpp"

#include <algorithm>
#include <cstddef>

namespace archsim::models {

Share StalenessResult::within(int k) const {
    Share share{0, stale.total};
    for (int i = 0; i <= k; ++i) share.count += newer_versions[static_cast<std::size_t>(i)];
    return share;
}

StalenessTracker::KeyState& StalenessTracker::state(std::uint32_t key_index) {
    if (key_index >= keys_.size()) {
        keys_.resize(key_index + std::size_t{1});
        summaries_.resize(keys_.size());
    }
    return keys_[key_index];
}

// Which of the two was acknowledged first; 0 stands for none.
Version StalenessTracker::first_of(Version a, Version b) const {
    if (a == 0 || b == 0) return a == 0 ? b : a;
    return versions_->ack(a).order <= versions_->ack(b).order ? a : b;
}

// The place of the first version of a higher rank. Nearly always that is the end of the list.
std::vector<StalenessTracker::Acknowledged>::const_iterator StalenessTracker::first_newer(
    const std::vector<Acknowledged>& versions, Order rank) {
    if (versions.empty() || versions.back().rank <= rank) return versions.end();
    return std::upper_bound(versions.begin(), versions.end(), rank,
                            [](Order r, const Acknowledged& a) { return r < a.rank; });
}

void StalenessTracker::acknowledged(std::uint32_t key_index, Version version, Order horizon) {
    KeyState& key = state(key_index);
    const Order rank = versions_->newer_rank(version);
    const auto place = first_newer(key.versions, rank);
    // Only the newest version so far is without a newer one, for which this is the first.
    Acknowledged added{rank, version, 0};
    if (place == key.versions.end()) {
        if (!key.versions.empty()) key.versions.back().replaced_by = version;
    } else {
        added.replaced_by = first_of(place->version, place->replaced_by);
    }
    key.versions.insert(place, added);
    const Stamp ack = versions_->ack(version);
    key.recent.push_back({ack, rank});
    Summary& summary = summaries_[key_index];
    summary.highest_rank = std::max(summary.highest_rank, rank);
    summary.latest_ack = ack;
    // The latest acknowledgement before the horizon still tells the time since the last write.
    while (key.recent.size() > 1 && key.recent[1].ack.order < horizon)
        key.recent.erase(key.recent.begin());
}

ReadFreshness StalenessTracker::read(std::uint32_t key_index, const Operation& operation) {
    const KeyState& key = state(key_index);  // after which there is a summary
    const Summary& summary = summaries_[key_index];
    const Order rank = versions_->older_rank(operation.version);
    ReadFreshness freshness;
    if (summary.highest_rank <= rank && summary.latest_ack.order < operation.invoked_order) {
        curve_.add(operation.invoked - summary.latest_ack.time, true);
    } else if (summary.latest_ack.is_set()) {
        freshness = judge(key, operation, rank);
    }
    count(freshness);
    return freshness;
}

std::optional<Stamp> StalenessTracker::latest_if_newest(std::uint32_t key_index,
                                                        Version version) const {
    if (key_index >= summaries_.size()) return Stamp{};
    const Summary& summary = summaries_[key_index];
    if (summary.highest_rank > versions_->older_rank(version)) return std::nullopt;
    return summary.latest_ack;
}

// What the read missed by the lists of its key, whose time since the last write it adds to the
// curve.
ReadFreshness StalenessTracker::judge(const KeyState& key, const Operation& operation, Order rank) {
    const Order start = operation.invoked_order;
    const auto newer = first_newer(key.versions, rank);
    ReadFreshness freshness;
    if (newer != key.versions.end()) {
        const Version first = first_of(newer->version, newer->replaced_by);
        const VersionFacts& replacement = *versions_->find(first);
        const Stamp ack = versions_->ack(first);
        if (ack.order < start) {
            freshness.newer_versions = key.versions.end() - newer;
            freshness.age = operation.invoked - ack.time;
            const VersionFacts* own = versions_->find(operation.version);
            freshness.is_certain =
                own == nullptr || own->first_end.time < replacement.write_start.time;
        }
    }
    auto last = key.recent.rbegin();
    for (; last != key.recent.rend() && last->ack.order >= start; ++last) {
        if (freshness.is_stale() && last->rank > rank) --freshness.newer_versions;
    }
    if (last != key.recent.rend()) {
        curve_.add(operation.invoked - last->ack.time, !freshness.is_stale());
    }
    return freshness;
}

void StalenessTracker::count(const ReadFreshness& freshness) {
    if (!freshness.is_stale()) return count_fresh();
    result_.stale.add(true);
    const auto missed = std::min<std::int64_t>(freshness.newer_versions, 16);
    ++result_.newer_versions[static_cast<std::size_t>(missed)];
    result_.newer_versions_sum += freshness.newer_versions;
    result_.age.record(freshness.age);
    if (freshness.is_certain) {
        ++result_.certain;
        result_.certain_age = std::max(result_.certain_age, freshness.age);
    }
}

StalenessResult StalenessTracker::result() const {
    StalenessResult result = result_;
    result.visibility = curve_.steps();
    return result;
}

}  // namespace archsim::models
