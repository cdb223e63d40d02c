// Failover by timelines worked out by hand, by the closed form of its loss, and in chaos: many
// small runs with one random failure each, judged from what clients heard and what members hold.
#include "tests/support/behind.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

using doctest::Approx;

namespace {

using namespace archsim;

/// A database with a replica and a detector 10 ms away, where the users are as well; a write each
/// 100 ms.
std::string beside_users(const std::string& failover, const std::string& faults,
                         const std::string& database = "") {
    return R"("duration": "20s", "regions": ["a", "b"],
        "network": {"between": [["a", "b", "10ms"]]}, "nodes": {
        "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                  "region": "b", "keys": {"kind": "sequential", "count": 1000000},
                  "operations": [{"name": "write", "type": "write"}],
                  "calls": [{"to": "db", "timeout": "50ms"}]},
        "db": {"kind": "primary_replica", "region": "a", "replica_regions": ["b"], )" +
           database + R"("failover": {"interval": "1s", "timeout": "3s", "detector_region": "b")" +
           failover + R"(}}}, "faults": [)" + faults + "]";
}

const std::string cut_off = R"({"kind": "partition", "a": ["db/primary"], "at": "5500ms",
                                "b": ["db/replica/0", "db/detector", "users"], "for": "8s"})";

/// One of the failures of a single node or of the links between two, at a random time; clocks fail
/// only where leases go by them.
std::string random_failure(sim::Rng& rng, bool has_leases) {
    static const std::string nodes[] = {"db/primary", "db/replica/0", "db/replica/1",
                                        "db/detector"};
    const std::string& struck = nodes[rng.below(4)];
    const auto text = [](std::uint64_t milliseconds) {
        return '"' + std::to_string(milliseconds) + R"(ms")";
    };
    const std::string when =
        R"(, "at": )" + text(1000 + rng.below(2000)) + R"(, "for": )" + text(50 + rng.below(2500));
    const std::uint64_t kind = rng.below(6);
    const std::string target = R"("node": ")" + struck + '"' + when;
    if (kind == 0) return R"({"kind": "crash", )" + target + "}";
    if (kind == 1) return R"({"kind": "pause", )" + target + "}";
    if (kind == 2 && struck != "db/detector") return R"({"kind": "disk_stall", )" + target + "}";
    if (kind == 3 && struck != "db/detector" && has_leases) {
        return R"({"kind": "clock_skew", "offset": "1s", "behind": )" +
               std::string{rng.chance(0.5) ? "true" : "false"} + ", " + target + "}";
    }
    std::string others;
    for (const std::string& node : nodes) {
        if (node != struck) others += (others.empty() ? "\"" : ", \"") + node + '"';
    }
    const std::string groups = R"("a": [")" + struck + R"("], "b": [)" + others + "]" + when;
    if (kind < 5) return R"({"kind": "partition", )" + groups + "}";
    return R"({"kind": "packet_loss", "probability": "30%", )" + groups + "}";
}

scenarios::Scenario in_chaos(const std::string& database, const std::string& fencing,
                             sim::Rng& rng) {
    return tests::read_text(
        R"("duration": "7s", "network": {"within": "2ms"}, "nodes": {
        "users": {"kind": "open_loop", "arrivals": "20/s",
                  "keys": {"kind": "sequential", "count": 1000000},
                  "operations": [{"name": "write", "type": "write"}],
                  "calls": [{"to": "db", "timeout": "300ms"}]},
        "db": {"kind": "primary_replica", "replicas": 2, )" +
        database + R"(, "failover": {"interval": "100ms", "timeout": "500ms", "fencing": )" +
        fencing + R"(}}}, "faults": [)" + random_failure(rng, fencing == "true") + "]");
}

}  // namespace

