// Consensus in chaos: many short runs with random crashes, pauses, slow members, isolation and
// packet loss, as many at a time as a minority. That a term has one leader is checked in every run.
#include "tests/support/behind.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

namespace {

using namespace archsim;

struct Trial {
    std::string replicas = "3";
    std::string reads = R"("lease")";
    std::string clients = R"({"kind": "forward", "timeout": "300ms"})";
    std::string keys = R"({"kind": "uniform", "count": 5})";
    std::string nodes = R"("db/0", "db/1", "db/2")";
    std::string at_most = "1";
    std::string pre_vote = "false";
    std::string faults;  // beyond chaos and loss, each with a comma in front
};

/// Faults from 0.5 s to 6 s on a database with timeouts of 150 ms to 300 ms; then 2 s of peace.
scenarios::Scenario in_chaos(const Trial& trial) {
    return tests::read_text(R"("duration": "8s", "seed": 77,
        "network": {"within": {"kind": "exponential", "mean": "2ms"}}, "nodes": {
        "users": {"kind": "open_loop", "arrivals": "60/s", "keys": )" +
                            trial.keys + R"(,
                  "operations": [{"name": "read"}, {"name": "write", "type": "write"}],
                  "calls": [{"to": "db", "timeout": "400ms",
                             "retry": {"attempts": 3, "backoff": "20ms"}}]},
        "db": {"kind": "consensus", "replicas": )" +
                            trial.replicas +
                            R"(, "election_timeout": "150ms", "heartbeat": "30ms",
               "fsync_time": {"kind": "exponential", "mean": "2ms"}, "pre_vote": )" +
                            trial.pre_vote + R"(, "reads": )" + trial.reads + R"(, "clients": )" +
                            trial.clients + R"(}},
        "faults": [{"kind": "chaos", "nodes": [)" +
                            trial.nodes + R"(], "at": "500ms", "for": "5s", "at_most": )" +
                            trial.at_most +
                            R"(, "between": {"kind": "exponential", "mean": "300ms"},
                    "lasting": {"kind": "exponential", "mean": "250ms"}},
                   {"kind": "packet_loss", "probability": "5%", "a": ["db/0"],
                    "b": ["db/1", "db/2"], "at": "500ms", "for": "5500ms"})" +
                            trial.faults + "]");
}

/// Runs it and judges the history that clients saw.
void check_histories(const Trial& trial, std::int64_t runs) {
    double elections = 0.0;
    std::int64_t settled = 0;
    for (const auto& run : tests::replicate(in_chaos(trial), runs)) {
        const tests::Measured found{run};
        REQUIRE(found["db/lost_writes"] == 0.0);
        REQUIRE(found["consistency/linearizable"] == 1.0);
        elections += found["db/terms"];
        if (!found.has("consistency/lost_writes")) continue;
        REQUIRE(found["consistency/lost_writes"] == 0.0);
        ++settled;
    }
    CHECK(elections > 0.5 * static_cast<double>(runs));
    CHECK(settled > runs / 2);
}

}  // namespace

TEST_SUITE("consensus in chaos") {
    TEST_CASE("histories are linearizable with leases and true clocks") {
        check_histories({}, 300);
    }
    TEST_CASE("histories are linearizable when each read asks a majority") {
        Trial trial;
        trial.reads = R"("read_index")";
        trial.clients = R"("redirect")";
        // What clocks say does not matter then, and a disk that stands still only costs time.
        trial.faults = R"(,
            {"kind": "clock_skew", "node": "db/0", "offset": "400ms", "behind": true,
             "at": "1s", "for": "2s"},
            {"kind": "clock_skew", "node": "db/1", "offset": "300ms", "at": "2s", "for": "2s"},
            {"kind": "disk_stall", "node": "db/2", "at": "3s", "for": "700ms"})";
        check_histories(trial, 200);
    }
    TEST_CASE("histories are linearizable with two faults at a time among five members") {
        Trial trial;
        trial.replicas = "5";
        trial.nodes = R"("db/0", "db/1", "db/2", "db/3", "db/4")";
        trial.at_most = "2";
        trial.pre_vote = "true";
        // Clocks that differ by no more than the lease allows for.
        trial.reads = R"({"kind": "lease", "clock_error": "100ms"})";
        trial.faults = R"(,
            {"kind": "clock_skew", "node": "db/0", "offset": "50ms", "behind": true,
             "at": "1s", "for": "2s"},
            {"kind": "clock_skew", "node": "db/1", "offset": "50ms", "at": "2s", "for": "2s"})";
        check_histories(trial, 200);
    }
    TEST_CASE("the last leader holds every acknowledged write") {
        // Each write has a key of its own, so none can hide behind a later one.
        Trial trial;
        trial.keys = R"({"kind": "sequential", "count": 1000000})";
        const scenarios::Scenario scenario = in_chaos(trial);
        std::size_t acknowledged = 0;
        for (std::int64_t run = 0; run < 300; ++run) {
            tests::BehindCounter sink;
            static_cast<void>(tests::run_listening(scenario, run, sink));
            CAPTURE(run);
            REQUIRE(sink.missing_at(sink.last_writer()) == 0);
            acknowledged += sink.acknowledged();
        }
        CHECK(acknowledged > 30'000);
    }
}
