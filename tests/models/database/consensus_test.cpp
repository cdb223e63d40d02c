// Consensus against closed forms and timelines worked out by hand. T7 is the first of several
// uniform timeouts, T8 the W-th of N exponential times.
#include "tests/support/consensus_steps.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

using doctest::Approx;

namespace {

using namespace archsim;

/// Two sites 50 ms apart with a load source each, of 100/s half of which are writes, and replicas
/// in the order north, north, south.
std::string two_sites(const std::string& database, const std::string& faults) {
    const std::string source = R"({"kind": "open_loop", "arrivals": "100/s",
        "keys": {"kind": "uniform", "count": 5}, "calls": [{"to": "db", "timeout": "1s"}],
        "operations": [{"name": "read"}, {"name": "write", "type": "write"}], "region": ")";
    return R"("duration": "20s", "seed": 8, "regions": ["north", "south"],
        "network": {"between": [["north", "south", "50ms"]]}, "nodes": {
        "north_users": )" +
           source + R"(north"}, "south_users": )" + source + R"(south"},
        "db": {"kind": "consensus", "region": "north", )" +
           database + R"(}}, "faults": [)" + faults + "]";
}

/// The old leader with its users on one side, everybody else on the other.
std::string leader_cut_off(const std::string& clock, const std::string& reads) {
    const std::string source = R"({"kind": "open_loop", "arrivals": "50/s",
        "keys": {"kind": "uniform", "count": 5}, "calls": [{"to": "db", "timeout": "100ms"}],
        "operations": [{"name": "read"}, {"name": "write", "type": "write"}]})";
    return R"("duration": "20s", "seed": 4, "nodes": {"left": )" + source + R"(, "right": )" +
           source + R"(, "db": {"kind": "consensus", "election_timeout": "2s", "heartbeat": "200ms",
                                "reads": )" +
           reads + R"(}}, "faults": [)" + clock + R"({"kind": "partition", "a": ["db/0", "left"],
            "b": ["db/1", "db/2", "right"], "at": "5s", "for": "10s"}])";
}

std::string clock_behind(const std::string& offset) {
    return R"({"kind": "clock_skew", "node": "db/0", "offset": ")" + offset +
           R"(", "behind": true, "at": "5s", "for": "10s"}, )";
}

}  // namespace

