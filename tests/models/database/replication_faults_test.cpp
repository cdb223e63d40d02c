// Disks that stall and clocks that are wrong under a primary with replicas, by hand.
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using doctest::Approx;

namespace {

using namespace archsim;

/// Writes at 0.1 s, 0.2 s ... 9.9 s and as many reads, a disk that takes 5 ms, and one fault.
std::string stalled(const std::string& mode, const std::string& fault) {
    return R"("duration": "9950ms", "nodes": {
        "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                  "keys": {"kind": "sequential", "count": 1000},
                  "operations": [{"name": "write", "type": "write"}], "calls": ["db"]},
        "readers": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                    "keys": {"kind": "sequential", "count": 1000}, "calls": ["db"]},
        "db": {"kind": "primary_replica", "mode": )" +
           mode + R"(, "durability": {"kind": "disk", "fsync_time": "5ms"}}},
        "faults": [{"kind": "disk_stall", "at": "5050ms", "for": "2s", )" +
           fault + "}]";
}

/// Users beside the primary, cut off with it from replica and detector at 5.55 s; its lease is the
/// heartbeat of 5 s and 3 s more.
std::string cut_off_with_its_users(const std::string& clock) {
    return R"("duration": "20s", "regions": ["a", "b"],
        "network": {"between": [["a", "b", "10ms"]]}, "nodes": {
        "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                  "region": "a", "keys": {"kind": "sequential", "count": 1000000},
                  "operations": [{"name": "write", "type": "write"}],
                  "calls": [{"to": "db", "timeout": "50ms"}]},
        "db": {"kind": "primary_replica", "region": "a", "replica_regions": ["b"],
               "failover": {"interval": "1s", "timeout": "3s", "detector_region": "b"}}},
        "faults": [{"kind": "partition", "at": "5550ms", "for": "8s",
                    "a": ["db/primary", "users"], "b": ["db/replica/0", "db/detector"]})" +
           clock + "]";
}

}  // namespace

TEST_SUITE("replication faults") {
    TEST_CASE("the disk of a member that stands still does so too") {
        // The write of 5.1 s has been forced for 2 ms when the pause begins, and has 3 ms to go.
        const auto found = tests::run_text(R"("duration": "9950ms", "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                      "operations": [{"name": "write", "type": "write"}], "calls": ["db"]},
            "db": {"kind": "primary_replica", "replicas": 0,
                   "durability": {"kind": "disk", "fsync_time": "5ms"}}},
            "faults": [{"kind": "pause", "node": "db", "at": "5102ms", "for": "2s"}])");
        CHECK(found["users/latency/max"] == Approx(2.005).epsilon(1e-9));
    }

    TEST_CASE("writes wait for a disk that stands still, reads do not") {
        // The write of 5.1 s is being forced when the disk goes on at 7.05 s: done at 7.055 s;
        // those of 5.2 s to 7.0 s go to disk together and are done at 7.06 s. The other 79 take 5
        // ms.
        const auto found = tests::run_text(stalled(R"("async")", R"("node": "db/primary")"));
        double together = 0.0;
        for (int i = 52; i <= 70; ++i) together += 7.06 - 0.1 * i;
        CHECK(found["users/requests"] == 99.0);
        CHECK(found["users/latency/max"] == Approx(1.955));
        CHECK(found["users/latency/mean"] * 99.0 == Approx(79 * 0.005 + 1.955 + together));
        CHECK(found["readers/latency/max"] == 0.0);
    }

    TEST_CASE("a replica's disk holds up synchronous writes and nobody else") {
        const std::string replica = R"("node": "db/replica/0")";
        // Appended 5 ms after it came, the first entry that meets the stall is that of 5.1 s.
        const auto async = tests::run_text(stalled(R"("async")", replica));
        CHECK(async["users/latency/max"] == Approx(0.005));
        CHECK(async["db/replication_lag/max"] == Approx(7.055 - 5.105));
        const auto sync = tests::run_text(stalled(R"("sync")", replica));
        CHECK(sync["users/latency/p50"] == Approx(0.010).epsilon(0.01));
        CHECK(sync["users/latency/max"] == Approx(7.055 - 5.1));
    }

    TEST_CASE("a slow disk takes longer, and a database in memory has none") {
        // Writes from 5.1 s to 7.0 s take three times as long.
        const auto found =
            tests::run_text(stalled(R"("async")", R"("node": "db/primary", "factor": 3)"));
        CHECK(found["users/latency/max"] == Approx(0.015));
        CHECK(found["users/latency/mean"] * 99.0 == Approx(79 * 0.005 + 20 * 0.015));
        CHECK_THROWS_WITH_AS(static_cast<void>(tests::run_text(R"("duration": "1s", "nodes": {
            "users": {"kind": "open_loop", "arrivals": "1/s", "calls": ["db"]},
            "db": {"kind": "primary_replica", "durability": "memory"}},
            "faults": [{"kind": "disk_stall", "node": "db/primary", "at": "0s"}])")),
                             doctest::Contains("db/primary writes to no disk"), std::runtime_error);
    }

    TEST_CASE("a lease lasts as long as the clock of the primary says") {
        // Right: until 8 s, with the writes of 5.6 s to 7.9 s. Set back 2 s at 6.05 s: until 10 s.
        // Set ahead: at once, after those of 5.6 s to 6.0 s.
        const std::string skew = R"(, {"kind": "clock_skew", "node": "db/primary", "at": "6050ms",
                                       "offset": "2s")";
        CHECK(tests::run_text(cut_off_with_its_users(""))["db/lost_writes"] == 24.0);
        const auto back = tests::run_text(cut_off_with_its_users(skew + R"(, "behind": true})"));
        CHECK(back["db/lost_writes"] == 44.0);
        CHECK(back["db/failovers"] == 1.0);
        CHECK(tests::run_text(cut_off_with_its_users(skew + "}"))["db/lost_writes"] == 5.0);
    }

    TEST_CASE("without leases or bounded lag nothing goes by the clock") {
        CHECK_THROWS_WITH_AS(static_cast<void>(tests::run_text(R"("duration": "1s", "nodes": {
            "users": {"kind": "open_loop", "arrivals": "1/s", "calls": ["db"]},
            "db": {"kind": "primary_replica"}},
            "faults": [{"kind": "clock_skew", "node": "db/primary", "at": "0s",
                        "offset": "1s"}])")),
                             doctest::Contains("does nothing by its clock"), std::runtime_error);
    }
}