TEST_SUITE("failover") {
    TEST_CASE("a failover takes detection, a round of questions and the redirect of callers") {
        // Heartbeats leave at 0, 1 ... 5 s and arrive 10 ms later. Dead at 5.5 s, suspected at
        // 8.01 s; the dead one does not answer, so the round ends after an interval at 9.01 s; the
        // callers know at 9.51 s. Writes leave each 100 ms: from that of 5.5 s to that of 9.5 s,
        // 41 fail, and that of 9.6 s is the first that the new primary acknowledges.
        const auto found = tests::run_text(
            beside_users(R"(, "redirect_delay": "500ms")",
                         R"({"kind": "crash", "node": "db/primary", "at": "5500ms"})"));
        CHECK(found["db/failovers"] == 1.0);
        CHECK(found["db/recovery_time/max"] == Approx(4.1).epsilon(1e-9));
        CHECK(found["users/requests"] == 200.0);
        CHECK(std::round(found["users/availability"] * 200.0) == 200.0 - 41.0);
        CHECK(found["db/lost_writes"] == 0.0);
    }

    TEST_CASE("a restart before the detector is sure needs no failover") {
        const auto found = tests::run_text(beside_users(
            "", R"({"kind": "crash", "node": "db/primary", "at": "5500ms", "for": "1s"})"));
        CHECK(found["db/failovers"] == 0.0);
        CHECK(found["db/lost_writes"] == 0.0);
        // It serves again once the detector has answered its first heartbeat, at 6.52 s; the write
        // of 6.6 s arrives at 6.61 s.
        CHECK(found["db/recovery_time/max"] == Approx(1.11).epsilon(1e-9));
    }

    TEST_CASE("writes of a fenced primary end with its lease and those of a free one go on") {
        // Local users of the old primary: a write each 100 ms at its own site.
        const auto with = [](const std::string& fencing) {
            const std::string text =
                beside_users(R"(, "fencing": )" + fencing,
                             R"({"kind": "partition", "at": "5550ms", "for": "8s",
                "a": ["db/primary", "users"], "b": ["db/replica/0", "db/detector"]})");
            const std::size_t at = text.find(R"("region": "b")");
            return tests::run_text(text.substr(0, at) + R"("region": "a")" + text.substr(at + 13));
        };
        // The heartbeat of 5 s is the last that was answered: the lease ends at 8 s. Acknowledged
        // and not replicated are the writes of 5.6 s to 7.9 s; no write is accepted twice.
        const auto fenced = with("true");
        CHECK(fenced["db/lost_writes"] == 24.0);
        CHECK(fenced["db/conflicts"] == 0.0);
        // Without fencing the old primary goes on until it meets the new one at 13.55 s.
        const auto unfenced = with("false");
        CHECK(unfenced["db/lost_writes"] >= 80.0);
        CHECK(unfenced["db/lost_writes"] <= 84.0);
        CHECK(unfenced["db/failovers"] == 1.0);
    }

    TEST_CASE("a tail that is kept is not lost") {
        const auto found =
            tests::run_text(beside_users(R"(, "old_tail": "keep")", cut_off, R"("lag": "1s", )"));
        // The entries of the last second before the cut were not on their way yet.
        CHECK(found["db/failovers"] == 1.0);
        CHECK(found["db/kept_writes"] >= 9.0);
        CHECK(found["db/kept_writes"] <= 11.0);
        CHECK(found["db/lost_writes"] == 0.0);
    }

    TEST_CASE("a failover with constant lag loses a Poisson number of writes, as T5 says") {
        // 20 writes/s and 100 ms: mean and variance 2, none with probability e^-2.
        const auto scenario = tests::read_text(R"("duration": "3s", "seed": 5, "nodes": {
            "users": {"kind": "open_loop", "arrivals": "20/s", "calls": ["db"],
                      "operations": [{"name": "write", "type": "write"}]},
            "db": {"kind": "primary_replica", "lag": "100ms",
                   "failover": {"interval": "100ms", "timeout": "300ms"}}},
            "faults": [{"kind": "crash", "node": "db/primary", "at": "2s"}])");
        const int count = 600;
        double sum = 0.0;
        double squares = 0.0;
        double none = 0.0;
        for (const auto& run : tests::replicate(scenario, count)) {
            const double lost = tests::Measured{run}["db/lost_writes"];
            sum += lost;
            squares += (lost - 2.0) * (lost - 2.0);
            none += lost == 0.0 ? 1.0 : 0.0;
        }
        CHECK(std::abs(sum / count - 2.0) < 3.0 * std::sqrt(2.0 / count));
        // Var((X - m)^2) = m + 2 m^2 for a Poisson X.
        CHECK(std::abs(squares / count - 2.0) < 3.0 * std::sqrt(10.0 / count));
        const double p = std::exp(-2.0);
        CHECK(std::abs(none / count - p) < 3.0 * std::sqrt(p * (1.0 - p) / count));
    }

    TEST_CASE("synchronous replication with fencing loses nothing under any single failure") {
        int failovers = 0;
        for (std::uint64_t seed = 0; seed < 1000; ++seed) {
            sim::Rng rng = sim::Rng::named(seed, "chaos", "sync");
            std::string mode = seed % 2 == 0 ? R"("mode": {"kind": "sync", "quorum": "majority"})"
                                             : R"("mode": "sync")";
            if (seed % 4 < 2) mode += R"(, "durability": {"kind": "disk", "fsync_time": "2ms"})";
            const auto scenario = in_chaos(mode, "true", rng);
            tests::BehindCounter sink;
            const auto found =
                tests::run_listening(scenario, static_cast<std::int64_t>(seed), sink);
            CAPTURE(seed);
            REQUIRE(found["db/lost_writes"] == 0.0);
            REQUIRE(sink.missing_at(sink.last_writer()) == 0);
            REQUIRE(found["db/conflicts"] == 0.0);
            failovers += static_cast<int>(found["db/failovers"]);
        }
        CHECK(failovers > 60);
    }

    TEST_CASE("asynchronous replication loses exactly the unreplicated tail, and says so") {
        double lost = 0.0;
        for (std::uint64_t seed = 0; seed < 500; ++seed) {
            sim::Rng rng = sim::Rng::named(seed, "chaos", "async");
            const auto scenario =
                in_chaos(R"("lag": "50ms")", seed % 2 == 0 ? "true" : "false", rng);
            tests::BehindCounter sink;
            const auto found =
                tests::run_listening(scenario, static_cast<std::int64_t>(seed), sink);
            CAPTURE(seed);
            REQUIRE(found["db/lost_writes"] ==
                    static_cast<double>(sink.missing_at(sink.last_writer())));
            lost += found["db/lost_writes"];
        }
        CHECK(lost > 100.0);
    }
}
