// Consensus against closed forms, timelines worked out by hand and single rules of Raft. T7 is the
// first of several uniform timeouts, T8 the W-th of N exponential times.
#include "models/database/consensus_member.hpp"
#include "tests/support/quorum_trials.hpp"
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
using models::ConsensusMember;
using models::Outcome;

/// A database asked directly: its only load source comes long after the end of the tests.
scenarios::Scenario quiet(const std::string& members, const std::string& rest = "") {
    return tests::read_text(R"("duration": "100s", "seed": 3, "history": false, "nodes": {
        "users": {"kind": "open_loop", "calls": [{"to": "db", "timeout": "1s"}],
                  "arrivals": {"kind": "constant", "rate": "0.0001/s"}},
        "db": {"kind": "consensus")" +
                            members + "}}" + (rest.empty() ? "" : ", " + rest));
}

/// A world whose members are asked step by step.
class Steps {
public:
    explicit Steps(scenarios::Scenario scenario)
        : scenario_{std::move(scenario)}, world_{scenario_, 0} {
        world_.start();
    }
    [[nodiscard]] ConsensusMember& member(std::size_t i) {
        return dynamic_cast<ConsensusMember&>(*world_.component("db")->members()[i]);
    }
    [[nodiscard]] std::size_t count() { return world_.component("db")->members().size(); }
    /// Lets so much time pass.
    void wait(sim::Duration length) {
        world_.simulation().run_until(world_.simulation().now() + length);
    }
    /// Asks a member, which may take its time. Version 0 reads.
    [[nodiscard]] tests::Asked ask(std::size_t i, std::uint64_t version) {
        return tests::Asked{world_.simulation(), member(i), 1, version};
    }
    /// Waits until some member leads a term later than `term`, and returns its number.
    [[nodiscard]] std::size_t next_leader(std::uint64_t term) {
        for (int tried = 0; tried < 100'000; ++tried) {
            for (std::size_t i = 0; i < count(); ++i) {
                if (member(i).is_leader() && member(i).term() > term) return i;
            }
            wait(sim::Duration::milliseconds(1));
        }
        FAIL("nobody was elected");
        return 0;
    }
    [[nodiscard]] scenarios::World& world() { return world_; }

private:
    scenarios::Scenario scenario_;
    scenarios::World world_;
};

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
            const auto scenario =
                quiet(fmt::format(R"(, "replicas": {}, "election_timeout": "1s")", replicas),
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

    TEST_CASE("an entry of an earlier term is not committed by counting who holds it") {
        // db/0 takes a write that nobody else gets, loses its office for want of answers, and is
        // elected again because its log is the longest. Then somebody says that it has the old
        // write and not the entry that begins the new term.
        Steps steps{quiet(R"(, "pre_vote": false)", R"("network": {"within": "10ms"})")};
        steps.wait(sim::Duration::milliseconds(500));
        CHECK(steps.member(0).committed() == 1);
        steps.member(1).crash();
        steps.member(2).crash();
        const tests::Asked lonely = steps.ask(0, 7);
        steps.wait(sim::Duration::seconds(2));
        CHECK_FALSE(steps.member(0).is_leader());
        REQUIRE(lonely.has_answer());
        CHECK(lonely.answer().outcome == Outcome::timed_out);
        CHECK(steps.member(0).log().end() == 2);
        const std::uint64_t before = steps.member(0).term();
        steps.member(1).restart();
        REQUIRE(steps.next_leader(before) == 0);
        steps.member(1).crash();  // what it was sent never arrives
        ConsensusMember& leader = steps.member(0);
        REQUIRE(leader.log().end() == 3);
        models::ConsensusLetter answer;
        answer.kind = models::ConsensusLetter::Kind::appended;
        answer.is_granted = true;
        answer.term = leader.term();
        answer.sent = steps.world().simulation().now();
        answer.clock = answer.sent;
        answer.match = 2;
        leader.receive(answer, 1);
        CHECK(leader.committed() == 1);
        answer.match = 3;
        leader.receive(answer, 1);
        CHECK(leader.committed() == 3);
        CHECK(leader.data().at(1).version == 7);
    }

    TEST_CASE("a write tried again takes effect once") {
        Steps steps{quiet("")};
        for (const std::uint64_t version : {1U, 2U, 1U}) {
            const tests::Asked asked = steps.ask(0, version);
            steps.wait(sim::Duration::seconds(1));
            REQUIRE(asked.has_answer());
            CHECK(asked.answer().outcome == Outcome::ok);
        }
        CHECK(steps.member(0).data().at(1).version == 2);
        CHECK(steps.member(2).data().at(1).version == 2);
        CHECK(steps.member(0).log().end() == 3);
    }

    TEST_CASE("a member that was down gets all that it has missed, however much") {
        Steps steps{quiet("")};
        steps.member(2).crash();
        for (std::uint64_t version = 1; version <= 2000; ++version) {
            const tests::Asked asked = steps.ask(0, version);
            steps.wait(sim::Duration::milliseconds(1));
            REQUIRE(asked.has_answer());
        }
        CHECK(steps.member(0).log().base() == 0);  // kept for it
        steps.member(2).restart();
        steps.wait(sim::Duration::seconds(1));
        CHECK(steps.member(2).committed() == 2001);
        CHECK(steps.member(2).data().at(1).version == 2000);
        // The next entries find everybody up to date and let the log forget.
        for (std::uint64_t version = 2001; version <= 3000; ++version) {
            const tests::Asked asked = steps.ask(0, version);
            steps.wait(sim::Duration::milliseconds(1));
            REQUIRE(asked.has_answer());
        }
        CHECK(steps.member(0).log().base() > 2000);
        CHECK(steps.member(0).log().end() == 3001);
        // A retry of what all have forgotten is known to be done.
        const tests::Asked again = steps.ask(0, 5);
        steps.wait(sim::Duration::milliseconds(1));
        REQUIRE(again.has_answer());
        CHECK(again.answer().outcome == Outcome::ok);
        CHECK(steps.member(0).data().at(1).version == 3000);
    }

    TEST_CASE("a crash takes what was not on disk, also what the data showed already") {
        // The disk of the leader stands still: others have the write, it is committed and answered.
        Steps steps{quiet("")};
        steps.wait(sim::Duration::milliseconds(500));
        steps.member(0).set_disk_speed(0.0);
        const tests::Asked asked = steps.ask(0, 9);
        steps.wait(sim::Duration::milliseconds(1));
        REQUIRE(asked.has_answer());
        CHECK(asked.answer().outcome == Outcome::ok);
        CHECK(steps.member(0).data().at(1).version == 9);
        CHECK(steps.member(0).kept() == 1);
        steps.member(0).crash();
        steps.member(0).set_disk_speed(1.0);
        steps.member(0).restart();
        CHECK(steps.member(0).data().at(1).version == 0);
        CHECK(steps.member(0).log().end() == 1);
        const std::size_t next = steps.next_leader(1);
        CHECK(next != 0);  // its log is too short
        steps.wait(sim::Duration::seconds(1));
        CHECK(steps.member(0).data().at(1).version == 9);
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