TEST_SUITE("consensus") {
    TEST_CASE("the first of n followers stands for election after T + T / (n + 1), as T7 says") {
        for (const int replicas : {3, 5}) {
            // Without delay the members that are left elect whoever stands first at once; the last
            // heartbeat was at 1 s, 1 us before the crash.
            const auto scenario = tests::quiet_consensus(
                fmt::format(R"(, "replicas": {}, "election_timeout": "1s")", replicas),
                R"("faults": [{"kind": "crash", "node": "db/0", "at": "1000001us"}])");
            scenarios::Scenario shorter = scenario;
            shorter.duration = sim::Duration::milliseconds(3500);
            const auto found =
                tests::estimate_of(tests::replicate(shorter, 800), "db/election_time/mean");
            const double n = replicas - 1;
            const double error = std::sqrt(n / ((n + 1.0) * (n + 1.0) * (n + 2.0)) / 800.0);
            CAPTURE(replicas);
            CHECK(std::abs(found.mean + 1e-6 - (1.0 + 1.0 / (n + 1.0))) < 3.0 * error);
            CHECK(found.standard_error == Approx(error).epsilon(0.1));
        }
    }

    TEST_CASE("later elections take as long as the first, for everybody draws a new patience") {
        // The first of two uniform times, in a chain of elections in which the loser of one stands
        // in the next. The last heartbeat was 2.5 ms before the crash on average, and the new
        // leader is seen 0.5 ms late.
        constexpr int rounds = 400;
        tests::ConsensusSteps db{tests::quiet_consensus(R"(, "heartbeat": "5ms")")};
        std::size_t leader = 0;
        double sum = 0.0;
        for (int i = 0; i < rounds; ++i) {
            db.wait(sim::Duration::milliseconds(100));
            const std::uint64_t term = db.member(leader).term();
            const sim::Instant crash = db.world().simulation().now();
            db.member(leader).crash();
            const std::size_t next = db.next_leader(term);
            sum += (db.world().simulation().now() - crash).in_seconds();
            db.member(leader).restart();
            leader = next;
        }
        const double error = std::sqrt(1.0 / 18.0 / rounds);
        CHECK(std::abs(sum / rounds - (1.0 + 1.0 / 3.0 - 0.002)) < 3.0 * error);
    }

    TEST_CASE("a write waits for the disks of a majority as T8 says") {
        // A write a second, so that no disk is busy when the next comes.
        for (const int replicas : {3, 5}) {
            const int count = 4000;
            const auto found = tests::run_text(fmt::format(
                R"("duration": "{}s", "seed": 6, "history": false, "nodes": {{
                "users": {{"kind": "open_loop", "calls": ["db"],
                          "arrivals": {{"kind": "constant", "rate": "1/s"}},
                          "operations": [{{"name": "write", "type": "write"}}]}},
                "db": {{"kind": "consensus", "replicas": {}, "heartbeat": "900ms",
                       "election_timeout": "10s",
                       "fsync_time": {{"kind": "exponential", "mean": "10ms"}}}}}})",
                count, replicas));
            double mean = 0.0;
            double variance = 0.0;
            for (int i = 0; i < replicas / 2 + 1; ++i) {
                mean += 0.010 / (replicas - i);
                variance += 1e-4 / ((replicas - i) * (replicas - i));
            }
            CAPTURE(replicas);
            CHECK(found["users/availability"] == 1.0);
            CHECK(std::abs(found["users/latency/mean"] - mean) < 3.0 * std::sqrt(variance / count));
        }
    }

    TEST_CASE("messages and disk make the latency of each way to read and write") {
        // South's users call db/2, which passes on to db/0 in the north: a round trip of 100 ms.
        // The majority of the north needs no other; with the majority in the south it takes one
        // more.
        const auto near = tests::run_text(two_sites(
            R"("replica_regions": ["north", "north", "south"], "reads": "read_index")", ""));
        CHECK(near["north_users/latency/max"] == 0.0);
        CHECK(near["south_users/latency/p50"] == Approx(0.1).epsilon(0.01));
        CHECK(near["south_users/latency/max"] == Approx(0.1).epsilon(0.01));
        CHECK(near["db/forwarded"] == Approx(0.5).epsilon(0.1));
        const auto far = tests::run_text(
            two_sites(R"("replica_regions": ["north", "south", "south"], "reads": "lease")", ""));
        CHECK(far["north_users/read/latency/p99"] == 0.0);
        CHECK(far["north_users/write/latency/p50"] == Approx(0.1).epsilon(0.01));
        CHECK(far["south_users/read/latency/p50"] == Approx(0.1).epsilon(0.01));
        CHECK(far["south_users/write/latency/p50"] == Approx(0.2).epsilon(0.01));
        CHECK(far["consistency/linearizable"] == 1.0);
        // A reader waits for the round under way, which ends in 0 to 100 ms, and its own.
        const auto asking = tests::run_text(two_sites(
            R"("replica_regions": ["north", "south", "south"], "reads": "read_index")", ""));
        CHECK(asking["north_users/read/latency/p99"] <= 0.2001);
        CHECK(asking["north_users/read/latency/mean"] == Approx(0.15).epsilon(0.1));
        CHECK(asking["consistency/linearizable"] == 1.0);
    }

    TEST_CASE("disks that stand still stop writes when they are most of all, and lose none") {
        const std::string text = R"("duration": "10s", "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                      "keys": {"kind": "uniform", "count": 5},
                      "operations": [{"name": "write", "type": "write"}],
                      "calls": [{"to": "db", "timeout": "500ms"}]},
            "db": {"kind": "consensus", "fsync_time": "1ms"}}, "faults": [)";
        const std::string one = R"({"kind": "disk_stall", "node": "db/1", "at": "2050ms",
                                   "for": "5s"})";
        const auto alone = tests::run_text(text + one + "]");
        CHECK(alone["users/availability"] == 1.0);
        const auto most = tests::run_text(text + one +
                                          R"(, {"kind": "disk_stall", "node": "db/2",
                                             "at": "2050ms", "for": "5s"}])");
        // Writes of 2.1 s to 6.5 s wait for more than 500 ms; those from 6.6 s are answered in
        // time.
        CHECK(std::round(most["users/availability"] * 100.0) == 100.0 - 45.0);
        CHECK(most["db/terms"] == 0.0);
        CHECK(most["db/lost_writes"] == 0.0);
    }

    TEST_CASE("a leader that is cut off steps down, and the others elect one") {
        const auto found = tests::run_text(leader_cut_off("", R"("lease")"));
        CHECK(found["db/failovers"] == 1.0);
        CHECK(found["db/recovery_time/max"] >= found["db/election_time/max"]);
        // Heartbeats of 200 ms, a timeout of 2 s to 4 s for the first of two, and no split vote.
        CHECK(found["db/election_time/max"] >= 2.0);
        CHECK(found["db/election_time/max"] <= 4.2);
        CHECK(found["db/lost_writes"] == 0.0);
        CHECK(found["consistency/linearizable"] == 1.0);
        CHECK(found["consistency/lost_writes"] == 0.0);
    }

    TEST_CASE("a lease holds as long as clocks differ by no more than it assumes") {
        const std::string careful = R"({"kind": "lease", "clock_error": "1500ms"})";
        CHECK(tests::run_text(leader_cut_off(clock_behind("1500ms"),
                                             careful))["consistency/linearizable"] == 1.0);
        const auto broken = tests::run_text(leader_cut_off(clock_behind("5s"), careful));
        CHECK(broken["consistency/linearizable"] == 0.0);
        CHECK(broken["consistency/stale_reads"] > 0.0);
        CHECK(broken["db/lost_writes"] == 0.0);  // writes need a majority, whatever the clock says
        // Who asks a majority does not care for clocks.
        CHECK(tests::run_text(leader_cut_off(
                  clock_behind("5s"), R"("read_index")"))["consistency/linearizable"] == 1.0);
    }

    TEST_CASE("stale reads are answered everywhere, on both sides of a partition") {
        const auto found = tests::run_text(leader_cut_off("", R"("stale")"));
        CHECK(found["consistency/linearizable"] == 0.0);
        CHECK(found["consistency/stale_reads"] > 0.05);
        CHECK(found["db/lost_writes"] == 0.0);
    }

    TEST_CASE("who comes back deposes the leader unless it asks before it stands") {
        const auto with = [](const std::string& pre_vote) {
            return tests::run_text(two_sites(
                R"("replica_regions": ["north", "north", "south"], "pre_vote": )" + pre_vote,
                R"({"kind": "partition", "a": ["db/2", "south_users"], "at": "5s", "for": "8s",
                    "b": ["db/0", "db/1", "north_users"]})"));
        };
        const auto polite = with("true");
        CHECK(polite["db/terms"] == 0.0);
        CHECK_FALSE(polite.has("db/election_time/max"));
        CHECK(polite["north_users/availability"] == 1.0);
        const auto blunt = with("false");
        // Between 8 s / 2 s and 8 s / 1 s candidacies of the one that is cut off, one of which may
        // come after the heal, and the election that follows.
        CHECK(blunt["db/terms"] >= 4.0);
        CHECK(blunt["db/terms"] <= 11.0);
        CHECK(blunt["north_users/availability"] < 1.0);
        CHECK(blunt["consistency/linearizable"] == 1.0);
    }

    TEST_CASE("clients that are redirected find the next leader by its message") {
        const auto found = tests::run_text(R"("duration": "10s", "seed": 2,
            "network": {"within": "10ms"}, "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "20/s"},
                      "keys": {"kind": "uniform", "count": 5},
                      "operations": [{"name": "read"}, {"name": "write", "type": "write"}],
                      "calls": [{"to": "db", "timeout": "200ms"}]},
            "db": {"kind": "consensus", "clients": "redirect", "reads": "lease"}},
            "faults": [{"kind": "crash", "node": "db/0", "at": "3s", "for": "1s"}])");
        CHECK(found["db/forwarded"] == 0.0);
        CHECK(found["db/failovers"] == 1.0);
        // Nobody is told of the crash: calls go to the dead, then to a member that does not lead,
        // until the news arrives, a message after the election.
        const double down = found["db/election_time/max"] + 0.010;
        CHECK(std::abs((1.0 - found["users/availability"]) * 10.0 - down) < 0.1);
        CHECK(found["users/read/latency/p50"] == Approx(0.020).epsilon(0.01));
        CHECK(found["users/write/latency/p50"] == Approx(0.040).epsilon(0.01));
        CHECK(found["consistency/linearizable"] == 1.0);
    }

    TEST_CASE("a paused leader is replaced and finds out when it wakes") {
        const auto found = tests::run_text(R"("duration": "12s", "seed": 2, "nodes": {
            "users": {"kind": "open_loop", "arrivals": "50/s",
                      "keys": {"kind": "uniform", "count": 5},
                      "operations": [{"name": "read"}, {"name": "write", "type": "write"}],
                      "calls": [{"to": "db", "timeout": "300ms"}]},
            "db": {"kind": "consensus", "reads": "lease"}},
            "faults": [{"kind": "pause", "node": "db/0", "at": "3s", "for": "5s"}])");
        CHECK(found["db/failovers"] == 1.0);
        CHECK(found["consistency/linearizable"] == 1.0);
        CHECK(found["db/lost_writes"] == 0.0);
    }

    TEST_CASE("a single member answers by itself") {
        const auto found = tests::run_text(R"("duration": "10s", "nodes": {
            "users": {"kind": "open_loop", "arrivals": "50/s",
                      "keys": {"kind": "uniform", "count": 5},
                      "operations": [{"name": "read"}, {"name": "write", "type": "write"}],
                      "calls": [{"to": "db", "timeout": "300ms"}]},
            "db": {"kind": "consensus", "replicas": 1, "fsync_time": "2ms"}},
            "faults": [{"kind": "crash", "node": "db/0", "at": "3s", "for": "1s"}])");
        CHECK(found["users/write/latency/p50"] >= 0.002);
        CHECK(found["consistency/linearizable"] == 1.0);
        CHECK(found["db/terms"] == 1.0);
        CHECK(found["db/lost_writes"] == 0.0);
    }
}
