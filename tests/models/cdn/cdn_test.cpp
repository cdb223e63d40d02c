// A CDN by timelines worked out by hand: users far from the origin, requests at known instants.
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

using namespace archsim;
using doctest::Approx;

namespace {

/// Users in "far" ask for one object at 100, 200 ... 1000 ms. 1 ms within a region, 100 ms between
/// them; a read at the origin takes 5 ms. From a location's miss to its answer: 205 ms.
tests::Measured far_users(const std::string& cdn, const std::string& more = "",
                          const std::string& rest = "") {
    return tests::run_text(R"("duration": "1050ms", "regions": ["base", "far"],
        "network": {"within": "1ms", "between": [["base", "far", "100ms"]]}, "nodes": {
        "users": {"kind": "open_loop", "region": "far", "calls": ["cdn"],
                  "arrivals": {"kind": "constant", "rate": "10/s"}},
        "cdn": {"kind": "cdn", "calls": ["store"])" +
                           cdn + R"(},
        "store": {"kind": "object_store", "region": "base", "read_time": "5ms",
                  "object_size": "5000B"})" +
                           more + "}" + rest);
}

/// Editors there who write at 500 and 1000 ms.
std::string editors(const std::string& call) {
    return R"(, "editors": {"kind": "open_loop", "region": "base", "calls": [)" + call + R"(],
        "arrivals": {"kind": "constant", "rate": "2/s"},
        "operations": [{"name": "put", "type": "write"}]})";
}

const std::string once = R"(, "single_flight": true)";

}  // namespace

