// Replication against closed forms and timelines worked out by hand. The forms T2 to T6 and T10 are
// those of Poisson writes, queueing theory and the definition of the modes.
#include "tests/support/behind.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

using doctest::Approx;

namespace {

using namespace archsim;

tests::Estimate over(const std::vector<double>& values) {
    const auto n = static_cast<double>(values.size());
    tests::Estimate estimate;
    for (const double value : values) estimate.mean += value / n;
    double squares = 0.0;
    for (const double value : values) {
        squares += (value - estimate.mean) * (value - estimate.mean);
    }
    estimate.standard_error = std::sqrt(squares / (n - 1.0) / n);
    return estimate;
}

/// One key, 5 writes a second at the primary, reads at the only replica.
scenarios::Scenario one_key(const std::string& database) {
    return tests::read_text(R"("duration": "300s", "seed": 7, "regions": ["a", "b"],
        "network": {"between": [["a", "b", "1ns"]]},
        "nodes": {
            "writers": {"kind": "open_loop", "arrivals": "5/s", "region": "a",
                        "keys": {"kind": "uniform", "count": 1},
                        "operations": [{"name": "write", "type": "write"}], "calls": ["db"]},
            "readers": {"kind": "open_loop", "arrivals": "20/s", "region": "b",
                        "keys": {"kind": "uniform", "count": 1},
                        "operations": [{"name": "read"}], "calls": ["db"]},
            "db": {"kind": "primary_replica", "region": "a", "replica_regions": ["b"],
                   "read_from": "nearest", )" +
                            database + "}}");
}

struct Behind {
    std::vector<std::vector<double>> at_least = std::vector<std::vector<double>>(4);
    std::vector<double> mean;
};

Behind measure(const scenarios::Scenario& scenario, int replications) {
    Behind behind;
    for (int i = 0; i < replications; ++i) {
        tests::BehindCounter sink;
        tests::run_listening(scenario, i, sink);
        for (std::size_t k = 1; k < 4; ++k) behind.at_least[k].push_back(sink.at_least(k));
        behind.mean.push_back(sink.mean());
    }
    return behind;
}

/// Writes of one region to a database with `database` members in its object.
std::string writes(const std::string& rate, const std::string& database,
                   const std::string& rest = "") {
    return R"("regions": ["a", "b"], "network": {"between": [["a", "b", "75ms"]]}, "nodes": {
        "users": {"kind": "open_loop", "arrivals": )" +
           rate + R"(, "region": "a", "keys": {"kind": "sequential", "count": 1000000},
                  "operations": [{"name": "write", "type": "write"}], "calls": ["db"]},
        "db": {"kind": "primary_replica", "region": "a", )" +
           database + "}}" + (rest.empty() ? "" : ", " + rest);
}

std::string constant_rate(const std::string& rate) {
    return R"({"kind": "constant", "rate": ")" + rate + R"("})";
}

}  // namespace

