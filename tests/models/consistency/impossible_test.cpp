// Results that no correct program can produce: each check finds its contradiction and is silent
// without it, and together they leave no way around the CAP theorem.
#include "models/consistency/monitor.hpp"
#include "models/consistency/recorded_history.hpp"
#include "models/consistency/verdict.hpp"
#include "tests/support/history_builder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

using namespace archsim;
using models::ConsistencyResult;
using sim::Duration;

/// Results without contradiction, of a history that is linearizable or is not.
ConsistencyResult sound(bool is_linearizable) {
    ConsistencyResult result;
    result.linearizability.keys = 1;
    result.linearizability.violating_keys = is_linearizable ? 0 : 1;
    result.distance.delta = is_linearizable ? Duration{} : Duration::milliseconds(10);
    return result;
}

std::size_t contradictions(const ConsistencyResult& result, bool promises_no_loss = false) {
    models::Promises promises;
    promises.no_loss = promises_no_loss;
    return models::impossible_results(result, promises).size();
}

}  // namespace

TEST_SUITE("impossible results") {
    TEST_CASE("sound results contradict nothing") {
        CHECK(contradictions(sound(true), true) == 0);
        CHECK(contradictions(sound(false), true) == 0);
    }

    TEST_CASE("stale reads, age and distance have to fit the verdict") {
        ConsistencyResult stale = sound(true);
        stale.staleness.certain = 1;
        CHECK(contradictions(stale) == 1);
        ConsistencyResult old = sound(false);
        old.staleness.certain = 1;
        old.staleness.certain_age = Duration::milliseconds(10);
        CHECK(contradictions(old) == 0);
        old.staleness.certain_age = Duration::milliseconds(11);
        CHECK(contradictions(old) == 1);
        ConsistencyResult far = sound(true);
        far.distance.delta = Duration::nanoseconds(1);
        CHECK(contradictions(far) == 1);
        far.distance.delta.reset();
        CHECK(contradictions(far) == 1);
    }

    TEST_CASE("a promise of no loss, and values that cross a partition") {
        ConsistencyResult lossy = sound(false);
        lossy.losses.lost = 2;
        CHECK(contradictions(lossy, true) == 0);  // a buffer lost them
        lossy.losses.lost_by_store = 1;
        CHECK(contradictions(lossy) == 0);
        CHECK(contradictions(lossy, true) == 1);
        ConsistencyResult crossing = sound(true);
        crossing.exposure.crossings = 1;
        CHECK(contradictions(crossing) == 1);
    }

    TEST_CASE("operations begun are those ended in some way and those still open") {
        ConsistencyResult result = sound(true);
        models::AvailabilityCell& cell = result.availability.emplace_back();
        cell.invoked = 5;
        cell.endings[static_cast<std::size_t>(models::Ending::ok)] = 3;
        cell.endings[static_cast<std::size_t>(models::Ending::shed)] = 1;
        result.operations_open = 1;
        CHECK(contradictions(result) == 0);
        result.operations_open = 0;
        CHECK(contradictions(result) == 1);
        // One that ended twice.
        cell.endings[static_cast<std::size_t>(models::Ending::ok)] = 5;
        result.operations_open = -1;
        CHECK(contradictions(result) == 1);
    }

    TEST_CASE("whatever is answered, nobody is consistent and available on both sides") {
        // Within one complete partition side 1 writes version 2 and is told so; then side 2 reads.
        // Every possible answer is either not linearizable or impossible (Gilbert, Lynch, 2002).
        for (const models::Version answer : {0, 1, 2}) {
            tests::HistoryBuilder builder;
            builder.side(1).write(1, 0, 1).write(2, 20, 21).side(2).read(answer, 30, 31);
            models::RecordedHistory history;
            history.operations = builder.operations();
            const auto at = [](int n) { return sim::Instant::at(Duration::milliseconds(n)); };
            history.faults.push_back({1, models::FaultType::partition, true, at(10), 1, true});
            history.faults.push_back({1, models::FaultType::partition, false, at(50), 1, true});
            models::ConsistencyMonitor monitor;
            models::replay(history, monitor);
            const ConsistencyResult result = monitor.finish();
            CAPTURE(answer);
            CHECK(result.exposure.shared_keys == 1);
            CHECK(result.linearizability.linearizable() == (answer == 2));
            CHECK(result.impossible.empty() == (answer != 2));
        }
    }
}