TEST_SUITE("cdn") {
    TEST_CASE("pull fetches what is not there, once for each request that comes meanwhile") {
        const auto found = far_users("");
        // The copy of 101 ms arrives at 306 ms; those of 201 and 301 ms miss as well.
        CHECK(found["users/latency/max"] == Approx(0.207));
        CHECK(found["users/latency/mean"] == Approx((3 * 0.207 + 7 * 0.002) / 10));
        CHECK(found["cdn/hit_ratio"] == Approx(0.7));
        CHECK(found["cdn/far/hit_ratio"] == Approx(0.7));
        CHECK(found["store/requests"] == 3.0);
        CHECK(found["cdn/origin_load"] == Approx(3 / 1.05));
        CHECK(found["cdn/origin_offload"] == Approx(0.7));
        CHECK(found["cdn/egress"] == Approx(50'000 / 1.05));
        CHECK(found["cdn/origin_egress"] == Approx(15'000 / 1.05));
        CHECK(found["cdn/stale_served"] == 0.0);
        CHECK_FALSE(found.has("cdn/base/hit_ratio"));  // nobody asks there
        CHECK(found["cdn/stored"] == Approx(5000 * (1.05 - 0.306) / 1.05));
    }

    TEST_CASE("with single flight the others wait for the first") {
        const auto found = far_users(once);
        CHECK(found["users/latency/mean"] == Approx((0.207 + 0.107 + 0.007 + 7 * 0.002) / 10));
        CHECK(found["store/requests"] == 1.0);
        CHECK(found["cdn/hit_ratio"] == Approx(0.7));
        CHECK(found["cdn/origin_offload"] == Approx(0.9));
    }

    TEST_CASE("a copy is used for its ttl and then fetched anew") {
        // 306 ms to 556 ms: hits at 401 and 501; then 601 fetches, 701 and 801 wait until 806.
        const auto found = far_users(once + R"(, "ttl": "250ms")");
        CHECK(found["cdn/hit_ratio"] == Approx(0.4));
        CHECK(found["cdn/expired"] == 1.0);
        CHECK(found["store/requests"] == 2.0);
        CHECK(found["cdn/stored"] == Approx(5000 * (0.601 - 0.306 + 1.05 - 0.806) / 1.05));
    }

    TEST_CASE("content written at the origin behind the CDN's back stays outdated") {
        // Committed at 504 ms; the hits of 601 to 1001 ms are 97 to 497 ms behind.
        const auto found = far_users(once, editors(R"({"to": "store", "delay": "4ms"})"));
        CHECK(found["cdn/stale_served"] == Approx(0.5));
        CHECK(found["cdn/staleness/mean"] == Approx(0.297));
        CHECK(found["cdn/staleness/max"] == Approx(0.497));
        CHECK(found["cdn/purged"] == 0.0);
    }

    TEST_CASE("a write through the CDN purges the copies after its propagation") {
        // At the location base at 501, committed at 502, answered there at 503: dropped at 653 ms.
        // So only the hit of 601 ms is outdated, by 99 ms; 701 fetches, which 801 and 901 wait for.
        const auto found = far_users(once + R"(, "propagation": "150ms")", editors(R"("cdn")"));
        CHECK(found["editors/latency/max"] == Approx(0.004));
        CHECK(found["cdn/stale_served"] == Approx(0.1));
        CHECK(found["cdn/staleness/max"] == Approx(0.099));
        CHECK(found["cdn/purged"] == 1.0);
        CHECK(found["cdn/hit_ratio"] == Approx(0.4));
        CHECK(found["store/requests"] == 4.0);  // 2 fetches, 2 writes
        CHECK(found["cdn/origin_load"] == Approx(4 / 1.05));
        const auto without = far_users(once, editors(R"("cdn")"));
        CHECK(without["cdn/purged"] == 0.0);
        CHECK(without["cdn/stale_served"] == Approx(0.5));
    }

    TEST_CASE("a fetch that read before a write brings the old content back after the purge") {
        // The write of 500 ms is committed at 502 and purged at 503 ms. The fetch that was sent at
        // 401 ms has read at 501 ms and is there at 606 ms.
        const auto found = tests::run_text(R"("duration": "950ms", "regions": ["base", "far"],
            "network": {"within": "1ms", "between": [["base", "far", "100ms"]]}, "nodes": {
            "users": {"kind": "open_loop", "region": "far", "calls": ["cdn"],
                      "arrivals": {"kind": "constant", "rate": "2.5/s"}},
            "editors": {"kind": "open_loop", "region": "base", "calls": ["cdn"],
                        "arrivals": {"kind": "constant", "rate": "2/s"},
                        "operations": [{"name": "put", "type": "write"}]},
            "cdn": {"kind": "cdn", "calls": ["store"], "propagation": "0s"},
            "store": {"kind": "object_store", "region": "base", "read_time": "5ms"}})");
        CHECK(found["cdn/purged"] == 0.0);
        CHECK(found["cdn/stale_served"] == Approx(1.0));     // at 606 and at 801 ms
        CHECK(found["cdn/staleness/max"] == Approx(0.299));  // 801 - 502
    }

    TEST_CASE("push has everything there and sends new content along") {
        const std::string push = R"(, "mode": "push", "objects": 1, "object_size": "5000B")";
        const auto quiet = far_users(push);
        CHECK(quiet["cdn/hit_ratio"] == 1.0);
        CHECK(quiet["users/latency/max"] == Approx(0.002));
        CHECK(quiet["store/requests"] == 0.0);
        CHECK(quiet["cdn/stored"] == Approx(10'000.0));  // two locations
        const auto found = far_users(push + R"(, "propagation": "150ms")", editors(R"("cdn")"));
        CHECK(found["cdn/hit_ratio"] == 1.0);
        CHECK(found["cdn/stale_served"] == Approx(0.1));
        CHECK(found["cdn/staleness/max"] == Approx(0.099));
        const auto behind = far_users(push, editors(R"({"to": "store", "delay": "4ms"})"));
        CHECK(behind["cdn/stale_served"] == Approx(0.5));
    }

    TEST_CASE("locations share the fetches of a shield") {
        // far -> shield 100, shield -> store 1 + 5 + 1, back 100: 207 ms for the first of far.
        const std::string near = R"(, "neighbours": {"kind": "open_loop", "region": "base",
            "calls": ["cdn"], "arrivals": {"kind": "constant", "rate": "1.25/s"}})";
        const auto found = far_users(once + R"(, "shield": "base")", near);
        CHECK(found["users/latency/max"] == Approx(0.209));
        // At 800 ms a neighbour: location base, shield, both ways, and nothing of the origin.
        CHECK(found["neighbours/latency/max"] == Approx(0.004));
        CHECK(found["store/requests"] == 1.0);
        CHECK(found["cdn/hit_ratio"] == Approx(7.0 / 11.0));
        const auto dead = far_users(once + R"(, "shield": "base")", near, R"(, "faults": [
            {"kind": "crash", "node": "cdn/shield", "at": "0s"}])");
        CHECK(dead["users/availability"] == 1.0);
        CHECK(dead["users/latency/max"] == Approx(0.2 + 0.207));
    }

    TEST_CASE("users of a location that is down go to the next nearest") {
        const auto found = far_users(once, "", R"(, "faults": [
            {"kind": "crash", "node": "cdn/far", "at": "450ms", "for": "300ms"}])");
        // 500, 600 and 700 ms reach base at once: a fetch of 1 + 5 + 1 ms, then hits. From 800 on
        // far begins empty: 205 ms, which 900 and 1000 wait for.
        CHECK(found["users/availability"] == 1.0);
        CHECK(found["cdn/base/hit_ratio"] == Approx(2.0 / 3.0));
        CHECK(found["cdn/far/hit_ratio"] == Approx(1.0 / 7.0));  // 401 of 7; 1001 comes before 1006
    }

    TEST_CASE("a full location evicts, and its users fetch again") {
        // Keys 0, 1, 2, 0, 1 ... in turn with room for two objects: LRU never has the next one.
        const auto found = tests::run_text(R"("duration": "1050ms", "nodes": {
            "users": {"kind": "open_loop", "calls": ["cdn"],
                      "keys": {"kind": "sequential", "count": 3},
                      "arrivals": {"kind": "constant", "rate": "10/s"}},
            "cdn": {"kind": "cdn", "calls": ["store"], "capacity": "10000B"},
            "store": {"kind": "object_store", "object_size": "5000B"}})");
        CHECK(found["cdn/hit_ratio"] == 0.0);
        CHECK(found["cdn/evictions"] == 8.0);
        CHECK(found["cdn/0/hit_ratio"] == 0.0);
    }

    TEST_CASE("three regions to the cent and the millisecond") {
        // All from memory: 1 + 10 + 1 ms for 125 000 bytes at 100 Mbit/s within a region. In 100 s:
        // 2000, 1000 and 500 requests. In a month of 2 628 000 s: 52.56, 26.28 and 13.14 million
        // requests, 6570, 3285 and 1642.5 GB.
        const auto users = [](const std::string& region, const std::string& rate) {
            return R"("in_)" + region + R"(": {"kind": "open_loop", "region": ")" + region +
                   R"(", "arrivals": {"kind": "constant", "rate": ")" + rate +
                   R"("}, "calls": ["cdn"]},)";
        };
        const auto scenario =
            tests::read_text(R"("duration": "100025ms", "warm_up": "25ms",
            "regions": ["sao_paulo", "virginia", "beijing"],
            "network": {"within": "1ms", "table": "cloud", "bandwidth": {"within": "100Mbps"}},
            "nodes": {)" + users("sao_paulo", "20/s") +
                             users("virginia", "10/s") + users("beijing", "5/s") + R"(
            "cdn": {"kind": "cdn", "mode": "push", "objects": 1, "object_size": "125000B",
                    "price": {"request": "$0.75/1M", "sent": "$0.08/GB",
                        "sent_from": [["sao_paulo", "$0.11/GB"], ["beijing", "$0.14/GB"]],
                        "storage": "$20/GB"}, "calls": ["store"]},
            "store": {"kind": "object_store", "region": "sao_paulo", "object_size": "125000B"}})");
        const tests::Measured found{
            scenarios::run_replication(scenario, 0, scenario.warm_up.length, {})};
        for (const std::string region : {"sao_paulo", "virginia", "beijing"}) {
            CHECK(found["in_" + region + "/latency/mean"] == Approx(0.012).epsilon(1e-9));
            CHECK(found["in_" + region + "/latency/max"] == Approx(0.012));
        }
        const double cent = 0.005;
        CHECK(std::abs(found["cost/cdn/requests"] - 68.985) < cent);  // 91.98 million x 0.75
        CHECK(std::abs(found["cost/cdn/sent/sao_paulo"] - 722.70) < cent);
        CHECK(std::abs(found["cost/cdn/sent/virginia"] - 262.80) < cent);
        CHECK(std::abs(found["cost/cdn/sent/beijing"] - 229.95) < cent);
        CHECK(std::abs(found["cost/cdn/storage"] - 0.0075) < 1e-9);  // 375 000 bytes
        CHECK(std::abs(found["cost/cdn"] - 1284.4425) < cent);       // 68.985 + 1215.45 + 0.0075
    }

    TEST_CASE("without the copy a user in Beijing waits for Sao Paulo and back") {
        // 1 + 184.5 + 5 + transfers + 184.5 + 1 ms, by the table's 369 ms.
        const auto found = tests::run_text(R"("duration": "1100ms",
            "regions": ["sao_paulo", "beijing"], "network": {"within": "1ms", "table": "cloud"},
            "nodes": {
            "users": {"kind": "open_loop", "region": "beijing", "calls": ["cdn"],
                      "arrivals": {"kind": "constant", "rate": "2/s"}},
            "cdn": {"kind": "cdn", "calls": ["store"]},
            "store": {"kind": "object_store", "region": "sao_paulo", "read_time": "5ms"}})");
        CHECK(found["users/latency/max"] == Approx(0.376));   // at 500 ms
        CHECK(found["users/latency/mean"] == Approx(0.189));  // and 2 ms at 1000 ms
    }
}
