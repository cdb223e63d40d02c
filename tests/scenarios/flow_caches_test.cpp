// What is known of caches without a run: their hit ratio where keys and policy allow a closed form,
// and else only that no more comes through than went in.
#include "models/theory/caching.hpp"
#include "scenarios/flow.hpp"
#include "scenarios/theory.hpp"
#include "scenarios/topology.hpp"
#include "tests/support/scenario_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace archsim;
using namespace archsim::scenarios;
using doctest::Approx;
using tests::scenario_of;
using tests::service;

namespace {

/// Reads of 100 keys by Zipf's law, 1,000 a second, sent to `calls`; `more` are further members.
std::string readers(const std::string& calls = R"(["cache"])", const std::string& more = "") {
    return R"("users": {"kind": "open_loop", "arrivals": "1000/s", "calls": )" + calls +
           R"(, "keys": {"kind": "zipf", "count": 100, "skew": 1})" + more + "}";
}

/// `"<name>": {...}`: a cache of 10 entries with `more` members.
std::string cache(const std::string& name = "cache", const std::string& calls = "db",
                  const std::string& more = "") {
    return '"' + name + R"(": {"kind": "cache", "capacity": 10, "calls": [")" + calls + R"("])" +
           more + "}";
}

const std::string database = service("db", "exponential 1ms");
/// The share of reads that miss such a cache.
const double miss_ratio =
    1.0 - models::theory::lru_estimate(models::theory::zipf_popularity(100, 1.0), 10).hit_ratio;

/// What a test asks of a component.
struct SeenWithCache {
    double rate = 0.0;
    bool is_bound = false;
    std::string formula;
};

SeenWithCache seen_at(const std::string& name, const std::string& nodes) {
    const Scenario scenario = scenario_of(nodes);
    const World world{scenario, 0};
    const Flow flow = trace_flow(scenario, world);
    for (const ComponentFlow& component : flow.components) {
        if (component.component->name() != name) continue;
        return {flow.rate_at(component), is_upper_bound(flow, component),
                component.cache ? component.cache->formula : ""};
    }
    return {};
}

bool warns_of_overload(const std::string& nodes) {
    const Scenario scenario = scenario_of(nodes);
    models::Diagnostics diagnostics;
    report_findings(scenario, diagnostics);
    return std::ranges::any_of(diagnostics.all(), [](const models::Diagnostic& found) {
        return found.code == models::Code::overload;
    });
}

}  // namespace

