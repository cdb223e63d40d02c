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

std::uint32_t ConsistencyMonitor::add_key(std::uint64_t key) {
    keys_.emplace_back().key = key;
    rows_.emplace_back();
    return checker_.key_index(key);
}

// The fetches stand here and not in functions of the tables: g++ drops calls of functions that do
// nothing but fetch.
void ConsistencyMonitor::prefetch_session(std::uint32_t key, Version version,
                                          std::uint32_t session) const {
    __builtin_prefetch(versions_.find(version));
    __builtin_prefetch(sessions_.address_for(key, session));
}

void ConsistencyMonitor::prefetch_key(std::uint64_t key) const {
    const std::optional<std::uint32_t> index = checker_.known_index(key);
    if (!index) return;
    __builtin_prefetch(&rows_[*index].usual);
    __builtin_prefetch(checker_.address_of_key(*index));
    __builtin_prefetch(&rows_[*index].staleness);
}

void ConsistencyMonitor::prefetch_version(const Operation& operation) const {
    const std::optional<std::uint32_t> key = checker_.known_index(operation.key);
    if (!key) return;
    __builtin_prefetch(checker_.leading_cluster(*key));
    __builtin_prefetch(checker_.oldest_cluster(*key));
    __builtin_prefetch(versions_.find(operation.version));
    __builtin_prefetch(versions_.find(rows_[*key].usual.version));
    if (options_.sessions) __builtin_prefetch(sessions_.address_for(*key, operation.session));
}

void ConsistencyMonitor::invoked(const Operation& operation) {
    in_flight_.invoked(operation);
    begun(operation);
}

void ConsistencyMonitor::completed(const Operation& operation) {
    in_flight_.completed(operation);
    ended(operation, in_flight_.horizon());
}

void ConsistencyMonitor::begun(const Operation& operation) {
    begun(operation, key_index(operation.key));
}

void ConsistencyMonitor::ended(const Operation& operation, Order horizon) {
    ended(operation, key_index(operation.key), horizon);
}

void ConsistencyMonitor::begun(const Operation& operation, std::uint32_t key) {
    ++operations_open_;
    checker_.begun(operation, key);
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
    writers_.grow_to(operation.version + 1);
    writers_[operation.version] = {operation.side, operation.place};
}

void ConsistencyMonitor::ended(const Operation& operation, std::uint32_t key, Order horizon) {
    --operations_open_;
    availability_.completed(operation);
    settle(key);
    checker_.ended(operation, key, horizon);
    if (operation.ending == Ending::ok) note_answer(operation, key);
    find_usual(key);
}

// What takes_usual() leaves to do where somebody else's write was read, or sessions are
// watched.
void ConsistencyMonitor::note_usual(const Operation& read, std::uint32_t key) {
    if (options_.sessions) sessions_.answered(key, read);
    note_news(read, rows_[key].usual.writer_place);
}

// Counts them where every read is counted. All began in the present window.
void ConsistencyMonitor::count_usual_reads() {
    checker_.count_reads(usual_reads_);
    staleness_.count_fresh(usual_reads_);
    const Window window = availability_.window_at(calm_since_);
    stale_by_window_[static_cast<std::size_t>(window)].total += usual_reads_;
    if (!had_partition_) reads_before_partition_ += usual_reads_;
    usual_reads_ = 0;
}

// Writes down what a row of usual reads has changed.
void ConsistencyMonitor::settle(std::uint32_t key) {
    UsualRead& usual = rows_[key].usual;
    if (!usual.has_read()) return;
    const PackedRead& last = usual.take();
    checker_.leading_version_read(last, key);
    if (usual.version == initial_version) {
        auto& latest = keys_[key].initial_read;
        latest = std::max(latest.value_or(last.invoked()), last.invoked());
        return;
    }
    versions_.at(usual.version).note_read(last.invoked());
}

void ConsistencyMonitor::forget_usual(std::uint32_t key) {
    settle(key);
    rows_[key].usual.version = UsualRead::none;
}

// Which reads of a key are usual from now on.
void ConsistencyMonitor::find_usual(std::uint32_t key) {
    UsualRead& usual = rows_[key].usual;
    usual.version = UsualRead::none;
    const std::optional<Version> leading = checker_.leading_version(key);
    if (!leading || !options_.shortcuts) return;
    const std::optional<Stamp> latest = staleness_.latest_if_newest(rows_[key].staleness, *leading);
    if (!latest) return;
    usual.writer_place = 0;
    if (*leading != initial_version) {
        const VersionFacts* const facts = versions_.find(*leading);
        if (facts == nullptr || !facts->write_start.is_set() || !facts->first_end.is_set()) return;
        usual.writer_place = writers_[*leading].place;
    }
    usual.version = *leading;
    usual.fresh_after = latest->is_set() ? latest->order : before_history;
    usual.acknowledged = latest->time;
}

