// From load sources over a store and its faults to metrics and verdict: against closed forms and
// cases worked by hand.
#include "reports/consistency/history_recording.hpp"
#include "reports/consistency/history_text.hpp"
#include "tests/support/small_run.hpp"
#include "tests/support/store_rig.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

namespace {

using namespace archsim;
using models::Access;
using models::Window;

const std::string reads_and_writes = R"("operations": [{"name": "read", "weight": 9},
    {"name": "write", "type": "write"}], "keys": {"kind": "uniform", "count": 10})";

/// Answered and ended operations of one side in one window.
models::Share answered(const models::ConsistencyResult& result, int side, Window window) {
    models::Share sum;
    for (const auto& cell : result.availability) {
        if (cell.side != side || cell.window != window) continue;
        sum.count += cell.answered().count;
        sum.total += cell.answered().total;
    }
    return sum;
}

TEST_SUITE("history of a store") {
    TEST_CASE("a constant lag gives the staleness of the closed form") {
        // Poisson writes at 5/s to one key, lag 100 ms: P(stale) = 1 - exp(-0.5), and the versions
        // missed are Poisson of mean 0.5. Writers and readers share a source: 5/s and 45/s.
        tests::StoreRig rig{7, sim::Duration::milliseconds(100)};
        rig.add_source("users", R"("arrivals": "50/s", "operations": [
            {"name": "read", "weight": 9}, {"name": "write", "type": "write"}],
            "keys": {"kind": "uniform", "count": 1})");
        rig.run(sim::Duration::seconds(2000));
        const double truth = 1.0 - std::exp(-0.5);
        // About 2000 s x 5/s independent gaps: that many reads count as independent.
        const double error = std::sqrt(truth * (1.0 - truth) / 10'000.0);
        CHECK(std::abs(rig["consistency/stale_reads"] - truth) < 3.0 * error);
        CHECK(std::abs(rig["consistency/k_staleness/mean"] - 0.5) <
              3.0 * std::sqrt(0.5 / 10'000.0));
        CHECK(rig["consistency/linearizable"] == 0.0);
        CHECK(rig["consistency/delta"] <= 0.100);
        CHECK(rig["consistency/delta"] > 0.099);
        CHECK(rig["consistency/staleness/max"] <= rig["consistency/delta"]);
        CHECK(rig["consistency/lost_writes"] == 0.0);
        CHECK(rig["consistency/conflicts"] == 0.0);
        // A step of the curve begins with a bucket of the histogram, 0.2 % wide.
        CHECK(std::abs(rig["consistency/t_visibility/p99"] - 0.1) < 0.0003);
    }

    TEST_CASE("without lag the store is linearizable and nobody is surprised") {
        tests::StoreRig rig{8, {}};
        rig.add_source("users", R"("arrivals": "200/s", "sessions": 5, )" + reads_and_writes);
        rig.run(sim::Duration::seconds(20));
        CHECK(rig["consistency/linearizable"] == 1.0);
        CHECK(rig["consistency/delta"] == 0.0);
        CHECK(rig["consistency/stale_reads"] == 0.0);
        CHECK(rig["consistency/staleness/p99"] == 0.0);
        CHECK(rig["consistency/read_your_writes_violations"] == 0.0);
        CHECK(rig["consistency/monotonic_read_violations"] == 0.0);
        CHECK(rig.result().verdict.cap == models::CapClass::not_exercised);
        CHECK(rig.result().verdict.pacelc == "P?/EC");
    }

    TEST_CASE("who is cut off goes without answers, and the store is CP") {
        tests::StoreRig rig{9, {}};
        const std::string load = R"("arrivals": {"kind": "constant", "rate": "100/s"}, )";
        rig.add_source("near", load + reads_and_writes, R"(, "timeout": "100ms")");
        rig.add_source("far", load + reads_and_writes, R"(, "timeout": "100ms")");
        rig.add_fault(R"({"kind": "partition", "a": ["far"], "at": "10005ms", "for": "10s"})");
        rig.run(sim::Duration::milliseconds(30'005));
        const auto& result = rig.result();
        // 1000 requests of each before, during and after; far is side 1, everybody else side 2.
        for (const int side : {1, 2}) {
            CHECK(answered(result, side, Window::before).total == 1000);
            CHECK(answered(result, side, Window::during).total == 1000);
            CHECK(answered(result, side, Window::before).complement().count == 0);
            CHECK(answered(result, side, Window::after).complement().count == 0);
        }
        CHECK(answered(result, 1, Window::during).count == 0);
        CHECK(answered(result, 2, Window::during).complement().count == 0);
        CHECK(answered(result, 0, Window::before).total == 0);
        CHECK(result.exposure.shared_keys == 10);
        CHECK(result.verdict.cap == models::CapClass::cp);
        CHECK(result.verdict.pacelc == "PC/EC");
        // Its last answer before is of 10 000 ms, its first after of 20 010 ms.
        for (const models::Recovery& recovery : result.recoveries) {
            REQUIRE(recovery.time.has_value());
            if (recovery.side == 1) CHECK(*recovery.time >= sim::Duration::milliseconds(10'010));
        }
    }

    TEST_CASE("a crash is told, and what it interrupts may have happened") {
        tests::StoreRig rig{10, {}};
        rig.add_source("users", R"("arrivals": "100/s", )" + reads_and_writes);
        rig.add_fault(R"({"kind": "crash", "node": "db", "at": "5s", "for": "1s"})");
        rig.run(sim::Duration::seconds(10));
        const auto& result = rig.result();
        REQUIRE(result.recoveries.size() == 2);  // of reads and of writes
        for (const models::Recovery& recovery : result.recoveries) {
            CHECK(recovery.time.value() >= sim::Duration::seconds(1));
            CHECK(recovery.time.value() < sim::Duration::milliseconds(1'600));
        }
        CHECK(rig["consistency/recovery_time"] >= 1.0);
        CHECK(rig["consistency/linearizable"] == 1.0);
        CHECK(result.verdict.cap == models::CapClass::not_exercised);
    }

    TEST_CASE("a recorded run is judged from its file as it was while it happened") {
        std::string text;
        reports::HistoryRecording recording{[&](std::string_view line) { text += line; }};
        tests::StoreRig rig{11, sim::Duration::milliseconds(20)};
        rig.recorder().add(recording);
        rig.add_source("users", R"("arrivals": "200/s", "sessions": 3, )" + reads_and_writes);
        rig.run(sim::Duration::seconds(5));
        recording.finish();
        models::Sources sources;
        models::Diagnostics diagnostics;
        const std::uint32_t source = sources.add("history.ndjson", text);
        const auto file = reports::read_history(sources, source, diagnostics);
        REQUIRE_FALSE(diagnostics.has_errors());
        const auto judged = reports::judge_history(file);
        const auto& seen = rig.result();
        CHECK(judged.linearizability.keys == 10);
        CHECK(judged.linearizability.violating_keys == seen.linearizability.violating_keys);
        CHECK(judged.linearizability.violating_keys > 0);
        CHECK(judged.staleness.stale.count == seen.staleness.stale.count);
        CHECK(judged.staleness.stale.total == seen.staleness.stale.total);
        CHECK(judged.distance.delta == seen.distance.delta);
        CHECK(judged.sessions.read_your_writes.count == seen.sessions.read_your_writes.count);
        CHECK(judged.sessions.read_your_writes.total == seen.sessions.read_your_writes.total);
        CHECK(judged.losses.lost == 0);
    }

    TEST_CASE("what a buffer before a durable store kept back, the store has not lost") {
        const auto found = tests::run_text(R"("duration": "60s", "nodes": {
            "writer": {"kind": "open_loop", "calls": ["buffer"], "arrivals": "200/s",
                       "keys": {"kind": "uniform", "count": 3},
                       "operations": [{"name": "write", "type": "write"}]},
            "reader": {"kind": "open_loop", "calls": ["buffer"], "arrivals": "200/s",
                       "keys": {"kind": "uniform", "count": 3}},
            "buffer": {"kind": "cache", "capacity": 100, "write": "write_behind",
                       "calls": [{"to": "db", "delay": "60ms"}]},
            "db": {"kind": "store"}})");
        CHECK(found["consistency/lost_writes"] > 0.0);
    }
}

}  // namespace
