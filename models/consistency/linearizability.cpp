// Streaming zone check: clusters of operations per version, retired as they are replaced.
#include "models/consistency/linearizability.hpp"

#include <algorithm>
#include <utility>

namespace archsim::models {
namespace {

Operation stand_in(std::uint64_t key, Version version, Order end, sim::Instant end_time) {
    Operation write;
    write.id = stand_in_id;
    write.key = key;
    write.version = version;
    write.kind = Access::write;
    write.ending = Ending::ok;
    write.invoked_order = before_history;
    write.completed_order = end;
    write.completed = end_time;
    return write;
}

}  // namespace

void LinearizabilityChecker::add_key(std::uint64_t key) { keys_.emplace_back().key = key; }

LinearizabilityChecker::VersionEntry* LinearizabilityChecker::entry(Version version) {
    return version < versions_.size() ? &versions_[version] : nullptr;
}

void LinearizabilityChecker::begun(const Operation& operation, std::uint32_t key) {
    if (!keys_[key].is_used) ++verdict_.keys;
    keys_[key].is_used = true;
    if (operation.kind != Access::write) return;
    ++verdict_.writes;
    const Version version = operation.version;
    versions_.grow_to(version + 1);
    VersionEntry& record = *entry(version);
    record.key = key;
    if (keys_[key].violated) {
        record.slot = retired;
        return;
    }
    record.slot = clusters_.open(version);
    clusters_.set_last(record.slot, operation);
    const auto early = read_early_.find({version, operation.key});
    if (early == read_early_.end()) return;
    const Operation read = early->second;
    read_early_.erase(early);
    violate(key, Violation::read_before_write, {read, operation});
}

void LinearizabilityChecker::ended(const Operation& operation, std::uint32_t key, Order horizon) {
    horizon_ = horizon;
    const bool is_read = operation.kind == Access::read;
    if (is_read && operation.ending == Ending::ok) ++verdict_.reads;
    if (keys_[key].violated) {
        if (!is_read) abandon(operation.version);
        return;
    }
    if (is_read) {
        if (operation.ending == Ending::ok) {
            if (leading_version(key) == operation.version && PackedRead::fits(operation)) {
                PackedRead read;
                read.pack(operation);
                leading_version_read(read, key);
                return;
            }
            read_completed(operation, key);
        }
    } else {
        write_completed(operation, key);
    }
    KeyState& state = keys_[key];
    if (state.violated) return;
    retire(state);
    find_leading(state);
}

// Of two versions, the one with the later first answer can only be contradicted by the other if
// some operation on that began after this answer.
void LinearizabilityChecker::find_leading(KeyState& state) {
    state.leading_slot = unwritten;
    if (state.live.empty()) return;
    const std::uint32_t last = state.live.back();
    const Cluster& cluster = clusters_[last];
    const std::size_t others = state.live.size() - 1;
    if (others > 0 && clusters_[state.live[others - 1]].prefix > cluster.first_end) return;
    state.leading_slot = last;
    state.leading_version = cluster.version;
}

// The usual read: of the leading version, so that there is nothing to contradict. Does what
// add_answer() would do, without a look at the version or the list.
void LinearizabilityChecker::leading_version_read(const PackedRead& read, std::uint32_t key_index) {
    const KeyState& state = keys_[key_index];
    if (state.violated) return;
    Cluster& cluster = clusters_[state.leading_slot];
    if (read.invoked_order() >= cluster.last_start()) cluster.set_last(read);
    cluster.prefix = std::max(cluster.prefix, cluster.last_start());
}

void LinearizabilityChecker::write_completed(const Operation& operation, std::uint32_t key) {
    VersionEntry& record = *entry(operation.version);
    if (!is_live(record, operation.version)) return;
    Cluster& cluster = clusters_[record.slot];
    switch (operation.ending) {
        case Ending::ok:
            cluster.write = operation;
            add_answer(record.slot, operation, key);
            return;
        case Ending::in_flight:
        case Ending::indeterminate:
            return;  // It may take effect at any time: its end stays infinite.
        case Ending::failed:
        case Ending::rejected:
        case Ending::shed:
            cluster.write = operation;
            if (cluster.first_end != after_history) {
                violate(key, Violation::aborted_read, {operation, clusters_.first(record.slot)});
                return;
            }
            clusters_.close(record.slot);
            record.slot = aborted;
            record.first_end = operation.completed_order;
            record.first_end_time = operation.completed;
            return;
    }
}

void LinearizabilityChecker::read_completed(const Operation& operation, std::uint32_t key) {
    const std::uint32_t slot = cluster_to_read(operation, key);
    if (slot == unwritten) return;
    add_answer(slot, operation, key);
}

// The cluster that the read belongs to, or `unwritten` when there is none.
std::uint32_t LinearizabilityChecker::cluster_to_read(const Operation& operation,
                                                      std::uint32_t key) {
    const Version version = operation.version;
    if (version == initial_version) return initial_cluster(key);
    const VersionEntry* record = entry(version);
    if (record == nullptr || record->slot == unwritten) {
        // A later write would make this a read before its write, none at all a phantom.
        read_early_.try_emplace({version, operation.key}, operation);
        return unwritten;
    }
    if (record->key != key) {
        violate(key, Violation::phantom, {operation});
        return unwritten;
    }
    if (record->slot == aborted) {
        Operation write =
            stand_in(operation.key, version, record->first_end, record->first_end_time);
        write.ending = Ending::failed;
        violate(key, Violation::aborted_read, {write, operation});
        return unwritten;
    }
    return is_live(*record, version) ? record->slot : reopened_cluster(version, key);
}

// The value before any write, as if written before the history: first in the list of the key.
std::uint32_t LinearizabilityChecker::initial_cluster(std::uint32_t key) {
    KeyState& state = keys_[key];
    if (state.initial_slot < aborted) return state.initial_slot;
    const std::uint32_t slot = clusters_.open(initial_version);
    Cluster& cluster = clusters_[slot];
    cluster.first_end = before_history;
    state.live.insert(state.live.begin(), slot);
    state.initial_slot = slot;
    return slot;
}

// A retired version comes back with f alone: enough, since the read at hand contradicts the
// version that replaced it. A stand-in says what is left of its operations.
std::uint32_t LinearizabilityChecker::reopened_cluster(Version version, std::uint32_t key) {
    VersionEntry& record = *entry(version);
    const std::uint32_t slot = clusters_.open(version);
    Cluster& cluster = clusters_[slot];
    cluster.first_end = record.first_end;
    cluster.write = stand_in(keys_[key].key, version, record.first_end, record.first_end_time);
    cluster.first_is_write = true;
    cluster.last_is = Cluster::Last::write;
    record.slot = slot;
    KeyState& state = keys_[key];
    const auto later = std::find_if(state.live.begin(), state.live.end(), [&](std::uint32_t other) {
        return clusters_[other].first_end >= record.first_end;
    });
    state.live.insert(later, slot);
    return slot;
}

// Folds an answered operation into its cluster and looks for a contradiction.
void LinearizabilityChecker::add_answer(std::uint32_t slot, const Operation& operation,
                                        std::uint32_t key) {
    KeyState& state = keys_[key];
    Cluster& cluster = clusters_[slot];
    if (cluster.first_end == after_history) {
        // Completions arrive in order, so the first is the earliest and the list stays sorted.
        cluster.first_end = operation.completed_order;
        clusters_.set_first(slot, operation);
        VersionEntry& record = *entry(operation.version);
        record.first_end = operation.completed_order;
        record.first_end_time = operation.completed;
        state.live.push_back(slot);
    }
    if (operation.invoked_order >= cluster.last_start()) clusters_.set_last(slot, operation);
    const auto place = std::find(state.live.rbegin(), state.live.rend(), slot);
    raise_prefix(state, static_cast<std::size_t>(state.live.rend() - place) - 1);
    if (const auto other = contradiction(state, slot)) contradict(key, slot, *other);
}

void LinearizabilityChecker::raise_prefix(KeyState& state, std::size_t from) {
    Order bound = clusters_[state.live[from]].last_start();
    if (from > 0) bound = std::max(bound, clusters_[state.live[from - 1]].prefix);
    for (std::size_t i = from; i < state.live.size(); ++i) {
        Cluster& cluster = clusters_[state.live[i]];
        bound = std::max(bound, cluster.last_start());
        if (i > from && cluster.prefix >= bound) return;
        cluster.prefix = std::max(cluster.prefix, bound);
    }
}

// A live version c with f < s_c and f_c < s, scanning from the most recent f_c. Going back stops
// where no s up to there exceeds f, so only versions that overlap in time are looked at.
std::optional<std::uint32_t> LinearizabilityChecker::contradiction(const KeyState& state,
                                                                   std::uint32_t slot) const {
    const Cluster& cluster = clusters_[slot];
    for (auto place = state.live.rbegin(); place != state.live.rend(); ++place) {
        const Cluster& other = clusters_[*place];
        if (other.prefix <= cluster.first_end) break;
        if (*place != slot && other.first_end < cluster.last_start() &&
            cluster.first_end < other.last_start()) {
            return *place;
        }
    }
    return std::nullopt;
}

// Version v is replaced for good by a live c when every operation still to come begins after c's
// first answer (f_c < horizon), some operation on c began after v's first answer (s_c > f_v), and
// none on v began later (s_c >= s_v). Then whatever contradicts v later contradicts c as well, and
// a later read of v contradicts c: nothing is lost by keeping only f_v.
bool LinearizabilityChecker::replaced(const KeyState& state, std::size_t index) const {
    const Cluster& cluster = clusters_[state.live[index]];
    for (std::size_t i = 0; i < state.live.size(); ++i) {
        const Cluster& other = clusters_[state.live[i]];
        if (other.first_end >= horizon_) break;
        if (i != index && other.last_start() > cluster.first_end &&
            other.last_start() >= cluster.last_start()) {
            return true;
        }
    }
    return false;
}

void LinearizabilityChecker::retire(KeyState& state) {
    std::size_t count = 0;
    while (state.live.size() > 1 && replaced(state, 0)) {
        const std::uint32_t slot = state.live.front();
        if (slot == state.initial_slot) state.initial_slot = unwritten;
        clusters_.close(slot);
        state.live.erase(state.live.begin());
        if (++count == 4) break;  // bounds the work per event; the rest goes with the next ones
    }
}

void LinearizabilityChecker::contradict(std::uint32_t key, std::uint32_t slot,
                                        std::uint32_t other) {
    std::vector<Operation> operations;
    bool both_forward = true;
    for (const std::uint32_t part : {slot, other}) {
        const Cluster& cluster = clusters_[part];
        both_forward = both_forward && cluster.first_end < cluster.last_start();
        if (cluster.version == initial_version) {
            operations.push_back(
                clusters_.last(part, keys_[key].key));  // its write precedes the history
            continue;
        }
        operations.insert(operations.end(), {cluster.write, clusters_.first(part),
                                             clusters_.last(part, keys_[key].key)});
    }
    violate(key, both_forward ? Violation::new_old_inversion : Violation::stale_or_lost,
            std::move(operations));
}

void LinearizabilityChecker::violate(std::uint32_t key, Violation violation,
                                     std::vector<Operation> operations) {
    KeyState& state = keys_[key];
    if (state.violated) return;
    state.violated = true;
    ++verdict_.violating_keys;
    ++verdict_.keys_by_violation[static_cast<std::size_t>(violation)];
    if (verdict_.witnesses.size() < witnesses_kept_) {
        verdict_.witnesses.push_back(make_witness(state.key, violation, std::move(operations)));
    }
    for (const std::uint32_t slot : std::exchange(state.live, {})) {
        const Version version = clusters_[slot].version;
        if (version == initial_version) {
            clusters_.close(slot);
        } else {
            abandon(version);
        }
    }
    state.initial_slot = unwritten;
}

// Drops what is known of a version of a key that is watched no longer.
void LinearizabilityChecker::abandon(Version version) {
    VersionEntry& record = *entry(version);
    if (is_live(record, version)) clusters_.close(record.slot);
    record.slot = retired;
}

LinearizabilityVerdict LinearizabilityChecker::verdict() const {
    LinearizabilityVerdict result = verdict_;
    std::map<std::uint64_t, bool> counted;
    for (const auto& [place, read] : read_early_) {
        const KeyState& state = keys_[*key_indices_.find(read.key)];
        if (state.violated || !counted.try_emplace(read.key, true).second) continue;
        ++result.violating_keys;
        ++result.keys_by_violation[static_cast<std::size_t>(Violation::phantom)];
        if (result.witnesses.size() < witnesses_kept_) {
            result.witnesses.push_back(make_witness(read.key, Violation::phantom, {read}));
        }
    }
    return result;
}

bool LinearizabilityChecker::violates(std::uint64_t key) const {
    const auto place = key_indices_.find(key);
    return place && keys_[*place].violated;
}

std::size_t LinearizabilityChecker::memory() const {
    std::size_t bytes =
        versions_.memory() + clusters_.memory() + keys_.memory() + key_indices_.memory();
    keys_.each([&](const KeyState& state) {
        if (state.live.capacity() > 2) bytes += state.live.capacity() * sizeof(std::uint32_t);
    });
    return bytes;
}

}  // namespace archsim::models
