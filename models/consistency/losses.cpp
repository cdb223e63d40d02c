// Marks the versions that the final state grew from; acknowledged writes outside are discarded.
#include "models/consistency/losses.hpp"

#include <algorithm>
#include <cstddef>

namespace archsim::models {

LossTracker::KeyState& LossTracker::state(std::uint32_t key_index) {
    keys_.grow_to(key_index + std::size_t{1});
    return keys_[key_index];
}

void LossTracker::created(const VersionRecord& record, std::uint32_t key_index, Line& line) {
    VersionFacts& facts = versions_->at(record.version);
    knows_parents_ = true;
    if (facts.is_created) {
        merges_.emplace_back(record.version, record.parent);
        return;  // a merge ends a conflict rather than adding one
    }
    facts.is_created = true;
    facts.key_index = key_index;
    facts.parent = record.parent;
    if (!replace(record, line, facts)) return;
    ++conflicts_;
    KeyState& key = state(key_index);
    if (!key.in_conflict) ++conflicting_keys_;
    key.in_conflict = true;
}

// Notes that a version has replaced its parent; tells whether another had done so before. The usual
// version replaces the newest of the line that the key's versions form, so that nothing has to be
// looked up at the parent.
bool LossTracker::replace(const VersionRecord& record, Line& line, VersionFacts& facts) {
    if (record.parent == line.newest) {
        // A version that was replaced before it was told of ends the line: from then on every
        // parent is looked up.
        line.newest = facts.has_child ? no_line : record.version;
        facts.is_in_line = !facts.has_child;
        return false;
    }
    if (record.parent == initial_version) return true;
    VersionFacts& parent = versions_->at(record.parent);
    const bool had_child = parent.has_child || parent.is_in_line;
    parent.has_child = true;
    return had_child;
}

void LossTracker::fault(const FaultRecord& record) {
    if (!record.begins) return;
    if (record.kind != FaultType::crash && record.kind != FaultType::promotion) return;
    crashes_.push_back(record.at);
}

void LossTracker::settled(std::uint32_t key_index, Version version) {
    KeyState& key = state(key_index);
    key.is_settled = true;
    if (version != initial_version) key.final.push_back(version);
}

// Mostly a version is younger than what it replaced: one pass from the youngest to the oldest,
// which waits for no look-up, finds nearly all that a walk from version to parent would find.
void LossTracker::mark_reachable() {
    std::sort(merges_.begin(), merges_.end());
    std::vector<Version> passed;  // reached when the pass had gone by
    Version at = std::numeric_limits<Version>::max();
    const auto reach = [&](Version version) {
        if (version == initial_version) return;
        VersionFacts& facts = versions_->at(version);
        if (facts.is_reachable) return;
        facts.is_reachable = true;
        if (version >= at) passed.push_back(version);
    };
    const auto reach_parents = [&](Version version) {
        reach(versions_->at(version).parent);
        auto merge =
            std::lower_bound(merges_.begin(), merges_.end(), std::pair{version, Version{}});
        for (; merge != merges_.end() && merge->first == version; ++merge) reach(merge->second);
    };
    keys_.each([&](const KeyState& key) { std::ranges::for_each(key.final, reach); });
    for (at = versions_->size(); at > 0; --at) {
        if (versions_->at(at).is_reachable) reach_parents(at);
    }
    while (!passed.empty()) {
        const Version version = passed.back();
        passed.pop_back();
        reach_parents(version);
    }
}

// Without parents a write counts as lost only when every order of versions says so: the final
// value had been answered before the write began.
bool LossTracker::is_lost(Version version, const KeyState& key) const {
    const VersionFacts& facts = *versions_->find(version);
    if (facts.is_reachable) return false;
    if (knows_parents_) return key.latest_start <= versions_->ack(version).order;
    return key.final_known < facts.write_start.order;
}

LossResult LossTracker::result() {
    LossResult result;
    result.conflicts = conflicts_;
    result.conflicting_keys = conflicting_keys_;
    if (knows_parents_) result.discarded = 0;
    keys_.each([&](const KeyState& key) {
        if (key.final.size() > 1) {
            result.final_siblings += static_cast<std::int64_t>(key.final.size()) - 1;
        }
    });
    mark_reachable();
    for (Version version = 1; version <= versions_->size(); ++version) {
        const VersionFacts& facts = versions_->at(version);
        // A merge made by the store itself has no write, and overwrites nothing unseen.
        if (!facts.is_reachable || !facts.write_start.is_set()) continue;
        KeyState& key = state(facts.key_index);
        key.latest_start = std::max(key.latest_start, facts.write_start.order);
    }
    keys_.each([&](KeyState& key) {
        for (const Version version : key.final) {
            key.final_known = std::max(key.final_known, versions_->at(version).first_end.order);
        }
    });
    std::sort(crashes_.begin(), crashes_.end());
    for (Version version = 1; version <= versions_->size(); ++version) {
        const VersionFacts& facts = versions_->at(version);
        const KeyState& key = state(facts.key_index);
        const Stamp ack = versions_->ack(version);
        if (!ack.is_set() || !key.is_settled) continue;
        ++result.acknowledged;
        if (knows_parents_ && !facts.is_reachable) ++*result.discarded;
        if (!is_lost(version, key)) continue;
        ++result.lost;
        if (facts.is_created || !knows_parents_) ++result.lost_by_store;
        const auto crash = std::lower_bound(crashes_.begin(), crashes_.end(), ack.time);
        if (crash == crashes_.end()) continue;
        result.recovery_point =
            std::max(result.recovery_point.value_or(sim::Duration{}), *crash - ack.time);
    }
    return result;
}

}  // namespace archsim::models
