// DNS: which site is answered, what resolvers remember, and how long a fail-over takes.
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

using namespace archsim;
using doctest::Approx;

namespace {

std::string site(const std::string& name, const std::string& region) {
    return ", \"" + name + R"(": {"kind": "service", "service_time": "5ms", "region": ")" + region +
           "\"}";
}

/// Requests every 100 ms from "here" to one of two sites: near by 10 ms, away by 50 ms.
tests::Measured two_sites(const std::string& dns, const std::string& duration,
                          const std::string& rest = "", const std::string& users = "") {
    return tests::run_text(R"("duration": ")" + duration + R"(",
        "regions": ["here", "near", "away"], "network": {"within": "3ms",
            "between": [["here", "near", "10ms"], ["here", "away", "50ms"]]}, "nodes": {
        "users": {"kind": "open_loop", "region": "here", "calls": ["dns"],
                  "arrivals": {"kind": "constant", "rate": "10/s"})" +
                           users + R"(},
        "dns": {"kind": "dns", "calls": ["b", "a"])" +
                           dns + "}" + site("a", "near") + site("b", "away") + "}" + rest);
}

}  // namespace

TEST_SUITE("dns") {
    TEST_CASE("the latency policy sends users straight to the site with the least delay") {
        const auto found = two_sites("", "1050ms");
        CHECK(found["users/latency/max"] == Approx(0.025));  // 10 + 5 + 10, nothing to the resolver
        CHECK(found["dns/site/a/share"] == 1.0);
        CHECK(found["dns/lookups"] == Approx(10 / 1.05));
        CHECK(found["dns/hit_ratio"] == 0.0);
    }

    TEST_CASE("a resolver looks up once in a ttl, and that takes its time") {
        // Looked up at 100 ms, known at 130, used until 430: 500 asks anew, known at 530, until
        // 830; 900 asks again.
        const auto found = two_sites(R"(, "ttl": "300ms", "lookup_time": "30ms")", "1050ms");
        CHECK(found["dns/lookups"] == Approx(3 / 1.05));
        CHECK(found["dns/hit_ratio"] == Approx(0.7));
        CHECK(found["users/latency/max"] == Approx(0.055));
        CHECK(found["users/latency/mean"] == Approx(0.025 + 3 * 0.030 / 10));
    }

    TEST_CASE("fail-over takes the detection and what is left of the ttl") {
        // Lookups at 0.1, 5.1 and 10.1 s. The site dies at 7.05 s. Probes of 8, 9 and 10 s find it
        // down, the third takes it out: detection 2.95 s. The record of 5.1 s lives until 10.1 s,
        // 0.1 s more. Requests of 7.1 to 10.0 s fail, 30 of them; that of 10.1 s is answered.
        const std::string check = R"("health_check": {"interval": "1s", "fall": 3})";
        const std::string crash = R"(, "faults": [{"kind": "crash", "node": "a", "at": "7050ms"}])";
        const auto found = two_sites(R"(, "ttl": "5s", )" + check, "12050ms", crash);
        CHECK(found["users/outcome/unreachable"] == Approx(30.0 / 119.0));  // one is on its way
        CHECK(found["dns/failover_time/max"] == Approx(10.1 - 7.1));
        CHECK(found["dns/failovers"] == 1.0);
        CHECK(found["dns/site/b/share"] == Approx(20.0 / 120.0));
        CHECK(found["users/latency/max"] == Approx(0.105));
        // With a ttl of 9 s the record of 0.1 s lives until 9.1 s and is renewed before the
        // detection, so users hang on it until 18.1 s: 110 requests fail.
        const auto longer = two_sites(R"(, "ttl": "9s", )" + check, "19050ms", crash);
        CHECK(longer["users/outcome/unreachable"] == Approx(110.0 / 189.0));
        CHECK(longer["dns/failover_time/max"] == Approx(18.1 - 7.1));
        CHECK(longer["dns/misdirected"] == Approx(81.0 / 190.0));  // 10.0 to 18.0 s
        // Without any memory detection alone counts: the probe of 10.0 s is before the request.
        const auto none = two_sites(R"(, )" + check, "12050ms", crash);
        CHECK(none["dns/failover_time/max"] == Approx(10.0 - 7.1));
        // And without a health check nobody ever turns to the other site.
        const auto blind = two_sites(R"(, "ttl": "5s")", "12050ms", crash);
        CHECK(blind["dns/site/b/share"] == 0.0);
        CHECK(blind["users/outcome/unreachable"] == Approx(50.0 / 120.0));
    }

    TEST_CASE("a site that is back gets its users after the ttl") {
        const auto found = two_sites(
            R"(, "ttl": "1s", "health_check": {"interval": "1s", "fall": 1, "rise": 2})", "12050ms",
            R"(, "faults": [{"kind": "crash", "node": "a", "at": "2050ms", "for": "2s"}])");
        // Down from 2.05 to 4.05 s. Out at 3 s, users leave at 3.1 s; good probes at 5 and 6 s,
        // they return with the lookup of 6.1 s: 30 requests to the other site.
        CHECK(found["dns/site/b/share"] == Approx(30.0 / 120.0));
        CHECK(found["users/outcome/unreachable"] == Approx(10.0 / 120.0));  // 2.1 to 3.0 s
        CHECK(found["dns/failover_time/mean"] == Approx(1.0));
    }

    TEST_CASE("weights decide how often a site is answered") {
        const auto found = two_sites(R"(, "policy": "weighted", "weights": {"a": 3})", "1000s");
        CHECK(std::abs(found["dns/site/a/share"] - 0.75) < 4.0 * std::sqrt(0.75 * 0.25 / 10'000.0));
    }

    TEST_CASE("each population of users has a memory of its own") {
        // One session is one population, so 50 of them look up at different times.
        const auto found =
            two_sites(R"(, "ttl": "100s", "resolvers": 50)", "100s", "", R"(, "sessions": 50)");
        CHECK(found["dns/lookups"] == Approx(50 / 100.0));
        const auto one = two_sites(R"(, "ttl": "100s")", "100s", "", R"(, "sessions": 50)");
        CHECK(one["dns/lookups"] == Approx(1 / 100.0));
    }

    TEST_CASE("geography and latency disagree where cables go another way") {
        // From Sao Paulo, Cape Town is nearer on the globe than Virginia, and 309 ms away instead
        // of 120 ms.
        const auto ask = [](const std::string& policy) {
            return tests::run_text(R"("duration": "1050ms",
                "regions": ["sao_paulo", "cape_town", "virginia"], "network": {"table": "cloud"},
                "nodes": {
                "users": {"kind": "open_loop", "region": "sao_paulo", "calls": ["dns"],
                          "arrivals": {"kind": "constant", "rate": "10/s"}},
                "dns": {"kind": "dns", "policy": ")" +
                                   policy + R"(", "calls": ["south", "north"]})" +
                                   site("south", "cape_town") + site("north", "virginia") + "}");
        };
        CHECK(ask("geographic")["dns/site/south/share"] == 1.0);
        CHECK(ask("latency")["dns/site/north/share"] == 1.0);
        CHECK(ask("latency")["users/latency/max"] == Approx(0.125));  // 60 + 5 + 60 ms
    }

    TEST_CASE("users of each region get the site that is nearest to them") {
        const auto found = tests::run_text(R"("duration": "1050ms", "regions": ["tokyo", "london"],
            "network": {"within": "1ms", "table": "cloud"}, "nodes": {
            "asia": {"kind": "open_loop", "region": "tokyo", "calls": ["dns"],
                     "arrivals": {"kind": "constant", "rate": "10/s"}},
            "europe": {"kind": "open_loop", "region": "london", "calls": ["dns"],
                       "arrivals": {"kind": "constant", "rate": "10/s"}},
            "dns": {"kind": "dns", "policy": "geographic", "calls": ["a", "b"]})" +
                                           site("a", "tokyo") + site("b", "london") + "}");
        CHECK(found["asia/latency/max"] == Approx(0.007));
        CHECK(found["europe/latency/max"] == Approx(0.007));
        CHECK(found["dns/site/a/share"] == Approx(0.5));
    }
}
