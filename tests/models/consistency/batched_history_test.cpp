// A history that is held back, with its reads told at their ends and the usual ones in short, is
// judged as one of which every event is told and gone into: on random histories with everything
// that may happen in one.
#include "models/consistency/batched_history.hpp"

#include "models/consistency/witness.hpp"
#include "models/history_recorder.hpp"
#include "tests/support/consistency_text.hpp"
#include "tests/support/history_oracle.hpp"
#include "tests/support/test_client.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

using namespace archsim;
using models::Access;
using models::BatchedHistory;
using models::ConsistencyMonitor;
using models::Ending;
using models::Operation;
using models::Version;

namespace {

std::uint64_t below(std::mt19937_64& random, std::uint64_t n) { return random() % n; }
bool one_in(std::mt19937_64& random, std::uint64_t n) { return below(random, n) == 0; }

/// Tells random events: few keys, so that operations overlap; reads mostly of the current version,
/// some of an old one, one of another key, or one yet to be written; faults, often at the instant
/// of other events; operations of seconds and operations that never end.
class RandomTeller {
public:
    RandomTeller(std::uint64_t seed, models::HistoryRecorder& recorder, tests::TestClient& client)
        : random_{seed},
          recorder_{recorder},
          client_{client},
          has_positions_{one_in(random_, 2)},
          has_faults_{one_in(random_, 2)},
          old_reads_{one_in(random_, 2) ? 400U : 15U} {}

    void tell(int events) {
        for (int i = 0; i < events; ++i) {
            const std::uint64_t step = one_in(random_, 200) ? 2'000'000'000 : below(random_, 3);
            now_ = now_ + sim::Duration::nanoseconds(static_cast<std::int64_t>(step));
            const std::uint64_t what = below(random_, 100);
            if (what < 48) {
                begin();
            } else if (what < 97 || !has_faults_) {
                if (!open_.empty()) end(below(random_, open_.size()));
            } else {
                fault();
            }
        }
        if (one_in(random_, 2)) return;
        for (std::uint64_t key = 0; key < keys; ++key) recorder_.settled(key, current_[key]);
    }

private:
    static constexpr std::uint64_t keys = 5;

    void begin() {
        Operation operation;
        operation.key = below(random_, keys);
        operation.kind = one_in(random_, 4) ? Access::write : Access::read;
        operation.session = static_cast<std::uint32_t>(below(random_, 4));
        operation.side = static_cast<std::uint8_t>(below(random_, 3));
        operation.place = static_cast<std::uint8_t>(below(random_, 4));
        const Operation begun = client_.begin(operation, now_);
        open_.push_back(begun);
        if (begun.kind == Access::write && one_in(random_, 3)) take_effect(begun);
    }

    void take_effect(const Operation& write) {
        const auto at = static_cast<std::size_t>(write.key);
        models::VersionRecord record;
        record.version = write.version;
        record.key = write.key;
        record.parent = current_[at];
        // The first few versions without one, as of a store that only then begins to tell.
        record.position = has_positions_ && write.version > 5 ? write.version : 0;
        record.created = now_;
        if (!one_in(random_, 20)) recorder_.created(record);
        if (one_in(random_, 20)) recorder_.created(record);
        const auto replica = static_cast<std::uint16_t>(below(random_, 2));
        recorder_.applied({write.key, write.version, now_, replica, 2});
        current_[at] = write.version;
        versions_[at].push_back(write.version);
        latest_ = std::max(latest_, write.version);
    }

    // An earlier version of the key as a rule, at times any, or one that may be written next.
    Version another(std::size_t key) {
        const std::vector<Version>& own = versions_[key];
        if (own.empty() || one_in(random_, 8)) return below(random_, latest_ + 2);
        return own[static_cast<std::size_t>(below(random_, own.size()))];
    }

    void end(std::size_t index) {
        const Operation operation = open_[index];
        open_[index] = open_.back();
        open_.pop_back();
        if (one_in(random_, 100)) return;  // nobody will ever hear of it
        Ending ending = Ending::ok;
        if (one_in(random_, 20)) ending = static_cast<Ending>(1 + below(random_, 5));
        const auto at = static_cast<std::size_t>(operation.key);
        Version version = current_[at];
        if (operation.kind == Access::read) {
            if (one_in(random_, old_reads_)) version = another(at);
        } else if (operation.version > current_[at] && ending == Ending::ok) {
            take_effect(operation);
        }
        client_.end(operation.id, ending, version, now_);
    }

    void fault() {
        models::FaultRecord record;
        record.at = now_;
        if (!faults_.empty() && one_in(random_, 2)) {
            record = faults_.back();
            record.at = now_;
            record.begins = false;
            faults_.pop_back();
        } else {
            record.id = recorder_.next_fault();
            record.kind =
                one_in(random_, 2)
                    ? models::FaultType::partition
                    : static_cast<models::FaultType>(below(random_, models::fault_type_count));
            record.complete = one_in(random_, 2);
            faults_.push_back(record);
        }
        recorder_.fault(record);
    }