TEST_SUITE("flow through caches") {
    TEST_CASE("behind a cache of known hit ratio comes what it misses") {
        const SeenWithCache origin = seen_at("db", readers() + ", " + cache() + ", " + database);
        CHECK(origin.rate == Approx(1000.0 * miss_ratio));
        CHECK_FALSE(origin.is_bound);
        CHECK(seen_at("cache", readers() + ", " + cache() + ", " + database).formula ==
              "Che's approximation, LRU");
        CHECK(seen_at("cache", readers() + ", " +
                                   cache("cache", "db", R"(, "eviction": "random")") + ", " +
                                   database)
                  .formula == "Che's approximation, FIFO");
    }

    TEST_CASE("a balancer and a service on the way leave the law of the keys as it is") {
        const SeenWithCache origin =
            seen_at("db", readers(R"(["lb"])") +
                              R"(, "lb": {"kind": "load_balancer", "calls": ["web"]}, )" +
                              service("web", "0.1ms", R"("instances": 2, "calls": ["cache"])") +
                              ", " + cache() + ", " + database);
        CHECK(origin.rate == Approx(1000.0 * miss_ratio));
    }

    TEST_CASE(
        "where no closed form holds, all that came may come through and nothing is warned of") {
        const std::string slow = service("db", "exponential 2ms");
        const std::string cases[] = {
            cache("cache", "db", R"(, "eviction": "lfu")"),
            cache("cache", "db", R"(, "ttl": "1s")"),  // not room for all keys
            cache("cache", "db", R"(, "instances": 2)"),
        };
        for (const std::string& one : cases) {
            CAPTURE(one);
            const std::string nodes = readers() + ", " + one + ", " + slow;
            const SeenWithCache origin = seen_at("db", nodes);
            CHECK(origin.rate == Approx(1000.0));
            CHECK(origin.is_bound);
            CHECK_FALSE(warns_of_overload(nodes));
        }
    }

    TEST_CASE("an origin that has too much by what its cache misses is warned of") {
        CHECK(warns_of_overload(readers() + ", " + cache() + ", " +
                                service("db", "exponential 5ms")));
        CHECK_FALSE(warns_of_overload(readers() + ", " + cache() + ", " + database));
    }

    TEST_CASE("writes, repeated keys and another cache before it leave no closed form") {
        const std::string writes =
            R"(, "operations": [{"name": "read"}, {"name": "write", "type": "write"}])";
        CHECK(seen_at("cache", readers(R"(["cache"])", writes) + ", " + cache() + ", " + database)
                  .formula.empty());
        const std::string twice =
            R"("web": {"kind": "service", "routes": {"*": [{"call": "cache", "times": 2}]}}, )";
        CHECK(seen_at("cache", readers(R"(["web"])") + ", " + twice + cache() + ", " + database)
                  .formula.empty());
        const std::string both =
            R"("web": {"kind": "service", "routes": {
                "*": [{"call": "cache"}, {"call": "cache"}]}}, )";
        CHECK(seen_at("cache", readers(R"(["web"])") + ", " + both + cache() + ", " + database)
                  .formula.empty());
        const std::string by_operation =
            R"("web": {"kind": "service", "routes": {
                "*": [{"call": "cache", "operation": "a"},
                      {"call": "cache", "operation": "b"}]}}, )";
        CHECK(seen_at("cache",
                      readers(R"(["web"])") + ", " + by_operation + cache() + ", " + database)
                  .formula.empty());
        const std::string by_access =
            R"("web": {"kind": "service", "routes": {
                "*": [{"call": "api", "type": "read"}, {"call": "api", "type": "write"}]}},
               "api": {"kind": "service", "routes": {"*": [{"call": "cache", "type": "read"}]}}, )";
        CHECK(seen_at("cache", readers(R"(["web"])") + ", " + by_access + cache() + ", " + database)
                  .formula.empty());
        const std::string tiers = cache("near", "cache") + ", " + cache() + ", " + database;
        CHECK(seen_at("near", readers(R"(["near"])") + ", " + tiers).formula ==
              "Che's approximation, LRU");
        CHECK(seen_at("cache", readers(R"(["near"])") + ", " + tiers).formula.empty());
    }

    TEST_CASE("room for all keys and a time to live have their closed form") {
        const std::string nodes = readers() + R"(, "cache": {"kind": "cache", "capacity": 100,
            "ttl": "100ms", "calls": ["db"]}, )" +
                                  database;
        double misses = 0.0;
        for (const double p : models::theory::zipf_popularity(100, 1.0)) {
            misses += 1000.0 * p / (1.0 + 1000.0 * p * 0.1);
        }
        CHECK(seen_at("db", nodes).rate == Approx(misses));
        CHECK(seen_at("cache", nodes).formula == "TTL renewal");
    }

    TEST_CASE("the form for a time to live is shown only where fetches take no time") {
        const auto is_shown = [](const std::string& origin, const std::string& edge) {
            const Scenario scenario = scenario_of(readers() + R"(, "cache": {"kind": "cache",
                "capacity": 100, "ttl": "100ms", "calls": [{"to": "db")" +
                                                  edge + "}]}, " + origin);
            const World world{scenario, 0};
            const auto all = predict(scenario, world);
            return std::ranges::find(all, "cache/hit_ratio", &Prediction::metric) != all.end();
        };
        CHECK(is_shown(R"("db": {"kind": "service"})", ""));
        CHECK_FALSE(is_shown(database, ""));
        CHECK_FALSE(is_shown(R"("db": {"kind": "service"})", R"(, "delay": "1ms")"));
    }
}
