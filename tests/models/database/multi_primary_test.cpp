// Several primaries against timelines worked out by hand and against closed forms.
#include "tests/support/site_value.hpp"
#include "tests/support/small_run.hpp"
#include "tests/support/steps.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <deque>
#include <stdexcept>
#include <string>
#include <vector>

using doctest::Approx;

namespace {

using namespace archsim;
using models::Outcome;
using sim::Duration;
using tests::held;

/// A database asked directly, whose sites are 50 ms from one another.
scenarios::Scenario database(int sites, const std::string& members, const std::string& rest = "") {
    return tests::read_text(
        R"("duration": "100s", "seed": 11, "history": false, "regions": ["a", "b", "c"],
        "network": {"between": [["a", "b", "50ms"], ["a", "c", "50ms"], ["b", "c", "50ms"]]},
        "nodes": {
        "users": {"kind": "open_loop", "region": "a", "calls": [{"to": "db", "timeout": "1s"}],
                  "arrivals": {"kind": "constant", "rate": "0.0001/s"}},
        "db": {"kind": "multi_primary", "region": "a", "sites": )" +
        std::to_string(sites) + R"(, "site_regions": )" +
        (sites == 2 ? R"(["a", "b"])" : R"(["a", "b", "c"])") +
        (members.empty() ? "" : ", " + members) + "}}" + (rest.empty() ? "" : ", " + rest));
}

/// One site a region, which are `between` apart, with users of their own.
std::string two_users(const std::string& between, const std::string& users_a,
                      const std::string& users_b, const std::string& database) {
    return R"("regions": ["a", "b"], "network": {"between": [["a", "b", ")" + between +
           R"("]]}, "nodes": {
        "west": {"kind": "open_loop", "region": "a", "calls": [{"to": "db", "timeout": "1s"}], )" +
           users_a + R"(},
        "east": {"kind": "open_loop", "region": "b", "calls": [{"to": "db", "timeout": "1s"}], )" +
           users_b + R"(},
        "db": {"kind": "multi_primary", "site_regions": ["a", "b"])" +
           database + "}}";
}

/// Writes to so many keys, until 75 s.
std::string writes_for_a_while(const std::string& rate, int keys) {
    return fmt::format(R"("arrivals": {{"kind": "profile", "steps": true,
                              "points": [["0s", "{}"], ["75s", "0/s"]]}},
                          "keys": {{"kind": "uniform", "count": {}}},
                          "operations": [{{"name": "write", "type": "write"}}])",
                       rate, keys);
}

std::string writes(const std::string& rate, int keys) {
    return fmt::format(R"("arrivals": "{}", "keys": {{"kind": "uniform", "count": {}}},
                          "operations": [{{"name": "write", "type": "write"}}])",
                       rate, keys);
}

}  // namespace

