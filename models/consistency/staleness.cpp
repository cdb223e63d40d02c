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

void StalenessTracker::acknowledged(Summary& key, Version version) {
    before_.grow_to(version);
    before_[version - 1] = key.latest;
    key.highest_rank = std::max(key.highest_rank, versions_->newer_rank(version));
    key.latest_ack = versions_->ack(version);
    key.latest = version;
}

void StalenessTracker::ranks_changed(Summary& key, std::uint32_t key_index) {
    key.highest_rank = before_history;
    for (Version version = key.latest; version != 0; version = before_[version - 1]) {
        key.highest_rank = std::max(key.highest_rank, versions_->newer_rank(version));
    }
    if (key_index < lists_.size()) lists_[key_index] = KeyList{};
}

// The acknowledged versions of a key by rank. What was acknowledged since it was last asked for is
// put into the list now: most keys are never asked for.
const std::vector<StalenessTracker::Acknowledged>& StalenessTracker::list_of(
    std::uint32_t key_index, Version latest) {
    if (key_index >= lists_.size()) lists_.resize(key_index + std::size_t{1});
    KeyList& list = lists_[key_index];
    unlisted_.clear();
    for (Version version = latest; version != list.latest; version = before_[version - 1]) {
        unlisted_.push_back(version);
    }
    for (auto next = unlisted_.rbegin(); next != unlisted_.rend(); ++next) {
        insert(list.versions, *next);
    }
    list.latest = latest;
    return list.versions;
}

// Requires: no version that was acknowledged later is in the list.
void StalenessTracker::insert(std::vector<Acknowledged>& versions, Version version) const {
    const Order rank = versions_->newer_rank(version);
    const auto place = first_newer(versions, rank);
    // Only the newest version so far is without a newer one, for which this is the first.
    Acknowledged added{rank, version, 0};
    if (place == versions.end()) {
        if (!versions.empty()) versions.back().replaced_by = version;
    } else {
        added.replaced_by = first_of(place->version, place->replaced_by);
    }
    versions.insert(place, added);
}

ReadFreshness StalenessTracker::read(const Summary& key, std::uint32_t key_index,
                                     const Operation& operation) {
    const Order rank = versions_->older_rank(operation.version);
    ReadFreshness freshness;
    if (key.highest_rank <= rank && key.latest_ack.order < operation.invoked_order) {
        curve_.add(operation.invoked - key.latest_ack.time, true);
    } else if (key.latest_ack.is_set()) {
        freshness = judge(key, key_index, operation, rank);
    }
    count(freshness);
    return freshness;
}

std::optional<Stamp> StalenessTracker::latest_if_newest(const Summary& key, Version version) const {
    if (key.highest_rank > versions_->older_rank(version)) return std::nullopt;
    return key.latest_ack;
}

// What the read missed, and the step of the curve that it belongs to: by the time since the last
// acknowledgement that came before it.
ReadFreshness StalenessTracker::judge(const Summary& key, std::uint32_t key_index,
                                      const Operation& operation, Order rank) {
    const Order start = operation.invoked_order;
    ReadFreshness freshness;
    // Nothing newer was acknowledged to this day? Then the list has nothing to say.
    if (key.highest_rank > rank) freshness = missed(key, key_index, operation, rank);
    Version last = key.latest;
    for (; last != 0 && versions_->ack(last).order >= start; last = before_[last - 1]) {
        if (freshness.is_stale() && versions_->newer_rank(last) > rank) --freshness.newer_versions;
    }
    if (last != 0) {
        curve_.add(operation.invoked - versions_->ack(last).time, !freshness.is_stale());
    }
    return freshness;
}

// By the list of its key, as if all newer versions in it had been acknowledged before the read
// began if the first of them was.
ReadFreshness StalenessTracker::missed(const Summary& key, std::uint32_t key_index,
                                       const Operation& operation, Order rank) {
    const std::vector<Acknowledged>& versions = list_of(key_index, key.latest);
    const auto newer = first_newer(versions, rank);
    ReadFreshness freshness;
    if (newer == versions.end()) return freshness;
    const Version first = first_of(newer->version, newer->replaced_by);
    const VersionFacts& replacement = *versions_->find(first);
    const Stamp ack = versions_->ack(first);
    if (ack.order >= operation.invoked_order) return freshness;
    freshness.newer_versions = versions.end() - newer;
    freshness.age = operation.invoked - ack.time;
    const VersionFacts* own = versions_->find(operation.version);
    freshness.is_certain = own == nullptr || own->first_end.time < replacement.write_start.time;
    return freshness;
}

void StalenessTracker::count(const ReadFreshness& freshness) {
    if (!freshness.is_stale()) return count_fresh(1);
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

StalenessResult StalenessTracker::result() {
    StalenessResult result = result_;
    result.visibility = curve_.steps();
    return result;
}

}  // namespace archsim::models
