// Draws the events of each key and what its operations return.
#include "tests/support/synthetic_history.hpp"

#include "sim/rng.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace archsim::tests {
namespace {

using models::Access;
using models::Ending;
using models::Operation;
using models::RecordedHistory;
using models::Version;

double exponential(sim::Rng& rng, double mean) { return -mean * std::log1p(-rng.uniform()); }

sim::Instant at(double seconds) { return sim::Instant::at(sim::Duration::from_seconds(seconds)); }

// An operation that takes no time.
void add(RecordedHistory& history, Access kind, std::uint64_t key, Version version, double when) {
    Operation operation;
    operation.id = history.operations.size();
    operation.key = key;
    operation.version = version;
    operation.kind = kind;
    operation.ending = Ending::ok;
    operation.invoked = at(when);
    operation.completed = operation.invoked;
    operation.invoked_order = operation.invoked.count();
    operation.completed_order = operation.invoked_order;
    history.operations.push_back(operation);
}

void create(RecordedHistory& history, std::uint64_t key, Version version, Version parent,
            double when) {
    models::VersionRecord record;
    record.version = version;
    record.key = key;
    record.parent = parent;
    record.created = at(when);
    record.position = static_cast<std::uint64_t>(record.created.count()) + 1;
    history.created.push_back(record);
}

struct Event {
    double when = 0.0;
    Access kind = Access::read;
    int side = 0;
};

void add_poisson(std::vector<Event>& events, sim::Rng& rng, double rate, double from, double until,
                 Event event) {
    for (event.when = from + exponential(rng, 1.0 / rate); event.when < until;
         event.when += exponential(rng, 1.0 / rate)) {
        events.push_back(event);
    }
}

}  // namespace

RecordedHistory constant_lag(std::uint64_t seed, double writes_per_s, double lag_s,
                             double read_every_s, int reads) {
    sim::Rng rng{seed};
    RecordedHistory history;
    std::vector<double> writes;
    const double end = read_every_s * (reads + 1);
    for (double when = 0.0; when < end; when += exponential(rng, 1.0 / writes_per_s)) {
        writes.push_back(when);
        add(history, Access::write, 0, writes.size(), when);
    }
    for (int i = 1; i <= reads; ++i) {
        const double when = read_every_s * i;
        const auto applied = std::upper_bound(writes.begin(), writes.end(), when - lag_s);
        add(history, Access::read, 0, static_cast<Version>(applied - writes.begin()), when);
    }
    return history;
}

RecordedHistory instant_quorum(std::uint64_t seed, QuorumTrial trial, int keys) {
    sim::Rng rng{seed};
    RecordedHistory history;
    for (int key = 0; key < keys; ++key) {
        const double start = 100.0 * key;
        std::vector<double> has_it_at(static_cast<std::size_t>(trial.n), 0.0);
        for (std::size_t i = static_cast<std::size_t>(trial.w); i < has_it_at.size(); ++i) {
            has_it_at[i] = exponential(rng, 1.0);
        }
        bool is_fresh = false;
        for (int i = 0; i < trial.r; ++i) {
            const auto pick = static_cast<std::size_t>(rng.below(has_it_at.size()));
            is_fresh = is_fresh || has_it_at[pick] <= trial.after_s;
            has_it_at.erase(has_it_at.begin() + static_cast<std::ptrdiff_t>(pick));
        }
        const auto id = static_cast<std::uint64_t>(key);
        const Version version = id + 1;
        add(history, Access::write, id, version, start);
        // A read never coincides with the write: touching operations would count as concurrent.
        add(history, Access::read, id, is_fresh ? version : 0, start + trial.after_s + 1e-6);
    }
    return history;
}

RecordedHistory partitioned(std::uint64_t seed, const PartitionTrial& trial) {
    sim::Rng rng{seed};
    RecordedHistory history;
    constexpr double begin = 1.0;
    const double end = begin + trial.seconds;
    history.faults.push_back({1, models::FaultType::partition, true, at(begin), 0, true});
    history.faults.push_back({1, models::FaultType::partition, false, at(end), 0, true});
    Version versions = 0;
    for (int key = 0; key < trial.keys; ++key) {
        const auto id = static_cast<std::uint64_t>(key);
        std::vector<Event> events;
        add_poisson(events, rng, trial.writes_a, begin, end, {0.0, Access::write, 1});
        add_poisson(events, rng, trial.writes_b, begin, end, {0.0, Access::write, 2});
        add_poisson(events, rng, trial.reads_a, begin, end, {0.0, Access::read, 1});
        add_poisson(events, rng, trial.reads_b, begin, end, {0.0, Access::read, 2});
        std::sort(events.begin(), events.end(),
                  [](const Event& a, const Event& b) { return a.when < b.when; });
        Version held[3] = {};
        Version latest = 0;
        for (const Event& event : events) {
            const bool is_refused = trial.majority_only && event.side == 2;
            Version version = held[event.side];
            if (event.kind == Access::write) version = ++versions;
            add(history, event.kind, id, version, event.when);
            history.operations.back().side = static_cast<std::uint8_t>(event.side);
            history.operations.back().session = static_cast<std::uint32_t>(event.side);
            if (is_refused) {
                history.operations.back().ending = Ending::rejected;
                continue;
            }
            if (event.kind == Access::read) continue;
            create(history, id, version, held[event.side], event.when);
            held[event.side] = version;
            latest = version;
        }
        history.settled.emplace_back(id, latest);
    }
    return history;
}

}  // namespace archsim::tests
