// Feeds each event to the trackers in the order in which they depend on one another.
#include "models/consistency/monitor.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace archsim::models {

ConsistencyMonitor::ConsistencyMonitor(MonitorOptions options)
    : options_{options},
      checker_{options.witnesses},
      staleness_{versions_},
      sessions_{versions_},
      losses_{versions_},
      availability_{options.deadline} {}

std::uint32_t ConsistencyMonitor::key_index(std::uint64_t key) {
    const std::uint32_t index = checker_.key_index(key);
    if (index == keys_.size()) keys_.emplace_back().key = key;
    return index;
}

// The fetches stand here and not in functions of the tables: g++ drops calls of functions that do
// nothing but fetch.
void ConsistencyMonitor::prefetch_keys(const Operation& operation) const {
    const std::optional<std::uint32_t> key = checker_.known_index(operation.key);
    if (!key) return;
    __builtin_prefetch(&keys_[*key]);
    __builtin_prefetch(checker_.address_of_key(*key));
    __builtin_prefetch(staleness_.address_for(*key));
}

void ConsistencyMonitor::prefetch_data(const Operation& operation) const {
    const std::optional<std::uint32_t> key = checker_.known_index(operation.key);
    if (!key) return;
    if (const auto* const cluster = static_cast<const char*>(checker_.likely_cluster(*key))) {
        __builtin_prefetch(cluster);
        __builtin_prefetch(cluster + 64);
    }
    if (operation.ending == Ending::in_flight) return;
    __builtin_prefetch(versions_.find(operation.version));
    if (options_.sessions) __builtin_prefetch(sessions_.address_for(*key, operation));
}

void ConsistencyMonitor::invoked(const Operation& operation) {
    const std::uint32_t key = key_index(operation.key);
    ++operations_open_;
    checker_.invoked(operation);
    availability_.invoked(operation);
    note_use(operation, keys_[key]);
    if (operation.kind != Access::write) return;
    VersionFacts& facts = versions_.at(operation.version);
    facts.key_index = key;
    facts.write_start = {operation.invoked_order, operation.invoked};
    const auto early = early_reads_.find(operation.version);
    if (early != early_reads_.end()) {
        facts.first_end = early->second.end;
        facts.last_read = early->second.start;
        facts.is_read = true;
        early_reads_.erase(early);
    }
    if (writer_sides_.size() <= operation.version) writer_sides_.resize(operation.version + 1);
    writer_sides_[operation.version] = operation.side;
}

// A partition forces a choice only where both sides use a key and at least one writes it.
void ConsistencyMonitor::note_use(const Operation& operation, KeyUse& use) {
    if (open_partitions_ == 0) return;
    use.is_used = true;
    use.users |= std::uint64_t{1} << (operation.side & 63);
    use.is_written = use.is_written || operation.kind == Access::write;
    if (use.is_written && std::popcount(use.users) > 1) use.is_shared = true;
}

void ConsistencyMonitor::completed(const Operation& operation) {
    const std::uint32_t key = key_index(operation.key);
    --operations_open_;
    checker_.completed(operation);
    availability_.completed(operation);
    if (operation.ending == Ending::ok) note_answer(operation, key);
}

void ConsistencyMonitor::note_answer(const Operation& operation, std::uint32_t key) {
    const Version version = operation.version;
    const Stamp end{operation.completed_order, operation.completed};
    const bool is_read = operation.kind == Access::read;
    const VersionFacts* known = versions_.find(version);
    const bool is_known = known != nullptr && known->write_start.is_set();
    if (is_known) {
        VersionFacts& facts = versions_.at(version);
        if (!facts.first_end.is_set()) facts.first_end = end;
        if (is_read) {
            facts.last_read =
                facts.is_read ? std::max(facts.last_read, operation.invoked) : operation.invoked;
            facts.is_read = true;
        } else {
            versions_.acknowledge(version, end);
        }
    } else if (version != initial_version) {
        // The write may still come; then this was a read of the future.
        const auto [early, is_new] = early_reads_.try_emplace(version, EarlyRead{end, {}});
        early->second.start = operation.invoked;
    }
    if (!is_read) {
        ++writes_acknowledged_;
        staleness_.acknowledged(key, version, checker_.horizon());
    } else {
        if (version == initial_version) {
            auto& latest = keys_[key].initial_read;
            latest = std::max(latest.value_or(operation.invoked), operation.invoked);
        }
        const ReadFreshness freshness = staleness_.read(key, operation);
        const Window window = availability_.window_at(operation.invoked);
        stale_by_window_[static_cast<std::size_t>(window)].add(freshness.is_stale());
        if (freshness.is_stale()) keys_[key].is_stale = true;
        if (!had_partition_) ++reads_before_partition_;
        if (is_known && open_partitions_ > 0) note_crossing(operation);
    }
    if (options_.sessions) sessions_.answered(key, operation);
}