TEST_SUITE("replication") {
    TEST_CASE("independent exponential lags leave a replica k versions behind as T2 says") {
        // Entries are applied by as many workers as there are, each in Exp(10/s): with writes at
        // 5/s the k newest are all missing with probability (1/3) (1/5) (1/7) ...
        const Behind behind =
            measure(one_key(R"("apply_time": {"kind": "exponential", "mean": "100ms"},
                       "apply_workers": 1000, "servers": 1000)"),
                    20);
        CHECK(over(behind.at_least[1]).sigmas_from(1.0 / 3.0) < 3.0);
        CHECK(over(behind.at_least[2]).sigmas_from(1.0 / 15.0) < 3.0);
        CHECK(over(behind.at_least[3]).sigmas_from(1.0 / 105.0) < 3.0);
    }

    TEST_CASE("a constant lag makes the versions behind Poisson as T3 says") {
        const Behind behind = measure(one_key(R"("lag": "100ms")"), 20);
        CHECK(over(behind.at_least[1]).sigmas_from(1.0 - std::exp(-0.5)) < 3.0);
        CHECK(over(behind.at_least[2]).sigmas_from(1.0 - 1.5 * std::exp(-0.5)) < 3.0);
        CHECK(over(behind.mean).sigmas_from(0.5) < 3.0);
    }

    TEST_CASE("single-threaded applying is a queue, and its lag that of M/M/1, as T4 says") {
        const auto scenario = tests::read_text(
            R"("duration": "400s", "warm_up": "20s", "seed": 3, )" +
            writes(R"("50/s")", R"("apply_time": {"kind": "exponential", "mean": "12.5ms"})"));
        const auto runs = tests::replicate(scenario, 12);
        CHECK(tests::estimate_of(runs, "db/replication_lag/mean").sigmas_from(1.0 / 30.0) < 3.0);
        CHECK(tests::estimate_of(runs, "db/apply_queue/mean").sigmas_from(5.0 / 3.0) < 3.0);
        // P(lag > x) = exp(-30 x).
        for (const auto& [quantile, share] :
             {std::pair{"p50", 0.5}, std::pair{"p90", 0.1}, std::pair{"p99", 0.01}}) {
            const std::string metric = std::string{"db/replication_lag/"} + quantile;
            CHECK(tests::estimate_of(runs, metric).sigmas_from(-std::log(share) / 30.0) < 3.0);
        }
    }

    TEST_CASE("after a partition the backlog is worked off at the spare rate, as T6 says") {
        // 50/s constant writes, 100/s applied; cut off from 10 s to 20 s: 500 entries, worked off
        // in 500 / (100 - 50) = 10 s after the entries have been sent again, which takes at most
        // 200 ms longer than the heal.
        const auto scenario = tests::read_text(
            R"("duration": "60s", "seed": 1, )" +
            writes(constant_rate("50/s"), R"("apply_time": "10ms")",
                   R"("faults": [{"kind": "partition", "a": ["db/primary"], "b": ["db/replica/0"],
                                  "at": "10s", "for": "10s"}])"));
        const auto found = tests::Measured{scenarios::run_replication(scenario, 0, {}, {})};
        // The worst lag is that of the first entry cut off, and it falls to 10 ms in a straight
        // line of entries: the 1000 entries from 10 s to 30 s have a mean of about half of it.
        CHECK(found["db/replication_lag/max"] >= 9.98);
        CHECK(found["db/replication_lag/max"] <= 10.3);
        // The area below the backlog: up to 500 in 10 s, down again in 10 s, else half an entry.
        const double triangle = 0.5 * 500.0 * 20.0;
        CHECK(found["db/apply_queue/max"] >= 500.0);
        CHECK(found["db/replication_lag/mean"] * 50.0 * 60.0 ==
              Approx(triangle + 0.01 * 50.0 * 40.0).epsilon(0.05));
    }

    TEST_CASE("a synchronous write takes a round trip to whom it waits for, as T10 says") {
        const std::string far = R"("replicas": 2, "replica_regions": ["a", "b"], "mode": )";
        const auto latency = [&far](const std::string& mode) {
            const auto found =
                tests::run_text(R"("duration": "10s", )" + writes(R"("20/s")", far + mode));
            return found["users/latency/max"];
        };
        CHECK(latency(R"("async")") == 0.0);
        CHECK(latency(R"({"kind": "sync", "quorum": "majority"})") == 0.0);
        CHECK(latency(R"({"kind": "sync", "quorum": "all"})") == Approx(0.150));
        CHECK(latency(R"({"kind": "semi_sync", "count": 2})") == Approx(0.150));
    }

    TEST_CASE("semi-synchronous replication falls back after its timeout and comes back") {
        // A write each second from 1 s on, a round trip of 150 ms, cut off from 2.5 s to 5.5 s.
        // The write of 3 s waits 400 ms in vain; those of 4 and 5 s do not wait; by 6 s the replica
        // has caught up, and the writes of 6 and 7 s take a round trip again.
        const auto found = tests::run_text(
            R"("duration": "7900ms", )" +
            writes(constant_rate("1/s"), R"("replica_regions": ["b"],
                   "mode": {"kind": "semi_sync", "timeout": "400ms"})",
                   R"("faults": [{"kind": "partition", "a": ["db/primary"], "b": ["db/replica/0"],
                                  "at": "2500ms", "for": "3s"}])"));
        CHECK(found["users/requests"] == 7.0);
        CHECK(found["db/semi_sync_fallbacks"] == 1.0);
        CHECK(found["users/latency/max"] == Approx(0.4));
        CHECK(found["users/latency/mean"] == Approx((4 * 0.150 + 0.4) / 7.0).epsilon(1e-3));
    }

    TEST_CASE("memory without flushes loses everything in a crash, disk nothing") {
        const auto lost = [](const std::string& durability) {
            const auto found = tests::run_text(
                R"("duration": "20s", )" +
                writes(constant_rate("10/s"), R"("replicas": 0, "durability": )" + durability,
                       R"("faults": [{"kind": "crash", "node": "db/primary", "at": "10050ms",
                                      "for": "1s"}])"));
            return found["db/lost_writes"];
        };
        // A write at 0.1 s, 0.2 s ... 10.0 s: 100 are acknowledged before the crash. With a flush
        // each 3.05 s those after the flush of 9.15 s are lost: 9.2 ... 10.0 s.
        CHECK(lost(R"("disk")") == 0.0);
        CHECK(lost(R"("memory")") == 100.0);
        CHECK(lost(R"({"kind": "memory", "flush_every": "3050ms"})") == 9.0);
    }

    TEST_CASE("a restarted primary that has forgotten takes its replicas back with it") {
        const auto scenario = tests::read_text(
            R"("duration": "20s", )" +
            writes(constant_rate("10/s"), R"("durability": "memory")",
                   R"("faults": [{"kind": "crash", "node": "db/primary", "at": "10050ms",
                                  "for": "1s"}])"));
        tests::BehindCounter sink;
        tests::run_listening(scenario, 0, sink);
        // 10.1 s to 11.0 s are refused by the crashed primary. What it has acknowledged before is
        // gone everywhere, and the replica holds what was written since.
        CHECK(sink.missing_at(0) == 100);
        CHECK(sink.missing_at(1) == 100);
        CHECK(sink.acknowledged() == 200 - 10);
    }
}
