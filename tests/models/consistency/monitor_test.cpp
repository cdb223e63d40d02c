// Every metric on histories small enough to judge by hand.
#include "models/consistency/monitor.hpp"

#include "models/consistency/recorded_history.hpp"
#include "models/consistency/zones.hpp"
#include "models/history_recorder.hpp"
#include "tests/support/history_builder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace archsim {
namespace {

using models::Access;
using models::ConsistencyResult;
using models::Ending;
using models::FaultType;
using models::RecordedHistory;
using models::Window;
using tests::HistoryBuilder;

sim::Instant ms(int n) { return sim::Instant::at(sim::Duration::milliseconds(n)); }

RecordedHistory history_of(const HistoryBuilder& builder) {
    RecordedHistory history;
    history.operations = builder.operations();
    return history;
}

ConsistencyResult measure(const RecordedHistory& history, models::MonitorOptions options = {}) {
    models::ConsistencyMonitor monitor{options};
    models::replay(history, monitor);
    return monitor.finish();
}

void create(RecordedHistory& history, models::Version version, models::Version parent,
            std::uint64_t position, int at) {
    models::VersionRecord record;
    record.version = version;
    record.parent = parent;
    record.position = position;
    record.created = ms(at);
    history.created.push_back(record);
}

void fault(RecordedHistory& history, FaultType kind, int from, int to) {
    const auto id = static_cast<std::uint32_t>(history.faults.size()) + 1;
    history.faults.push_back({id, kind, true, ms(from), 1, true});
    history.faults.push_back({id, kind, false, ms(to), 1, true});
}

TEST_SUITE("consistency metrics") {
    TEST_CASE("a stale read tells how many newer versions it missed and for how long") {
        HistoryBuilder history;
        history.write(1, 0, 1).write(2, 10, 12).write(3, 20, 22).read(1, 30, 31).read(3, 40, 41);
        const auto result = measure(history_of(history));
        CHECK(result.staleness.stale.count == 1);
        CHECK(result.staleness.stale.total == 2);
        CHECK(result.staleness.newer_versions[2] == 1);
        CHECK(result.staleness.age.max() == sim::Duration::milliseconds(18));
        // The reads began 8 and 18 ms after the latest acknowledgement.
        const auto& curve = result.staleness.visibility;
        REQUIRE(curve.size() == 2);
        CHECK(curve[0].from.in_seconds() == doctest::Approx(0.008).epsilon(0.002));
        CHECK(curve[0].fresh.count == 0);
        CHECK(curve[0].fresh.total == 1);
        CHECK(curve[1].from.in_seconds() == doctest::Approx(0.018).epsilon(0.002));
        CHECK(curve[1].fresh.count == 1);
        CHECK(curve[1].fresh.total == 1);
        // Moving the read to 12 ms lets it precede both later writes.
        CHECK(*result.distance.delta == sim::Duration::milliseconds(18));
        CHECK(result.inverted_keys == 0);
        CHECK(result.impossible.empty());
    }

    TEST_CASE("a newer write that is still unanswered when the read begins makes no staleness") {
        HistoryBuilder history;
        history.write(1, 0, 1).write(2, 10, 40).read(1, 30, 31);
        const auto result = measure(history_of(history));
        CHECK(result.staleness.stale.count == 0);
        CHECK(result.linearizability.linearizable());
    }

    TEST_CASE("a regular register that is not atomic shows as an inversion without staleness") {
        HistoryBuilder history;
        history.write(1, 0, 1).read(1, 2, 3).write(2, 10, 50).read(2, 20, 25).read(1, 30, 35);
        const auto result = measure(history_of(history));
        CHECK(result.staleness.stale.count == 0);
        CHECK(result.linearizability.violating_keys == 1);
        CHECK(result.inverted_keys == 1);
        CHECK(result.inversions_per_write().total == 2);
        CHECK(*result.distance.delta == sim::Duration::milliseconds(5));
    }

    TEST_CASE("no shift repairs a read of the future, but growing intervals does") {
        HistoryBuilder history;
        history.read(1, 0, 10).write(1, 30, 40);
        const auto result = measure(history_of(history));
        CHECK_FALSE(result.distance.delta);
        CHECK(*result.distance.gamma == sim::Duration::milliseconds(10));
    }

    TEST_CASE("session guarantees are judged per session and key") {
        HistoryBuilder history;
        history.session(1).write(1, 0, 1).write(2, 10, 11).read(1, 20, 21);  // not its own write
        history.session(2).read(2, 30, 31).read(1, 40, 41).read(2, 50, 51);  // back in time
        history.session(3).read(1, 60, 61);                                  // stale, but first
        const auto sessions = measure(history_of(history)).sessions;
        CHECK(sessions.read_your_writes.count == 1);
        CHECK(sessions.read_your_writes.total == 1);
        CHECK(sessions.monotonic_reads.count == 1);
        CHECK(sessions.monotonic_reads.total == 2);
        CHECK_FALSE(sessions.monotonic_writes);
        CHECK_FALSE(sessions.writes_follow_reads);
    }

    TEST_CASE("the store's order shows writes of a session applied out of order") {
        HistoryBuilder builder;
        builder.session(1).write(1, 0, 1).write(2, 10, 11);
        builder.session(2).read(1, 20, 21).write(3, 30, 31);
        auto history = history_of(builder);
        create(history, 1, 0, 5, 0);
        create(history, 2, 0, 4, 10);  // ordered before the session's first write
        create(history, 3, 1, 3, 30);  // ordered before what its session had read
        const auto sessions = measure(history).sessions;
        REQUIRE(sessions.monotonic_writes);
        CHECK(sessions.monotonic_writes->count == 1);
        REQUIRE(sessions.writes_follow_reads);
        CHECK(sessions.writes_follow_reads->count == 1);
        CHECK(sessions.writes_follow_reads->total == 1);
    }

    TEST_CASE("an acknowledged write in the tail of a crashed primary is lost") {
        HistoryBuilder builder;
        builder.write(1, 0, 1).write(2, 10, 12).write(3, 20, 21).add(Access::write, 4, 22, 60,
                                                                     Ending::indeterminate);
        auto history = history_of(builder);
        create(history, 1, 0, 1, 0);
        create(history, 2, 1, 2, 10);
        create(history, 3, 2, 3, 20);
        create(history, 4, 3, 4, 22);
        fault(history, FaultType::crash, 30, 90);
        history.settled.emplace_back(0, 1);
        const auto losses = measure(history).losses;
        CHECK(losses.acknowledged == 3);
        CHECK(losses.lost == 2);
        CHECK(*losses.discarded == 2);
        CHECK(*losses.recovery_point == sim::Duration::milliseconds(18));
        CHECK(losses.conflicts == 0);
    }

    TEST_CASE("a promise that nothing is lost is held against the history") {
        HistoryBuilder builder;
        builder.write(1, 0, 1).write(2, 10, 12);
        auto history = history_of(builder);
        history.settled.emplace_back(0, 1);
        models::MonitorOptions options;
        options.promises.no_loss = true;
        CHECK(measure(history).impossible.empty());
        CHECK(measure(history, options).impossible.size() == 1);
    }

    TEST_CASE("last write wins discards the other side, a merge keeps both") {
        HistoryBuilder builder;
        builder.write(1, 0, 1).write(2, 10, 14).write(3, 11, 15);
        auto history = history_of(builder);
        create(history, 1, 0, 1, 0);
        create(history, 2, 1, 2, 10);
        create(history, 3, 1, 3, 11);
        auto merged = history;
        history.settled.emplace_back(0, 3);
        const auto losses = measure(history).losses;
        CHECK(losses.conflicts == 1);
        CHECK(losses.conflicting_keys == 1);
        CHECK(*losses.discarded == 1);
        CHECK(losses.lost == 1);
        create(merged, 4, 2, 4, 20);
        create(merged, 4, 3, 4, 20);
        merged.settled.emplace_back(0, 4);
        CHECK(*measure(merged).losses.discarded == 0);
        CHECK(measure(merged).losses.conflicts == 1);
        // The store's own merge of only one side saves nothing of the other.
        auto partial = history_of(builder);
        create(partial, 1, 0, 1, 0);
        create(partial, 2, 1, 2, 10);
        create(partial, 3, 1, 3, 11);
        create(partial, 4, 2, 4, 20);
        partial.settled.emplace_back(0, 4);
        CHECK(measure(partial).losses.lost == 1);
    }

    TEST_CASE("replicas converge when each diverged key has been equal everywhere") {
        RecordedHistory history;
        history.operations = HistoryBuilder{}.write(1, 0, 1).operations();
        const auto apply = [&](std::uint64_t key, models::Version version, std::uint16_t replica,
                               int at) {
            history.applied.push_back({key, version, ms(at), replica, 2});
        };
        fault(history, FaultType::partition, 5, 50);
        apply(1, 1, 0, 1);
        apply(1, 1, 1, 2);
        apply(1, 2, 0, 10);  // replica 1 of key 1 is behind at the heal
        apply(2, 3, 1, 20);  // replica 0 of key 2 has never had a value
        apply(3, 4, 0, 20);
        apply(3, 4, 1, 21);
        apply(2, 3, 0, 60);
        apply(1, 2, 1, 75);
        const auto result = measure(history);
        REQUIRE(result.heals.size() == 1);
        CHECK(result.heals[0].keys == 3);
        CHECK(result.heals[0].diverged == 2);
        CHECK(result.heals[0].open == 0);
        CHECK(*result.heals[0].convergence == sim::Duration::milliseconds(25));
    }

    TEST_CASE("replicas that say nothing of how many they are are compared all the same") {
        RecordedHistory history;
        history.operations = HistoryBuilder{}.write(1, 0, 1).operations();
        const auto apply = [&](models::Version version, std::uint16_t replica, int at) {
            history.applied.push_back({1, version, ms(at), replica, 1});
        };
        fault(history, FaultType::partition, 5, 50);
        apply(1, 0, 1);
        apply(1, 1, 2);
        apply(2, 0, 10);
        apply(2, 1, 80);
        const auto result = measure(history);
        REQUIRE(result.heals.size() == 1);
        CHECK(result.heals[0].keys == 1);
        CHECK(result.heals[0].diverged == 1);
        CHECK(*result.heals[0].convergence == sim::Duration::milliseconds(30));
    }

    TEST_CASE("a value on the only replica agrees with itself at a heal") {
        RecordedHistory history;
        history.operations = HistoryBuilder{}.write(1, 0, 1).operations();
        fault(history, FaultType::partition, 5, 50);
        history.applied.push_back({1, 1, ms(1), 0, 1});
        history.applied.push_back({2, 2, ms(2), 0, 1});
        history.applied.push_back({1, 3, ms(60), 0, 1});
        const auto result = measure(history);
        REQUIRE(result.heals.size() == 1);
        CHECK(result.heals[0].keys == 2);
        CHECK(result.heals[0].diverged == 0);
        CHECK(*result.heals[0].convergence == sim::Duration{});
    }

    TEST_CASE("a version that was replaced before it was told of is replaced for all that") {
        HistoryBuilder builder;
        builder.write(1, 0, 5).write(2, 6, 9).write(3, 10, 12);
        auto history = history_of(builder);
        create(history, 2, 1, 2, 3);
        create(history, 1, 0, 1, 4);
        create(history, 3, 1, 3, 11);  // 2 had replaced 1 before
        CHECK(measure(history).losses.conflicts == 1);
    }

    TEST_CASE("a position that is told after the acknowledgement counts from then on") {
        HistoryBuilder builder;
        builder.write(1, 0, 5).write(2, 1, 6).read(1, 20, 21);
        auto history = history_of(builder);
        create(history, 1, 0, 1, 2);
        create(history, 2, 1, 2, 15);
        CHECK(measure(history).staleness.stale.count == 1);
        history.created[0].position = 2;
        history.created[1].position = 1;
        CHECK(measure(history).staleness.stale.count == 0);
    }

    TEST_CASE("availability counts errors and late answers against the system, by window") {
        HistoryBuilder builder;
        builder.side(1).write(1, 0, 2).read(1, 4, 5);
        builder.side(2).read(1, 6, 7).read(1, 12, 45).add(Access::read, 0, 15, 16,
                                                          Ending::rejected);
        builder.add(Access::read, 0, 18, 19, Ending::in_flight).read(1, 60, 61);
        auto history = history_of(builder);
        fault(history, FaultType::partition, 10, 50);
        models::MonitorOptions options;
        options.deadline = sim::Duration::milliseconds(20);
        const auto result = measure(history, options);
        const models::AvailabilityCell* during = nullptr;
        std::int64_t invoked = 0;
        for (const auto& cell : result.availability) {
            invoked += cell.invoked;
            if (cell.window == Window::during) during = &cell;
        }
        CHECK(invoked == 7);
        REQUIRE(during != nullptr);
        CHECK(during->side == 2);
        CHECK(during->invoked == 3);
        CHECK(during->in_flight() == 1);
        CHECK(during->answered().count == 1);
        CHECK(during->answered().total == 2);
        CHECK(during->answered_in_time().count == 0);
        // Side 2 read well at 7 ms; the first read invoked after the fault was answered at 45 ms.
        bool found = false;
        for (const auto& recovery : result.recoveries) {
            if (recovery.side != 2) continue;
            found = true;
            CHECK(*recovery.time == sim::Duration::milliseconds(38));
        }
        CHECK(found);
    }

    TEST_CASE("a partition that nobody shared keys in forces no choice") {
        HistoryBuilder builder;
        builder.key(1).side(1).write(1, 12, 13).key(2).side(2).write(2, 14, 15).read(2, 16, 17);
        auto history = history_of(builder);
        CHECK(measure(history).verdict.pacelc == "P?/EC");
        fault(history, FaultType::partition, 10, 50);
        const auto result = measure(history);
        CHECK(result.exposure.keys == 2);
        CHECK(result.exposure.shared_keys == 0);
        CHECK(result.verdict.cap == models::CapClass::not_exercised);
        CHECK(result.verdict.pacelc == "P?/E?");
    }

    TEST_CASE("losing answers and consistency both is neither CP nor AP, and E is judged before") {
        HistoryBuilder builder;
        builder.side(1).write(1, 0, 1).read(1, 2, 3).write(2, 20, 21).read(2, 26, 27);
        builder.side(2).read(1, 30, 31).add(Access::write, 3, 35, 36, Ending::rejected);
        auto history = history_of(builder);
        fault(history, FaultType::partition, 10, 50);
        const auto result = measure(history);
        CHECK(result.verdict.cap == models::CapClass::neither);
        CHECK(result.verdict.pacelc == "P-/EC");
        CHECK(result.stale_by_window[static_cast<int>(Window::during)].count == 1);
        CHECK(result.verdict.sentences.size() >= 3);
    }

    TEST_CASE("information that crosses a complete partition is reported as impossible") {
        HistoryBuilder builder;
        builder.side(1).write(1, 20, 21).side(2).read(1, 30, 31);
        auto history = history_of(builder);
        fault(history, FaultType::partition, 10, 50);
        CHECK(measure(history).impossible.size() == 1);
        history.faults[0].complete = false;
        CHECK(measure(history).impossible.empty());
    }

    TEST_CASE("while two partitions last at once, sides are ambiguous and nothing is impossible") {
        HistoryBuilder builder;
        builder.side(1).write(1, 20, 21).side(2).read(1, 30, 31);
        auto history = history_of(builder);
        fault(history, FaultType::partition, 10, 50);
        fault(history, FaultType::partition, 25, 40);
        CHECK(measure(history).impossible.empty());
    }

    TEST_CASE("a promise to survive one failure says nothing about two") {
        HistoryBuilder builder;
        builder.write(1, 0, 1).write(2, 10, 11);
        auto history = history_of(builder);
        create(history, 1, 0, 1, 0);
        create(history, 2, 1, 2, 10);
        history.settled.emplace_back(0, 1);
        models::MonitorOptions options;
        options.promises.no_loss = true;
        fault(history, FaultType::crash, 20, 30);
        CHECK(measure(history, options).impossible.size() == 1);
        fault(history, FaultType::pause, 22, 30);
        CHECK(measure(history, options).losses.lost == 1);
        CHECK(measure(history, options).impossible.empty());
    }

    TEST_CASE("recorded events and their replay measure the same") {
        models::ConsistencyMonitor direct;
        models::HistoryKeeper keeper;
        models::HistoryRecorder recorder;
        recorder.add(direct);
        recorder.add(keeper);
        for (int i = 0; i < 20; ++i) {
            // All at one instant: only the sequence numbers order the events.
            models::Operation write;
            write.kind = Access::write;
            recorder.begin(write, ms(5));
            recorder.end(write, Ending::ok, 0, ms(5));
            models::Operation read;
            recorder.begin(read, ms(5));
            recorder.end(read, Ending::ok, i == 15 ? 3 : write.version, ms(5));
        }
        const auto a = direct.finish();
        const auto b = measure(keeper.history());
        CHECK(a.staleness.stale.count == 1);
        CHECK(a.staleness.newer_versions[13] == 1);
        CHECK(a.linearizability.violating_keys == 1);
        CHECK(b.staleness.stale.count == a.staleness.stale.count);
        CHECK(b.linearizability.violating_keys == 1);
        CHECK(a.impossible.empty());
    }
}

}  // namespace
}  // namespace archsim
