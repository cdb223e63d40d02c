// Quorums against closed forms, the WARS model and timelines worked out by hand. T1, T8 and T9 are
// those of order statistics and of binomial availability.
#include "models/database/write_order.hpp"
#include "models/theory/pbs.hpp"
#include "tests/support/quorum_trials.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using doctest::Approx;

namespace {

using namespace archsim;
using models::Outcome;

/// A database asked directly: its only load source comes long after the end of the tests.
scenarios::Scenario database(const std::string& members, const std::string& rest = "") {
    return tests::read_text(R"("duration": "10s", "seed": 11, "history": false, "nodes": {
        "users": {"kind": "open_loop", "calls": [{"to": "db", "timeout": "1s"}],
                  "arrivals": {"kind": "constant", "rate": "0.0001/s"}},
        "db": {"kind": "quorum", )" +
                            members + "}}" + (rest.empty() ? "" : ", " + rest));
}

std::string quorum(int n, int r, int w) {
    return fmt::format(R"("replicas": {}, "read_quorum": {}, "write_quorum": {})", n, r, w);
}

double mean(const std::vector<double>& values) {
    double sum = 0.0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

double standard_error(const std::vector<double>& values) {
    const double centre = mean(values);
    double squares = 0.0;
    for (const double value : values) squares += (value - centre) * (value - centre);
    const auto n = static_cast<double>(values.size());
    return std::sqrt(squares / (n - 1.0) / n);
}

double quantile(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size()))];
}

/// The delay of LinkedIn's SSDs as fitted by Bailis et al., 2012, one for each of W, A, R and S.
const std::string ssd_network = R"("network": {"within": {"kind": "mixture", "parts": [
    {"weight": 0.9122, "distribution": {"kind": "pareto", "minimum": "235us", "alpha": 10}},
    {"weight": 0.0878, "distribution": {"kind": "exponential", "mean": "602410ns"}}]}})";