void ConsistencyMonitor::note_crossing(const Operation& operation) {
    const VersionFacts& facts = *versions_.find(operation.version);
    const std::uint8_t writer = operation.version < writer_sides_.size()
                                    ? writer_sides_[operation.version]
                                    : std::uint8_t{0};
    if (writer == 0 || operation.side == 0 || writer == operation.side) return;
    if (availability_.within_one_partition(facts.write_start.time, operation.completed)) {
        ++crossings_;
    }
}

void ConsistencyMonitor::created(const VersionRecord& record) {
    losses_.created(record, key_index(record.key));
    versions_.set_position(record.version, record.position);
}

void ConsistencyMonitor::applied(const Application& application) {
    convergence_.applied(application, key_index(application.key));
}

void ConsistencyMonitor::fault(const FaultRecord& record) {
    availability_.fault(record);
    convergence_.fault(record);
    // Only the watched store tells of promotions; what else fails may stand anywhere.
    const bool concerns_store =
        options_.store == 0 || record.node == options_.store || record.kind == FaultType::promotion;
    if (concerns_store) losses_.fault(record);
    if (record.begins && record.kind != FaultType::promotion) ++failures_;
    if (record.kind != FaultType::partition) return;
    if (!record.begins) {
        if (open_partitions_ > 0) --open_partitions_;
        return;
    }
    if (!had_partition_) linearizable_before_partition_ = checker_.verdict().linearizable();
    had_partition_ = true;
    if (open_partitions_++ > 0) return;
    for (KeyUse& use : keys_) {
        use.users = 0;
        use.is_written = false;
    }
}

void ConsistencyMonitor::settled(std::uint64_t key, Version version) {
    losses_.settled(key_index(key), version);
}

// Zones on the time axis; only keys that violate are measured.
std::map<std::uint64_t, std::vector<Zone>> ConsistencyMonitor::zones() const {
    std::map<std::uint64_t, std::vector<Zone>> zones;
    for (const KeyUse& use : keys_) {
        if (!checker_.violates(use.key)) continue;
        auto& list = zones[use.key];
        if (use.initial_read) {
            list.push_back({before_history, use.initial_read->count(), before_history});
        }
    }
    for (Version version = 1; version <= versions_.size(); ++version) {
        const VersionFacts& facts = *versions_.find(version);
        if (!facts.first_end.is_set()) continue;
        const auto place = zones.find(keys_[facts.key_index].key);
        if (place == zones.end()) continue;
        place->second.push_back({facts.first_end.time.count(),
                                 facts.is_read ? facts.last_read.count() : before_history,
                                 facts.write_start.time.count()});
    }
    return zones;
}

ConsistencyResult ConsistencyMonitor::finish() {
    ConsistencyResult result;
    result.linearizability = checker_.verdict();
    const auto& by_violation = result.linearizability.keys_by_violation;
    const bool unwritten = by_violation[static_cast<std::size_t>(Violation::phantom)] > 0 ||
                           by_violation[static_cast<std::size_t>(Violation::aborted_read)] > 0;
    result.distance = distance(zones(), unwritten);
    result.staleness = staleness_.result();
    result.stale_by_window = stale_by_window_;
    result.has_positions = versions_.has_positions();
    result.writes_acknowledged = writes_acknowledged_;
    result.operations_open = operations_open_;
    result.sessions = sessions_.result();
    result.losses = losses_.result();
    result.heals = convergence_.heals();
    result.availability = availability_.cells();
    result.recoveries = availability_.recoveries();
    result.exposure.crossings = crossings_;
    for (const KeyUse& use : keys_) {
        if (use.is_used) ++result.exposure.keys;
        if (use.is_shared) ++result.exposure.shared_keys;
        if (!use.is_stale && checker_.violates(use.key)) ++result.inverted_keys;
    }
    result.linearizable_before_partition =
        had_partition_ ? linearizable_before_partition_ : result.linearizability.linearizable();
    result.reads_before_partition = reads_before_partition_;
    close_verdict(result);
    return result;
}

void ConsistencyMonitor::close_verdict(ConsistencyResult& result) {
    result.verdict = judge(result);
    Promises promises = options_.promises;
    promises.no_loss = promises.no_loss && failures_ <= 1;
    result.impossible = impossible_results(result, promises);
}

}  // namespace archsim::models
