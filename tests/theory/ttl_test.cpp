// Time to live against outdatedness: the closed form by itself, and the CDN against it.
#include "models/theory/ttl.hpp"

#include "models/theory/caching.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

using namespace archsim;
using doctest::Approx;

namespace {

/// Readers at `reads` through a CDN with a ttl, editors who write to the store behind its back.
scenarios::Scenario readers_and_editors(const std::string& reads, const std::string& keys,
                                        const std::string& writes, const std::string& ttl) {
    return tests::read_text(R"("duration": "420s", "warm_up": "20s", "nodes": {
        "users": {"kind": "open_loop", "arrivals": ")" +
                            reads + R"(", "keys": )" + keys +
                            R"(, "calls": ["cdn"]},
        "editors": {"kind": "open_loop", "arrivals": ")" +
                            writes + R"(", "keys": )" + keys + R"(, "calls": ["store"],
                    "operations": [{"name": "put", "type": "write"}]},
        "cdn": {"kind": "cdn", "ttl": ")" +
                            ttl + R"(", "calls": ["store"]},
        "store": {"kind": "object_store"}})");
}

}  // namespace

TEST_SUITE("theory") {
    TEST_CASE("a ttl costs what a worked example says") {
        // r = 2/s, w = ln 2 per s, T = 1 s. Outdated area: 1 - (1 - 1/2) / ln 2 = 0.2786525; cycle
        // of 3 reads. Behind: 1/2 - 0.2786525 / ln 2 = 0.0979882.
        const auto found = models::theory::ttl_trade_off(2.0, std::log(2.0), 1.0);
        CHECK(found.hit_ratio == Approx(2.0 / 3.0));
        CHECK(found.fetch_rate == Approx(2.0 / 3.0));
        CHECK(found.stale_ratio == Approx(2.0 * 0.2786525 / 3.0).epsilon(1e-6));
        CHECK(found.staleness == Approx(0.0979882 / 0.2786525).epsilon(1e-5));
        // With writes all the time nearly every hit is outdated, by its whole age: half the ttl.
        const auto often = models::theory::ttl_trade_off(2.0, 1e6, 1.0);
        CHECK(often.stale_ratio == Approx(often.hit_ratio).epsilon(1e-5));
        CHECK(often.staleness == Approx(0.5).epsilon(1e-5));
    }

    TEST_CASE("the CDN agrees with the closed form of a ttl, in load and in outdatedness") {
        const auto scenario =
            readers_and_editors("8/s", R"({"kind": "uniform", "count": 1})", "0.25/s", "2s");
        const auto replications = tests::replicate(scenario, 12);
        const auto truth = models::theory::ttl_trade_off(8.0, 0.25, 2.0);
        const auto sigmas = [&](const char* metric, double value) {
            return tests::estimate_of(replications, metric).sigmas_from(value);
        };
        CHECK(sigmas("cdn/hit_ratio", truth.hit_ratio) < 4.0);
        CHECK(sigmas("cdn/origin_load", truth.fetch_rate) < 4.0);
        CHECK(sigmas("cdn/origin_offload", truth.hit_ratio) < 4.0);
        CHECK(sigmas("cdn/stale_served", truth.stale_ratio) < 4.0);
        CHECK(sigmas("cdn/staleness/mean", truth.staleness) < 4.0);
        // The test has power: a ttl counted wrongly by a tenth would be seen.
        const auto other = models::theory::ttl_trade_off(8.0, 0.25, 2.2);
        CHECK(sigmas("cdn/origin_load", other.fetch_rate) > 6.0);
        CHECK(sigmas("cdn/stale_served", other.stale_ratio) > 3.0);
    }

    TEST_CASE("the hit ratio of many keys is the mean of their closed forms") {
        constexpr int keys = 50;
        const auto scenario = readers_and_editors(
            "20/s", R"({"kind": "zipf", "count": 50, "skew": 0.8})", "1/s", "3s");
        const auto replications = tests::replicate(scenario, 8);
        double truth = 0.0;
        for (const double share : models::theory::zipf_popularity(keys, 0.8)) {
            truth += share * models::theory::ttl_hit_ratio(20.0 * share * 3.0);
        }
        CHECK(tests::estimate_of(replications, "cdn/hit_ratio").sigmas_from(truth) < 4.0);
    }
}