models::theory::WarsDelays linkedin_ssd() {
    const sim::Distribution body{sim::Pareto{sim::Duration::microseconds(235), 10.0}};
    const auto tail = sim::Distribution::exponential(sim::Duration::nanoseconds(602'410));
    const std::vector<sim::Distribution> parts{body, tail};
    const sim::Distribution law{sim::Mixture{parts, {0.9122, 0.0878}}};
    return {law, law, law, law, {}};
}

/// How many trials of the WARS model the oracle makes.
constexpr int oracle_trials = 200'000;

/// Whether these latencies are those of the oracle: mean and median within 1.5 %, and as many as
/// there should be below each of its quantiles, within 4 standard errors of both samples.
template <class Quantile>
void check_latencies(const std::vector<double>& found, Quantile&& truth) {
    constexpr int steps = 1000;
    double expected = 0.0;
    for (int i = 0; i < steps; ++i) expected += truth((i + 0.5) / steps) / steps;
    CHECK(mean(found) == Approx(expected).epsilon(0.015));
    CHECK(quantile(found, 0.5) == Approx(truth(0.5)).epsilon(0.015));
    const auto n = static_cast<double>(found.size());
    for (const double share : {0.5, 0.9, 0.99, 0.999}) {
        const double limit = truth(share);
        const auto below = std::count_if(found.begin(), found.end(),
                                         [limit](double latency) { return latency <= limit; });
        const double error = std::sqrt(share * (1.0 - share) * (1.0 / n + 1.0 / oracle_trials));
        CHECK(std::abs(static_cast<double>(below) / n - share) < 4.0 * error);
    }
}

/// Three readers and a writer of one key with exponential pauses of mean 1 s, and one-way delays of
/// the same law between a coordinator and each replica; so long that the writer comes to 50 writes:
/// one takes a pause of 1 s and the second of three sums of two delays, 1.82 s.
scenarios::Scenario register_under_load(const std::string& more) {
    return tests::read_text(R"("duration": "141s", "seed": 5,
        "network": {"within": {"kind": "exponential", "mean": "1s"}},
        "nodes": {
            "readers": {"kind": "closed_loop", "users": 3, "operations": [{"name": "read"}],
                        "think_time": {"kind": "exponential", "mean": "1s"},
                        "keys": {"kind": "uniform", "count": 1},
                        "calls": [{"to": "db", "delay": "0s"}]},
            "writer": {"kind": "closed_loop", "users": 1,
                       "operations": [{"name": "write", "type": "write"}],
                       "think_time": {"kind": "exponential", "mean": "1s"},
                       "keys": {"kind": "uniform", "count": 1},
                       "calls": [{"to": "db", "delay": "0s"}]},
            "db": {"kind": "quorum", "coordinators": 1, "timeout": "1h", )" +
                            quorum(3, 2, 2) + more + "}}");
}

/// A world whose database is asked step by step.
class Steps {
public:
    explicit Steps(scenarios::Scenario scenario)
        : scenario_{std::move(scenario)}, world_{scenario_, 0} {
        world_.start();
    }
    [[nodiscard]] models::Node& member(std::size_t i) {
        return *world_.component("db")->members()[i];
    }
    /// Lets so much time pass.
    void wait(sim::Duration length) {
        world_.simulation().run_until(world_.simulation().now() + length);
    }
    /// Asks a member and waits for 10 s.
    [[nodiscard]] tests::Asked ask(std::size_t i, std::uint64_t version) {
        tests::Asked asked{world_.simulation(), member(i), 1, version};
        wait(sim::Duration::seconds(10));
        return asked;
    }
    [[nodiscard]] double metric(std::string_view name) {
        world_.metrics().close_window(world_.simulation().now());
        scenarios::Replication measured;
        measured.metrics = world_.metrics().collect();
        return tests::Measured{measured}[name];
    }

private:
    scenarios::Scenario scenario_;
    scenarios::World world_;
};

}  // namespace

TEST_SUITE("quorum") {
    TEST_CASE("instant quorums are as stale as T1 says") {
        // Writes reach each replica after Exp(1/s) and are acknowledged at once; a read takes so
        // little time that only the order of its answers is random.
        struct Case {
            int n, r, w;
            double t, stale;
        };
        const std::vector<Case> cases{{3, 1, 1, 0.0, 2.0 / 3.0},
                                      {3, 1, 1, 1.0, 2.0 / 3.0 * std::exp(-1.0)},
                                      {3, 1, 2, 0.5, 1.0 / 3.0 * std::exp(-0.5)},
                                      {3, 2, 1, 0.5, 1.0 / 3.0 * std::exp(-1.0)},
                                      {5, 2, 2, 0.3, 0.3 * std::exp(-0.6)}};
        constexpr int trials = 8000;
        for (const Case& one : cases) {
            const auto scenario =
                database(quorum(one.n, one.r, one.w) +
                         R"(, "coordinators": 1, "servers": 1000000, "timeout": "1h",
                              "write_time": {"kind": "exponential", "mean": "1s"},
                              "read_time": {"kind": "uniform",
                                            "minimum": "0s", "maximum": "1us"})");
            const auto found =
                tests::write_then_read(scenario, trials, sim::Duration::from_seconds(one.t));
            const double stale = 1.0 - static_cast<double>(found.fresh) / trials;
            INFO(one.n << " " << one.r << " " << one.w << " " << one.t);
            CHECK(found.read_latencies.size() == trials);
            CHECK(std::abs(stale - one.stale) <
                  3.0 * std::sqrt(one.stale * (1.0 - one.stale) / trials));
        }
    }

    TEST_CASE("a write waits for the W-th of N exponential times as T8 says") {
        const std::vector<double> waits{1.0 / 3.0, 5.0 / 6.0, 11.0 / 6.0};
        for (int w = 1; w <= 3; ++w) {
            const auto scenario =
                database(quorum(3, 1, w) +
                         R"(, "coordinators": 1, "servers": 1000000, "timeout": "1h",
                              "write_time": {"kind": "exponential", "mean": "1s"})");
            const auto found = tests::write_then_read(scenario, 8000, {});
            const double error = standard_error(found.write_latencies);
            CHECK(std::abs(mean(found.write_latencies) - waits[static_cast<std::size_t>(w) - 1]) <
                  3.0 * error);
        }
    }

    TEST_CASE("reads succeed while a quorum of the replicas is up as T9 says") {
        // Each of three is up 90 % of the time. Between reads 5 s pass, and after 5 s an up or down
        // time of a replica is forgotten but for exp(-5 (1/9 + 1)) = 0.4 %.
        const auto found = tests::run_text(R"("duration": "50000s", "seed": 3, "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "0.2/s"},
                      "keys": {"kind": "uniform", "count": 1}, "calls": ["db"]},
            "db": {"kind": "quorum", "coordinators": 1}},
            "faults": [{"kind": "random_crashes", "nodes": ["db/0", "db/1", "db/2"], "at": "0s",
                        "time_to_failure": {"kind": "exponential", "mean": "9s"},
                        "time_to_repair": {"kind": "exponential", "mean": "1s"}}])");
        const double truth = 3.0 * 0.9 * 0.9 * 0.1 + 0.9 * 0.9 * 0.9;
        const double error = std::sqrt(truth * (1.0 - truth) / 10'000.0);
        CHECK(std::abs(found["users/availability"] - truth) < 3.0 * error);
        CHECK(found["users/outcome/rejected"] == Approx(1.0 - found["users/availability"]));
        CHECK(found["db/no_quorum"] == Approx(1.0 - found["users/availability"]));
    }

    TEST_CASE("the WARS model comes out of the messages: latencies and fresh reads") {
        constexpr int trials = 60'000;
        const std::vector<std::pair<int, int>> quorums{{1, 1}, {2, 1}, {1, 3}};
        for (const auto& one : quorums) {
            const int r = one.first;
            const int w = one.second;
            const auto found = tests::write_then_read(
                database(quorum(3, r, w) + R"(, "coordinators": 1)", ssd_network), trials, {});
            const auto truth = models::theory::pbs({3, r, w}, linkedin_ssd(), oracle_trials, 77);
            const double fresh = static_cast<double>(found.fresh) / trials;
            INFO("R " << r << " W " << w);
            CHECK(std::abs(fresh - truth.fresh({})) < 0.003);
            check_latencies(found.read_latencies,
                            [&](double share) { return truth.read_latency(share); });
            check_latencies(found.write_latencies,
                            [&](double share) { return truth.write_latency(share); });
        }
    }

    TEST_CASE("overlapping quorums are not linearizable without write-back, and are with it") {
        // An independent simulation found 430 of 2000 histories of 50 writes not linearizable.
        constexpr int histories = 150;
        const double truth = 430.0 / 2000.0;
        const auto plain = tests::replicate(register_under_load(""), histories);
        const double bad = 1.0 - tests::estimate_of(plain, "consistency/linearizable").mean;
        const double error = std::sqrt(truth * (1.0 - truth) * (1.0 / histories + 1.0 / 2000.0));
        CHECK(std::abs(bad - truth) < 3.0 * error);
        CHECK(tests::estimate_of(plain, "consistency/stale_reads").mean == 0.0);
        const auto safe =
            tests::replicate(register_under_load(R"(, "write_back": true)"), histories);
        CHECK(tests::estimate_of(safe, "consistency/linearizable").mean == Approx(1.0));
        CHECK(tests::estimate_of(safe, "db/write_backs").mean > 0.0);
    }

    TEST_CASE("a request without a quorum fails in the way that tells what may have happened") {
        Steps steps{database(quorum(3, 2, 2) + R"(, "coordinators": 1, "timeout": "2s")")};
        steps.member(0).crash();
        steps.member(1).crash();
        // One replica keeps the write, so that nobody can say it has had no effect.
        CHECK(steps.ask(3, 1).answer().outcome == Outcome::timed_out);
        CHECK(steps.ask(3, 0).answer().outcome == Outcome::rejected);
        steps.member(2).crash();
        const auto refused = steps.ask(3, 2);
        CHECK(refused.answer().outcome == Outcome::rejected);
        CHECK(refused.latency() == sim::Duration{});
        // The write that had timed out shows once its replica is back, the refused one never.
        for (std::size_t i = 0; i < 3; ++i) steps.member(i).restart();
        steps.member(0).crash();
        CHECK(steps.ask(3, 0).answer().version == 1);
    }

    TEST_CASE("a coordinator that is cut off waits for its timeout and never confirms") {
        Steps steps{database(quorum(3, 2, 2) + R"(, "timeout": "2s")",
                             R"("faults": [{"kind": "partition", "isolate": "db/0", "at": "0s",
                                    "for": "45s"}])")};
        const auto write = steps.ask(0, 1);
        CHECK(write.answer().outcome == Outcome::timed_out);
        CHECK(write.latency() == sim::Duration::seconds(2));
        CHECK(steps.ask(0, 0).answer().outcome == Outcome::timed_out);
        // The other side goes on, and reads there do not see what only the first replica keeps.
        CHECK(steps.ask(1, 2).answer().outcome == Outcome::ok);
        CHECK(steps.ask(2, 0).answer().version == 2);
        steps.wait(sim::Duration::seconds(10));  // 10 s each for four requests, and this
        CHECK(steps.ask(0, 0).answer().version == 2);
    }

    TEST_CASE("asynchronous repair brings a replica what it has missed, after the answer") {
        for (const bool repairs : {false, true}) {
            Steps steps{database(quorum(3, 2, 2) + R"(, "coordinators": 1, "read_repair": ")" +
                                 (repairs ? "async" : "none") + '"')};
            steps.member(2).crash();
            CHECK(steps.ask(3, 1).answer().outcome == Outcome::ok);
            steps.member(2).restart();
            CHECK(steps.ask(3, 0).answer().version == 1);
            // Without the repair, replica 2 has nothing of it and the other one is needed for it.
            steps.member(0).crash();
            CHECK(steps.ask(3, 0).answer().version == 1);
            CHECK(steps.metric("db/read_repairs") == (repairs ? 1.0 : 0.0));
        }
    }

    TEST_CASE("a hint brings a replica what it has missed, unless its window is over") {
        const auto read_at_2 = [](const std::string& hints) {
            Steps steps{database(quorum(3, 1, 2) + R"(, "coordinators": 1)" + hints)};
            steps.member(2).crash();
            CHECK(steps.ask(3, 1).answer().outcome == Outcome::ok);
            steps.member(2).restart();
            steps.wait(sim::Duration::seconds(10));
            steps.member(0).crash();
            steps.member(1).crash();
            const auto version = steps.ask(3, 0).answer().version;
            CHECK(steps.metric("db/hints") == static_cast<double>(version));
            return version;
        };
        CHECK(read_at_2("") == 0);
        // Tried 4 s, 8 s and 12 s after the write; the replica is back after 10 s.
        CHECK(read_at_2(R"(, "hints": {"interval": "4s"})") == 1);
        CHECK(read_at_2(R"(, "hints": {"interval": "4s", "window": "11s"})") == 0);
    }

    TEST_CASE("write-back leaves what was read on a majority, though the writer has not") {
        // Write 1 reaches replica 0 only. A read that sees it must leave it on a second replica
        // before it answers; without that the next read does not see it.
        for (const bool backs : {false, true}) {
            Steps steps{database(quorum(3, 2, 2) + R"(, "coordinators": 1, "write_back": )" +
                                 (backs ? "true" : "false"))};
            steps.member(1).crash();
            steps.member(2).crash();
            CHECK(steps.ask(3, 1).answer().outcome == Outcome::timed_out);
            steps.member(1).restart();
            CHECK(steps.ask(3, 0).answer().version == 1);
            steps.member(0).crash();
            steps.member(2).restart();
            CHECK(steps.ask(3, 0).answer().version == (backs ? 1 : 0));
            CHECK(steps.metric("db/write_backs") == Approx(backs ? 2.0 / 3.0 : 0.0));
        }
    }

    TEST_CASE("a clock that is ahead makes a later write of another coordinator lose") {
        Steps steps{database(quorum(3, 2, 2) + R"(, "coordinators": 2)")};
        steps.member(3).set_clock_offset(sim::Duration::seconds(60));
        CHECK(steps.ask(3, 1).answer().outcome == Outcome::ok);
        CHECK(steps.ask(4, 2).answer().outcome == Outcome::ok);
        CHECK(steps.ask(4, 0).answer().version == 1);
        // Three requests took 10 s each; after this pause the other clock's lead is made up.
        steps.wait(sim::Duration::seconds(31));
        CHECK(steps.ask(4, 3).answer().outcome == Outcome::ok);
        CHECK(steps.ask(3, 0).answer().version == 3);
    }

    TEST_CASE("callers turn to the nearest replica, and wait for as many as the quorum needs") {
        // A round trip between the regions takes 100 ms, of which a quorum of two at home takes
        // none.
        const auto latency = [](int r) {
            const auto found = tests::run_text(R"("duration": "10s", "regions": ["a", "b"],
                "network": {"between": [["a", "b", "50ms"]]}, "nodes": {
                "users": {"kind": "open_loop", "region": "b", "calls": ["db"],
                          "keys": {"kind": "uniform", "count": 10},
                          "arrivals": {"kind": "constant", "rate": "10/s"}},
                "db": {"kind": "quorum", "region": "a", "replica_regions": ["a", "b", "b"], )" +
                                               quorum(3, r, 2) + "}}");
            CHECK(found["db/1/arrivals"] > 0.0);
            return found["users/latency/max"];
        };
        CHECK(latency(1) == 0.0);
        CHECK(latency(2) == 0.0);
        CHECK(latency(3) == Approx(0.1));
    }

    TEST_CASE("a quorum larger than the replicas is refused where it is written") {
        CHECK_THROWS_WITH_AS(static_cast<void>(database(quorum(3, 4, 2))),
                             doctest::Contains("a quorum of 4 among 3 replicas"),
                             std::runtime_error);
        CHECK_THROWS_WITH_AS(
            static_cast<void>(database(quorum(3, 2, 2) + R"(, "coordinator_regions": ["a"])",
                                       R"("regions": ["a"])")),
            doctest::Contains("1 regions for 0 coordinators"), std::runtime_error);
    }

    TEST_CASE("a version keeps its first stamp, and a clock set back repeats none") {
        models::WriteOrder order;
        const auto at = [](int seconds) {
            return sim::Instant::at(sim::Duration::seconds(seconds));
        };
        CHECK(order.stamp(1, at(5), 0));
        CHECK(order.stamp(2, at(5), 1));
        CHECK(order.is_newer(2, 1));  // same time, higher coordinator
        CHECK_FALSE(order.stamp(1, at(9), 0));
        CHECK(order.is_newer(2, 1));
        CHECK(order.stamp(3, at(4), 0));
        CHECK(order.is_newer(3, 1));
        CHECK(order.is_newer(1, models::initial_version));
        CHECK_FALSE(order.is_newer(models::initial_version, 3));
    }
}