    std::mt19937_64 random_;
    models::HistoryRecorder& recorder_;
    tests::TestClient& client_;
    bool has_positions_;
    bool has_faults_;
    std::uint64_t old_reads_;
    sim::Instant now_;
    std::vector<Operation> open_;
    std::vector<models::FaultRecord> faults_;
    Version current_[keys] = {};
    std::vector<Version> versions_[keys];
    Version latest_ = 0;
};

/// Tells a history to two monitors at once and compares what they find.
struct Pair {
    explicit Pair(models::MonitorOptions options) : direct{long_way(options)}, batched{options} {
        recorder.add(direct);
        recorder.add(events);
    }
    /// What both have found if they agree, else what the direct one has.
    models::ConsistencyResult finish() {
        events.flush();
        models::ConsistencyResult expected = direct.finish();
        models::ConsistencyResult found = batched.finish();
        accept_details(found.linearizability.witnesses, expected.linearizability.witnesses);
        CHECK(tests::text_of(found) == tests::text_of(expected));
        return expected;
    }

    // Versions are retired a little later, so that a witness may have operations where that of the
    // direct monitor has stand-ins. Then it must be another proof of the same.
    static void accept_details(std::vector<models::Witness>& found,
                               const std::vector<models::Witness>& expected) {
        REQUIRE(found.size() == expected.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            const bool has_stand_in = std::ranges::any_of(
                expected[i].operations,
                [](const Operation& operation) { return operation.id == models::stand_in_id; });
            if (!has_stand_in) continue;
            CHECK(found[i].key == expected[i].key);
            CHECK(found[i].violation == expected[i].violation);
            CHECK_FALSE(tests::linearizable_by_search(found[i].operations));
            found[i] = expected[i];
        }
    }

    static models::MonitorOptions long_way(models::MonitorOptions options) {
        options.shortcuts = false;
        return options;
    }

    ConsistencyMonitor direct;
    ConsistencyMonitor batched;
    models::HistoryRecorder recorder;
    tests::TestClient client{recorder};
    BatchedHistory events{batched, recorder};
};

}  // namespace

TEST_SUITE("batched history") {
    TEST_CASE("whatever happens in a history, it is judged as if told event by event") {
        int linearizable = 0;
        int stale = 0;
        int shared = 0;
        int ordered = 0;
        int told_early = 0;
        constexpr int histories = 200;
        for (std::uint64_t seed = 1; seed <= histories; ++seed) {
            CAPTURE(seed);
            Pair pair{{.deadline = sim::Duration::nanoseconds(40), .sessions = seed % 3 == 0}};
            RandomTeller{seed, pair.recorder, pair.client}.tell(seed % 10 == 0 ? 3000 : 300);
            const auto result = pair.finish();
            linearizable += result.linearizability.linearizable() ? 1 : 0;
            stale += result.staleness.stale.count > 0 ? 1 : 0;
            shared += result.exposure.shared_keys > 0 ? 1 : 0;
            ordered += result.has_positions ? 1 : 0;
            told_early += result.distance.delta ? 0 : 1;
        }
        // The comparison means something only if each of these occurs, and does not, often.
        for (const int count : {linearizable, stale, shared, ordered, told_early}) {
            CHECK(count > histories / 20);
            CHECK(count < histories * 19 / 20);
        }
    }

    TEST_CASE("a read in flight when a partition begins counts as invoked before it") {
        Pair pair{models::MonitorOptions{}};
        const auto at = [](int n) { return sim::Instant::at(sim::Duration::milliseconds(n)); };
        const std::uint64_t read = pair.client.begin({}, at(5)).id;
        pair.recorder.fault({.id = 1, .at = at(5)});  // at the same instant, but after it
        pair.client.end(read, Ending::ok, 0, at(6));
        const auto result = pair.finish();
        REQUIRE(!result.availability.empty());
        CHECK(result.availability[0].window == models::Window::before);
        CHECK(result.availability[0].invoked == 1);
        CHECK(result.exposure.keys == 0);
    }

    TEST_CASE("an operation may outlive thousands of others") {
        Pair pair{models::MonitorOptions{}};
        const auto at = [](std::size_t n) {
            return sim::Instant::at(sim::Duration::microseconds(static_cast<std::int64_t>(n)));
        };
        Operation write;
        write.kind = Access::write;
        std::vector<std::uint64_t> open;
        std::size_t now = 0;
        const auto begin = [&](const Operation& operation) {
            open.push_back(pair.client.begin(operation, at(++now)).id);
        };
        const auto end = [&](std::size_t index) {
            pair.client.end(open[index], Ending::ok, 1, at(++now));
        };
        begin(write);
        begin({});
        end(0);
        for (std::size_t i = 0; i < 8192; ++i) begin({});
        // From both ends towards the middle; the very first read never ends.
        for (std::size_t i = 2; i < open.size() / 2; ++i) {
            end(i);
            end(open.size() - i + 1);
        }
        begin(write);
        end(open.size() - 1);
        const auto result = pair.finish();
        CHECK(result.linearizability.linearizable());
        CHECK(result.operations_open == 3);
    }
}