// A partition forces a choice only where both sides use a key and at least one writes it.
void ConsistencyMonitor::note_use(const Operation& operation, KeyUse& use) {
    if (open_partitions_ == 0) return;
    use.is_used = true;
    use.users |= std::uint64_t{1} << (operation.side & 63);
    use.is_written = use.is_written || operation.kind == Access::write;
    if (use.is_written && std::popcount(use.users) > 1) use.is_shared = true;
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
            facts.note_read(operation.invoked);
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
        staleness_.acknowledged(rows_[key].staleness, version);
    } else {
        if (version == initial_version) {
            auto& latest = keys_[key].initial_read;
            latest = std::max(latest.value_or(operation.invoked), operation.invoked);
        }
        const ReadFreshness freshness = staleness_.read(rows_[key].staleness, key, operation);
        const Window window = availability_.window_at(operation.invoked);
        stale_by_window_[static_cast<std::size_t>(window)].add(freshness.is_stale());
        if (freshness.is_stale()) keys_[key].is_stale = true;
        if (!had_partition_) ++reads_before_partition_;
        if (is_known && open_partitions_ > 0) note_crossing(operation);
        if (is_known) note_news(operation, writers_[version].place);
    }
    if (options_.sessions) sessions_.answered(key, operation);
}

void ConsistencyMonitor::note_crossing(const Operation& operation) {
    const VersionFacts& facts = *versions_.find(operation.version);
    const std::uint8_t writer = writers_[operation.version].side;
    if (writer == 0 || operation.side == 0 || writer == operation.side) return;
    if (availability_.within_one_partition(facts.write_start.time, operation.completed)) {
        ++crossings_;
    }
}

// The value that was read has come from the place of its writer to that of its reader.
void ConsistencyMonitor::note_news(const Operation& operation, std::uint8_t from) {
    if (from == 0 || operation.place == 0 || from == operation.place) return;
    const sim::Duration took =
        operation.completed - versions_.find(operation.version)->write_start.time;
    sim::Duration& soonest = news_.try_emplace({from, operation.place}, took).first->second;
    soonest = std::min(soonest, took);
}

void ConsistencyMonitor::created(const VersionRecord& record) {
    const std::uint32_t key = key_index(record.key);
    losses_.created(record, key, rows_[key].line);
    const bool had_positions = versions_.has_positions();
    versions_.set_position(record.version, record.position);
    if (rows_[key].usual.version == record.version) forget_usual(key);
    if (versions_.has_positions() == had_positions) {
        if (versions_.ack(record.version).is_set())
            staleness_.ranks_changed(rows_[key].staleness, key);
        return;
    }
    // From now on another order of versions counts.
    for (std::uint32_t other = 0; other < rows_.size(); ++other) {
        forget_usual(other);
        staleness_.ranks_changed(rows_[other].staleness, other);
    }
}

void ConsistencyMonitor::applied(const Application& application) {
    const std::uint32_t key = key_index(application.key);
    convergence_.applied(application, key, rows_[key].single);
}

void ConsistencyMonitor::fault(const FaultRecord& record) {
    count_usual_reads();
    availability_.fault(record);
    // Only the watched store tells of promotions; what else fails may stand anywhere.
    const bool concerns_store =
        options_.store == 0 || record.node == options_.store || record.kind == FaultType::promotion;
    if (concerns_store) losses_.fault(record);
    if (record.begins && record.kind != FaultType::promotion) ++failures_;
    if (record.kind != FaultType::partition) return;
    calm_since_ = record.at;
    if (!record.begins) {
        std::int64_t singles = 0;
        rows_.each([&](const KeyRow& row) {
            if (row.single.version != ConvergenceTracker::Single::none) ++singles;
        });
        convergence_.healed(record.at, singles);
        if (open_partitions_ > 0) --open_partitions_;
        return;
    }
    if (!had_partition_) linearizable_before_partition_ = checker_.verdict().linearizable();
    had_partition_ = true;
    if (open_partitions_++ > 0) return;
    keys_.each([](KeyUse& use) {
        use.users = 0;
        use.is_written = false;
    });
}

void ConsistencyMonitor::settled(std::uint64_t key, Version version) {
    losses_.settled(key_index(key), version);
}

// Zones on the time axis; only keys that violate are measured.
std::map<std::uint64_t, std::vector<Zone>> ConsistencyMonitor::zones() const {
    std::map<std::uint64_t, std::vector<Zone>> zones;
    keys_.each([&](const KeyUse& use) {
        if (!checker_.violates(use.key)) return;
        auto& list = zones[use.key];
        if (use.initial_read) {
            list.push_back({before_history, use.initial_read->count(), before_history});
        }
    });
    if (zones.empty()) return zones;
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
    for (std::uint32_t key = 0; key < rows_.size(); ++key) forget_usual(key);
    count_usual_reads();
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
    for (const auto& [places, took] : news_) {
        result.news.push_back({places.first, places.second, took});
    }
    keys_.each([&](const KeyUse& use) {
        if (use.is_used) ++result.exposure.keys;
        if (use.is_shared) ++result.exposure.shared_keys;
        if (!use.is_stale && checker_.violates(use.key)) ++result.inverted_keys;
    });
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