TEST_SUITE("multi primary") {
    TEST_CASE("of two writes within the delay both conflict, and the later one stays") {
        // Site 0 writes at 1.00 s and site 1 at 1.01 s; the news cross and arrive 50 ms later.
        tests::DatabaseSteps steps{database(2, "")};
        steps.wait(Duration::seconds(1));
        CHECK(steps.write(0, 1, 1).outcome == Outcome::ok);
        steps.wait(Duration::milliseconds(10));
        CHECK(steps.write(1, 1, 2).outcome == Outcome::ok);
        steps.wait(Duration::milliseconds(45));
        CHECK(steps.read(0, 1).version == 1);
        CHECK(steps.read(1, 1).version == 2);
        steps.wait(Duration::milliseconds(10));
        CHECK(steps.read(0, 1).version == 2);
        CHECK(steps.read(1, 1).version == 2);
        CHECK(steps.metric("db/conflicts") == 2.0);
        CHECK(steps.metric("db/discarded_writes") == 1.0);
        CHECK(steps.metric("db/replication_lag/max") == Approx(0.05));
        // From the first write until the news of the second one has come.
        CHECK(steps.metric("db/convergence_time/max") == Approx(0.06));
        // One delay later a write knows the one before and is in no conflict.
        CHECK(steps.write(0, 1, 3).outcome == Outcome::ok);
        steps.wait(Duration::seconds(1));
        CHECK(steps.read(1, 1).version == 3);
        CHECK(steps.metric("db/conflicts") == 2.0);
        CHECK(steps.metric("db/discarded_writes") == 1.0);
        CHECK(steps.metric("db/lost_writes") == 0.0);
    }

    TEST_CASE("a clock that is behind discards the later of two writes, but none that knows it") {
        tests::DatabaseSteps steps{database(2, "")};
        steps.member(1).set_clock_offset(-Duration::milliseconds(30));
        steps.wait(Duration::seconds(1));
        CHECK(steps.write(0, 1, 1).outcome == Outcome::ok);
        steps.wait(Duration::milliseconds(10));
        // At 1.01 s, which its clock takes for 0.98 s.
        CHECK(steps.write(1, 1, 2).outcome == Outcome::ok);
        steps.wait(Duration::seconds(1));
        CHECK(steps.read(0, 1).version == 1);
        CHECK(steps.read(1, 1).version == 1);
        CHECK(steps.metric("db/discarded_writes") == 1.0);
        // An hour behind, and yet after the write that the site knows.
        steps.member(1).set_clock_offset(-Duration::hours(1));
        CHECK(steps.write(1, 1, 3).outcome == Outcome::ok);
        steps.wait(Duration::seconds(1));
        CHECK(steps.read(0, 1).version == 3);
        CHECK(steps.metric("db/discarded_writes") == 1.0);
    }

    TEST_CASE("the fault clock_skew reaches the sites") {
        // Site 1 is 30 ms behind from 1 s to 5 s; each time it writes 10 ms after site 0.
        tests::DatabaseSteps steps{database(
            2, "", R"("faults": [{"kind": "clock_skew", "node": "db/1", "at": "1s", "for": "4s",
                                  "offset": "30ms", "behind": true}])")};
        for (const std::uint64_t first : {1, 3}) {
            steps.wait(Duration::seconds(3));
            CHECK(steps.write(0, first, first).outcome == Outcome::ok);
            steps.wait(Duration::milliseconds(10));
            CHECK(steps.write(1, first, first + 1).outcome == Outcome::ok);
            steps.wait(Duration::seconds(1));
            CHECK(steps.read(0, first).version == (first == 1 ? 1 : 4));
            CHECK(steps.read(1, first).version == (first == 1 ? 1 : 4));
        }
    }

    TEST_CASE("siblings stay side by side until a write or a merge that knows them") {
        // Versions far from 1, 2, ..., which the database gives its merges.
        for (const bool at_read : {false, true}) {
            tests::DatabaseSteps steps{database(
                2,
                R"("value_size": "1KiB", "mode": {"kind": "async", "conflicts": {"kind": "siblings",
                   "merge": ")" +
                    std::string{at_read ? "at_read" : "at_write"} + R"("}})")};
            CHECK(steps.write(0, 1, 101).outcome == Outcome::ok);
            CHECK(steps.write(1, 1, 102).outcome == Outcome::ok);
            steps.wait(Duration::seconds(1));
            CHECK(held(steps, 1, 1).siblings().size() == 2);
            const auto both = steps.read(0, 1);
            CHECK(both.version == 102);
            CHECK(both.size.count() == 2048);
            steps.wait(Duration::seconds(1));
            CHECK(steps.metric("db/merges") == (at_read ? 1.0 : 0.0));
            CHECK(held(steps, 1, 1).siblings().size() == (at_read ? 1 : 2));
            CHECK(steps.read(1, 1).version == 102);
            CHECK(steps.write(1, 1, 109).outcome == Outcome::ok);
            steps.wait(Duration::seconds(1));
            CHECK(steps.read(0, 1).version == 109);
            CHECK(steps.read(0, 1).size.count() == 1024);
            CHECK(steps.metric("db/discarded_writes") == 0.0);
            CHECK(steps.metric("db/conflicts") == 2.0);
        }
    }

    TEST_CASE("Poisson writes of two sites conflict as often as the closed form says") {
        // Writes of site a come at rate a, of site b at rate b, to one key; the news take D. A
        // write of a at t is concurrent with one of b at u iff neither knew the other, |t - u| < D:
        // a window of 2 D in which b writes nothing with probability exp(-2 b D). All others know
        // each other by transitivity, for a site that knows a write knows what it replaced.
        const double a = 5.0;
        const double b = 8.0;
        const double delay = 0.02;
        const double length = 200.0;
        const double truth = length * (a * (1.0 - std::exp(-2.0 * b * delay)) +
                                       b * (1.0 - std::exp(-2.0 * a * delay)));
        const auto scenario =
            tests::read_text(R"("duration": "200s", "seed": 3, "history": false, )" +
                             two_users("20ms", writes("5/s", 1), writes("8/s", 1), ""));
        const auto runs = tests::replicate(scenario, 20);
        CHECK(tests::estimate_of(runs, "db/conflicts").sigmas_from(truth) < 3.0);
    }

    TEST_CASE("a partition discards the losing side's writes as the closed form says") {
        // Each of K keys is written at rates a and b on the two sides of a partition of length T.
        // The last write decides which side stays: with n = (a + b) T, the other side's writes come
        // to 2 a b / (a + b)^2 (n - 1 + exp(-n)) a key on average.
        const double keys = 200.0;
        const double a = 0.06;
        const double b = 0.04;
        const double n = (a + b) * 60.0;
        const double truth = keys * 2.0 * a * b / (a + b) / (a + b) * (n - 1.0 + std::exp(-n));
        const auto scenario = tests::read_text(
            R"("duration": "80s", "seed": 4, )" +
            two_users("1ms", writes_for_a_while("12/s", 200), writes_for_a_while("8/s", 200), "") +
            R"(, "faults": [{"kind": "partition", "a": ["db/0", "west"], "b": ["db/1", "east"],
                             "at": "10s", "for": "60s"}])");
        const auto runs = tests::replicate(scenario, 20);
        CHECK(tests::estimate_of(runs, "db/discarded_writes").sigmas_from(truth) < 3.0);
        for (const auto& run : runs) {
            // Two ways of counting: by the database and from the history.
            const tests::Measured found{run};
            REQUIRE(found.has("consistency/discarded_writes"));
            REQUIRE(found["db/discarded_writes"] == found["consistency/discarded_writes"]);
            REQUIRE(found["db/convergence_time/max"] >= 55.0);
            REQUIRE(found["consistency/convergence_time"] <= 2.0);
        }
    }

    TEST_CASE("only the last write that wins discards others, as the history sees it") {
        for (const std::string rule : {"last_write_wins", "siblings", "counter", "set"}) {
            CAPTURE(rule);
            const auto found = tests::run_text(
                R"("duration": "80s", "seed": 6, )" +
                two_users("1ms", writes_for_a_while("12/s", 50), writes_for_a_while("8/s", 50),
                          R"(, "mode": {"kind": "async", "conflicts": ")" + rule + R"("})") +
                R"(, "faults": [{"kind": "partition", "a": ["db/0", "west"], "b": ["db/1", "east"],
                                 "at": "10s", "for": "60s"}])");
            const bool discards = rule == "last_write_wins";
            CHECK(found["db/conflicts"] > 500.0);
            CHECK(found["consistency/conflicts"] > 10.0);
            CHECK((found["consistency/discarded_writes"] > 100.0) == discards);
            CHECK(found["db/discarded_writes"] == found["consistency/discarded_writes"]);
            if (!discards) CHECK(found["db/discarded_writes"] == 0.0);
        }
    }

    TEST_CASE("a synchronous write takes as long as its farthest site, and longer with more") {
        // 2 ms of work at the site of the write; there and back to each other site, with 3 ms of
        // work there. From a: b is 10 ms away, c 40 ms; from b to c 30 ms.
        const auto latency = [](const std::string& region, const std::string& sites) {
            const auto found = tests::run_text(R"("duration": "10s", "regions": ["a", "b", "c"],
                "network": {"between": [["a", "b", "10ms"], ["a", "c", "40ms"],
                                        ["b", "c", "30ms"]]},
                "nodes": {"users": {"kind": "open_loop", "region": ")" +
                                               region + R"(", "calls": ["db"],
                    "arrivals": {"kind": "constant", "rate": "1/s"},
                    "keys": {"kind": "sequential", "count": 100},
                    "operations": [{"name": "write", "type": "write"}]},
                "db": {"kind": "master_master", "mode": "sync", "write_time": "2ms",
                       "apply_time": "3ms", )" +
                                               sites + "}}");
            CHECK(found["users/availability"] == 1.0);
            CHECK(found["db/conflicts"] == 0.0);
            return found["users/latency/max"];
        };
        const std::string all = R"("sites": 3, "site_regions": ["a", "b", "c"])";
        CHECK(latency("a", R"("site_regions": ["a", "b"])") == Approx(0.025));
        CHECK(latency("a", all) == Approx(0.085));
        CHECK(latency("b", all) == Approx(0.065));
    }

    TEST_CASE("with random delays a synchronous write waits for the slowest of its sites") {
        // There and back takes the sum of two Exp(1 s), whose distribution function is
        // F(t) = 1 - (1 + t) exp(-t); the slowest of k has the mean of the integral of 1 - F^k.
        double before = 0.0;
        for (const int sites : {2, 3, 5}) {
            double truth = 0.0;
            const double step = 0.001;
            for (double t = step / 2.0; t < 60.0; t += step) {
                truth += step * (1.0 - std::pow(1.0 - (1.0 + t) * std::exp(-t), sites - 1));
            }
            // So rarely that no letter waits for the one before it.
            const auto scenario = tests::read_text(
                R"("duration": "30000s", "seed": 8, "history": false,
                "network": {"within": {"kind": "exponential", "mean": "1s"}},
                "nodes": {"users": {"kind": "open_loop",
                    "calls": [{"to": "db", "delay": "0s"}],
                    "arrivals": {"kind": "constant", "rate": "0.02/s"},
                    "keys": {"kind": "sequential", "count": 100000},
                    "operations": [{"name": "write", "type": "write"}]},
                "db": {"kind": "multi_primary", "mode": {"kind": "sync", "timeout": "1h"},
                       "sites": )" +
                std::to_string(sites) + "}}");
            const auto found =
                tests::estimate_of(tests::replicate(scenario, 10), "users/latency/mean");
            CHECK(found.sigmas_from(truth) < 4.0);
            CHECK(found.mean > before);
            before = found.mean;
        }
    }

    TEST_CASE("of two synchronous writes at once one is refused, and all sites hold the other") {
        tests::DatabaseSteps steps{database(3, R"("mode": "sync")")};
        steps.wait(Duration::seconds(1));
        const auto& first = steps.ask(0, 1, 1);
        steps.wait(Duration::milliseconds(10));
        const auto& second = steps.ask(1, 1, 2);
        steps.wait(Duration::milliseconds(45));
        // Site 1 knows of the first proposal: readers wait, until the votes of the others are in.
        const auto& reader = steps.ask(1, 1, 0);
        CHECK_FALSE(reader.has_answer());
        steps.wait(Duration::seconds(1));
        CHECK(first.answer().outcome == Outcome::ok);
        CHECK(first.latency() == Duration::milliseconds(100));
        CHECK(second.answer().outcome == Outcome::rejected);
        CHECK(reader.answer().version == 1);
        for (const std::size_t site : {0, 1, 2}) CHECK(steps.read(site, 1).version == 1);
        CHECK(steps.metric("db/conflicts") == 1.0);
        // The one that was refused may be tried again.
        const auto& again = steps.ask(1, 1, 2);
        steps.wait(Duration::seconds(1));
        CHECK(again.answer().outcome == Outcome::ok);
        for (const std::size_t site : {0, 1, 2}) CHECK(steps.read(site, 1).version == 2);
    }

    TEST_CASE("a synchronous write that a site cannot vote on times out and is done later") {
        tests::DatabaseSteps steps{database(3, R"("mode": {"kind": "sync",
                                               "timeout": "500ms"})")};
        steps.member(2).crash();
        const auto& write = steps.ask(0, 1, 1);
        steps.wait(Duration::seconds(3));
        CHECK(write.answer().outcome == Outcome::timed_out);
        CHECK(write.latency() == Duration::milliseconds(500));
        // The key is closed meanwhile, others are not.
        const auto& reader = steps.ask(1, 1, 0);
        CHECK(steps.read(1, 2).outcome == Outcome::ok);
        steps.wait(Duration::seconds(1));
        CHECK(reader.answer().outcome == Outcome::rejected);
        steps.member(2).restart();
        steps.wait(Duration::seconds(3));
        for (const std::size_t site : {0, 1, 2}) CHECK(steps.read(site, 1).version == 1);
    }

    TEST_CASE("synchronous sites are linearizable, asynchronous ones are not") {
        const auto run = [](const std::string& mode) {
            const std::string mixed = R"("arrivals": "20/s", "keys": {"kind": "uniform",
                "count": 5}, "operations": [{"name": "read"}, {"name": "write", "type": "write"}])";
            const auto scenario =
                tests::read_text(R"("duration": "20s", "seed": 9, )" +
                                 two_users("30ms", mixed, mixed, R"(, "mode": )" + mode));
            return tests::estimate_of(tests::replicate(scenario, 10), "consistency/linearizable")
                .mean;
        };
        CHECK(run(R"("sync")") == Approx(1.0));
        CHECK(run(R"("async")") == 0.0);
    }

    TEST_CASE("a site that never comes back takes with it what it had not sent") {
        // Writes at 0.1 s, 0.2 s ... 10 s, sent 1 s later; dead at 10.05 s: 9.1 s to 10.0 s are on
        // no other site. One that comes back loses none.
        for (const bool comes_back : {false, true}) {
            const auto found = tests::run_text(
                R"("duration": "20s", )" +
                two_users("10ms",
                          R"("arrivals": {"kind": "constant", "rate": "10/s"},
                             "keys": {"kind": "sequential", "count": 1000000},
                             "operations": [{"name": "write", "type": "write"}])",
                          R"("arrivals": {"kind": "constant", "rate": "0.0001/s"})",
                          R"(, "lag": "1s")") +
                R"(, "faults": [{"kind": "crash", "node": "db/0", "at": "10050ms")" +
                (comes_back ? R"(, "for": "1s"}])" : "}]"));
            CHECK(found["db/lost_writes"] == (comes_back ? 0.0 : 10.0));
            CHECK(found["db/discarded_writes"] == 0.0);
            CHECK(found["west/availability"] == 1.0);
        }
    }

    TEST_CASE("a write that is tried again at the site that has done it is done once") {
        tests::DatabaseSteps steps{
            database(2, R"("mode": {"kind": "async", "conflicts": "counter"})")};
        CHECK(steps.write(0, 1, 1).outcome == Outcome::ok);
        CHECK(steps.write(0, 1, 1).outcome == Outcome::ok);
        CHECK(held(steps, 0, 1).total() == 1);
    }

    TEST_CASE("more sites than a version vector has places, or more regions, are refused") {
        CHECK_THROWS_WITH_AS(static_cast<void>(database(9, "")), doctest::Contains("8"),
                             std::runtime_error);
        CHECK_THROWS_WITH_AS(static_cast<void>(tests::read_text(
                                 R"("duration": "1s", "regions": ["a"], "nodes": {
            "users": {"kind": "open_loop", "arrivals": "1/s", "calls": ["db"]},
            "db": {"kind": "multi_primary", "site_regions": ["a", "a", "a"]}})")),
                             doctest::Contains("3 regions for 2 sites"), std::runtime_error);
    }
}
