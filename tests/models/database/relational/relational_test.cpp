// The node "relational": its connections and its log against closed forms, what a crash takes with
// and without durable commit, and what clients see of deadlocks and conflicts.
#include "models/theory/group_commit.hpp"
#include "models/theory/queueing.hpp"
#include "tests/support/small_run.hpp"
#include "tests/support/transaction_rig.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using doctest::Approx;

namespace {

using namespace archsim;
namespace theory = models::theory;

/// Open users with these members, and a database `db` with those.
std::string nodes(const std::string& users, const std::string& db) {
    return R"("nodes": {"users": {"kind": "open_loop", "calls": ["db"], )" + users +
           R"(}, "db": {"kind": "relational", )" + db + "}}";
}

void check_mean(const std::vector<scenarios::Replication>& replications, std::string_view metric,
                double truth) {
    const tests::Estimate found = tests::estimate_of(replications, metric);
    CAPTURE(metric);
    CAPTURE(truth);
    CAPTURE(found.mean);
    CAPTURE(found.standard_error);
    CHECK(found.sigmas_from(truth) < 3.0);
    CHECK(found.standard_error < 0.03 * truth);
}

const std::string writes = R"("operations": [{"name": "write", "type": "write"}], )";
const std::string many_keys = R"("keys": {"kind": "uniform", "count": 100000000})";

std::vector<scenarios::Replication> commits(const std::string& rate, const std::string& log) {
    return tests::replicate(
        tests::read_text(R"("seed": 3, "duration": "110s", "warm_up": "10s", "history": false, )" +
                         nodes(writes + many_keys + R"(, "arrivals": ")" + rate + "\"",
                               R"("servers": 100, "log": )" + log)),
        8);
}

/// Transfers between two of eight accounts, one after the other, with a look at both before, four
/// transactions at a time: one of them always gets on, so no storm of tries can build up.
const std::string transfers =
    R"("transactions": {"transfer": {
        "statements": [{"read": 0, "rows": 2}, {"think": {"kind": "exponential", "mean": "5ms"}},
                       {"write": 0}, {"think": {"kind": "exponential", "mean": "5ms"}},
                       {"write": 1}],
        "keys": {"kind": "uniform", "count": 8}}},
       "connections": 4)";
const std::string transfer_users =
    R"("operations": [{"name": "transfer", "type": "write"}], "arrivals": "60/s",
       "keys": {"kind": "uniform", "count": 8})";

}  // namespace

TEST_SUITE("relational") {
    TEST_CASE("connections are M/M/c") {
        const auto replications = tests::replicate(
            tests::read_text(
                R"("seed": 7, "duration": "6200s", "warm_up": "200s", "history": false, )" +
                nodes(R"("arrivals": "2/s", "operations": [{"name": "work"}])",
                      R"("connections": 3, "transactions": {"work": {
                         "statements": [{"think": {"kind": "exponential", "mean": "1s"}}]}})")),
            16);
        const theory::Station pool{2.0, 1.0, 3};
        check_mean(replications, "db/connection_wait/mean", theory::mean_waiting(pool));
        check_mean(replications, "users/latency/mean", theory::mean_sojourn(pool));
        check_mean(replications, "db/connections/mean", 2.0);
    }

    TEST_CASE("a full line for connections turns requests away") {
        const auto measured = tests::run_text(
            R"("duration": "10s", "history": false, )" +
            nodes(R"("arrivals": {"kind": "constant", "rate": "10/s"})",
                  R"("connections": 1, "connection_queue": 0, "transactions": {"request": {
                     "statements": [{"think": "150ms"}]}})"));
        CHECK(measured["users/outcome/rejected"] == Approx(0.5).epsilon(0.02));
        CHECK(measured["db/connections/max"] == 1.0);
    }

    TEST_CASE("group commit in closed form, worked out by hand") {
        // One commit per flush time. Constant: e flushes in a busy period, 1 idle.
        const auto constant = theory::group_commit(1.0, {1.0, 0.0}, std::exp(-1.0));
        CHECK(constant.busy == Approx(0.7310586));
        CHECK(constant.latency == Approx(1.3655293));
        CHECK(constant.batch == Approx(1.3678794));
        // Exponential: states idle, and busy with n = 0, 1, ... waiting, of probability 1/3 and
        // (1/3) 2^-n; a third of all commits waits for 1 flush, the others for 2.
        const auto exponential = theory::group_commit(1.0, {1.0, 1.0}, 0.5);
        CHECK(exponential.busy == Approx(2.0 / 3.0));
        CHECK(exponential.latency == Approx(5.0 / 3.0));
        CHECK(exponential.batch == Approx(1.5));
    }

    TEST_CASE("the log flushes in groups as the closed form says") {
        // Two commits come during a flush on average: without groups the log could not keep up.
        const double flush = 0.01;
        const double rate = 200.0;
        struct Row {
            std::string law;
            double scv;
            double none_come;
        };
        for (const Row& row : {Row{R"("10ms")", 0.0, std::exp(-2.0)},
                               Row{R"({"kind": "exponential", "mean": "10ms"})", 1.0, 1.0 / 3.0}}) {
            CAPTURE(row.law);
            const auto truth = theory::group_commit(rate, {flush, row.scv}, row.none_come);
            const auto found = commits("200/s", R"({"flush_time": )" + row.law + "}");
            check_mean(found, "db/commit_time/mean", truth.latency);
            check_mean(found, "db/log/batch", truth.batch);
            check_mean(found, "db/log/utilisation", truth.busy);
        }
    }

    TEST_CASE("one flush for each commit is M/M/1") {
        const auto found = commits(
            "50/s", R"({"flush_time": {"kind": "exponential", "mean": "10ms"}, "batch": 1})");
        check_mean(found, "db/commit_time/mean", theory::mean_sojourn({50.0, 100.0, 1}));
        CHECK(tests::estimate_of(found, "db/log/batch").mean == Approx(1.0));
    }

    TEST_CASE("a flush waits for more commits as long as its window") {
        const auto measured = tests::run_text(
            R"("duration": "10s", "history": false, )" +
            nodes(writes + many_keys + R"(, "arrivals": {"kind": "constant", "rate": "100/s"})",
                  R"("log": {"flush_time": "1ms", "window": "24ms"})"));
        // The first of a batch opens the window, two more come within it; the next one comes after
        // the flush and opens the next window.
        CHECK(measured["db/log/batch"] == Approx(3.0).epsilon(0.01));
        CHECK(measured["db/commit_time/max"] == Approx(0.025).epsilon(0.01));
        CHECK(measured["db/commit_time/mean"] == Approx((0.025 + 0.015 + 0.005) / 3).epsilon(0.01));
    }

    TEST_CASE("a crash takes what is not on the disk, and only that") {
        // Commits at 1, 3 and 5 ms; flushes from 1 to 6 ms with the first, from 6 to 11 with two.
        const std::string_view script = "w1x c1 w2y c2 w3z c3";
        struct Row {
            bool durable;
            int crash_ms;
            std::uint64_t lost;
            std::array<models::TransactionId, 3> kept;
        };
        for (const Row& row : {Row{false, 4, 2, {0, 0, 0}}, Row{false, 8, 2, {1, 0, 0}},
                               Row{false, 12, 0, {1, 2, 3}}, Row{true, 4, 0, {0, 0, 0}},
                               Row{true, 8, 0, {1, 0, 0}}, Row{true, 12, 0, {1, 2, 3}}}) {
            CAPTURE(row.durable);
            CAPTURE(row.crash_ms);
            tests::TransactionRig rig{models::Isolation::read_committed, 1,
                                      sim::Duration::milliseconds(5), row.durable};
            rig.start(script);
            rig.run_until(sim::Duration::milliseconds(row.crash_ms));
            rig.crash();
            CHECK(rig.engine().lost_writes() == row.lost);
            CHECK(rig.engine().lost_transactions() == row.lost);
            for (std::uint64_t i = 0; i < 3; ++i) {
                CHECK(rig.engine().rows().newest(i).writer == row.kept[i]);
            }
        }
    }

    TEST_CASE("what a crash has taken is what clients miss") {
        for (const bool durable : {true, false}) {
            CAPTURE(durable);
            const auto measured = tests::run_text(
                R"("duration": "20s", "seed": 5,
                   "faults": [{"kind": "crash", "node": "db", "at": "10s", "for": "1s"}], )" +
                nodes(writes + R"("keys": {"kind": "sequential", "count": 1000000},
                                  "arrivals": {"kind": "profile", "points": [["0s", "500/s"],
                                      ["19s", "500/s"], ["19.001s", "0/s"], ["30s", "0/s"]]})",
                      fmt::format(R"("log": {{"flush_time": "2ms", "window": "50ms"}},
                                     "durable_commit": {})",
                                  durable)));
            // Each key is written once, so that a lost version is a lost write of a client.
            CHECK(measured["consistency/lost_writes"] == measured["db/lost_writes"]);
            CHECK(measured["db/lost_transactions"] == measured["db/lost_writes"]);
            if (durable) CHECK(measured["db/lost_writes"] == 0.0);
            // At most what comes in a window, a flush and a window after it: 500/s for 102 ms.
            if (!durable) CHECK(measured["db/lost_writes"] >= 1.0);
            if (!durable) CHECK(measured["db/lost_writes"] <= 51.0 + 4.0 * std::sqrt(51.0));
        }
    }

    TEST_CASE("a disk that stands still holds durable commits back, and no others") {
        for (const bool durable : {true, false}) {
            const auto measured = tests::run_text(
                R"("duration": "20s", "history": false,
                   "faults": [{"kind": "disk_stall", "node": "db", "at": "5s", "for": "3s"}], )" +
                nodes(writes + many_keys + R"(, "arrivals": "20/s")",
                      fmt::format(R"("log": {{"flush_time": "1ms"}}, "durable_commit": {})",
                                  durable)));
            const double longest = measured["users/latency/max"];
            if (durable) CHECK(longest > 2.5);
            if (!durable) CHECK(longest < 0.001);
        }
    }

    TEST_CASE("the disk of a node that stands still does so too") {
        // The commit of 5 s has been flushed for 2 ms when the pause begins, and has 3 ms to go.
        const auto found = tests::run_text(
            R"("duration": "10500ms", )" +
            nodes(writes + R"("arrivals": {"kind": "constant", "rate": "1/s"})",
                  R"("log": {"flush_time": "5ms"})") +
            R"(, "faults": [{"kind": "pause", "node": "db", "at": "5002ms", "for": "2500ms"}])");
        CHECK(found["users/latency/max"] == Approx(2.505).epsilon(1e-9));
    }

    TEST_CASE("one key is a register at every level that hides what is not committed") {
        const std::string users =
            R"("operations": [{"name": "read"}, {"name": "write", "type": "write"}],
               "keys": {"kind": "uniform", "count": 5}, "arrivals": "300/s")";
        for (const char* level : {"read_committed", "snapshot", "serializable"}) {
            CAPTURE(level);
            const auto measured =
                tests::run_text(R"("duration": "10s", "seed": 2, )" +
                                nodes(users, fmt::format(R"("isolation": "{}", "servers": 4,
                    "read_time": {{"kind": "exponential", "mean": "2ms"}},
                    "write_time": {{"kind": "exponential", "mean": "2ms"}},
                    "log": {{"flush_time": "2ms"}})",
                                                         level)));
            CHECK(measured["consistency/linearizable"] == 1.0);
        }
        // Dirty reads of writes that are rolled back are seen by the judge of histories as well.
        const auto measured = tests::run_text(
            R"("duration": "10s", "seed": 2, )" +
            nodes(users, R"("isolation": "read_uncommitted", "transactions": {"write": {
                "statements": [{"write": 0}, {"think": "5ms"}], "rollback": "30%"}})"));
        CHECK(measured["consistency/linearizable"] == 0.0);
        CHECK(measured["db/anomalies/dirty_read"] > 0.0);
    }

    TEST_CASE("clients hear of deadlocks and conflicts unless they are tried again") {
        for (const char* level : {"read_committed", "snapshot", "serializable"}) {
            CAPTURE(level);
            const std::string isolation = fmt::format(R"("isolation": "{}", )", level);
            const auto once = tests::run_text(R"("duration": "200s", "history": false, )" +
                                              nodes(transfer_users, isolation + transfers));
            const double failed = once["users/outcome/failed"] + once["users/outcome/ok"];
            CHECK(failed == Approx(1.0));
            CHECK(once["db/aborts"] > 10.0);
            CHECK(once["db/aborts"] == once["db/deadlocks"] + once["db/conflicts"]);
            const double ended = once["users/throughput"] * 200.0;
            CHECK(once["users/outcome/failed"] * ended == Approx(once["db/aborts"]));
            const auto again =
                tests::run_text(R"("duration": "200s", "history": false, )" +
                                nodes(transfer_users, isolation + transfers +
                                                          R"(, "attempts": 1000, "backoff": {
                                             "kind": "exponential", "mean": "5ms"})"));
            CHECK(again["users/outcome/ok"] == 1.0);
            CHECK(again["db/aborts"] > 10.0);
            const bool snapshot = std::string_view{level} == "snapshot";
            CHECK((again["db/conflicts"] > 0.0) == snapshot);
            CHECK((again["db/anomalies/lost_update"] > 0.0) ==
                  (std::string_view{level} == "read_committed"));
            CHECK(again["db/anomalies/dirty_write"] == 0.0);
        }
    }

    TEST_CASE("the table of levels and anomalies, from a scenario to its metrics") {
        // Some move money between two of five accounts and sometimes roll back; others look at two
        // accounts, the first of them twice, and draw from it. Berenson et al., 1995, table 4.
        const std::string clients =
            R"("operations": [{"name": "move", "type": "write"},
                              {"name": "draw", "type": "write", "weight": 2}],
               "keys": {"kind": "uniform", "count": 5}, "arrivals": "80/s")";
        const std::string work =
            R"("connections": 4, "transactions": {
                "move": {"statements": [{"write": 1}, {"think": "3ms"}, {"write": 0},
                                        {"think": "3ms"}],
                         "keys": {"kind": "uniform", "count": 5}, "rollback": "10%"},
                "draw": {"statements": [{"read": 0}, {"think": "3ms"}, {"read": 0, "rows": 2},
                                        {"think": "3ms"}, {"write": 0}],
                         "keys": {"kind": "uniform", "count": 5}}})";
        struct Level {
            std::string name;
            std::set<std::string> lets_through;
        };
        const std::vector<Level> table{
            {"read_uncommitted",
             {"dirty_read", "non_repeatable_read", "read_skew", "lost_update", "write_skew"}},
            {"read_committed", {"non_repeatable_read", "read_skew", "lost_update", "write_skew"}},
            {"snapshot", {"write_skew"}},
            {"serializable", {}},
        };
        for (const Level& level : table) {
            const auto measured =
                tests::run_text(R"("duration": "300s", "seed": 9, "history": false, )" +
                                nodes(clients, R"("isolation": ")" + level.name + "\", " + work));
            for (const char* anomaly : {"dirty_write", "dirty_read", "non_repeatable_read",
                                        "read_skew", "lost_update", "write_skew"}) {
                CAPTURE(level.name);
                CAPTURE(anomaly);
                const double count = measured[fmt::format("db/anomalies/{}", anomaly)];
                if (level.lets_through.contains(anomaly)) CHECK(count >= 20.0);
                if (!level.lets_through.contains(anomaly)) CHECK(count == 0.0);
            }
        }
    }

    TEST_CASE("a rolled back transaction has failed and left nothing") {
        const auto measured = tests::run_text(
            R"("duration": "10s", "seed": 4, )" +
            nodes(R"("operations": [{"name": "read"}, {"name": "write", "type": "write"}],
                     "keys": {"kind": "uniform", "count": 5}, "arrivals": "100/s")",
                  R"("transactions": {"write": {"statements": [{"write": 0}],
                     "rollback": "100%"}})"));
        CHECK(measured["users/write/outcome/failed"] == 1.0);
        CHECK(measured["users/read/outcome/ok"] == 1.0);
        CHECK(measured["consistency/linearizable"] == 1.0);
        CHECK(measured["db/aborts"] == 0.0);  // not the database has ended them
    }

    TEST_CASE("what leaves the row of its key alone is no read or write of it") {
        const auto measured = tests::run_text(
            R"("duration": "10s", "seed": 4, )" +
            nodes(R"("operations": [{"name": "read"}, {"name": "write", "type": "write"}],
                     "keys": {"kind": "uniform", "count": 5}, "arrivals": "100/s")",
                  R"("transactions": {"write": {"statements": [{"read": 0}, {"write": 1}],
                     "keys": {"kind": "uniform", "count": 5}}})"));
        CHECK(measured["users/availability"] == 1.0);
        CHECK(measured["consistency/linearizable"] == 1.0);
        CHECK(!measured.has("consistency/lost_writes"));  // no write was acknowledged
    }

    TEST_CASE("a statement costs its own work and that of its rows") {
        const auto measured = tests::run_text(
            R"("duration": "10s", "history": false, )" +
            nodes(R"("operations": [{"name": "page"}], "arrivals": {"kind": "constant",
                     "rate": "1/s"})",
                  R"("statement_time": "1ms", "read_time": "10us", "write_time": "100us",
                     "transactions": {"page": {"statements": [{"read": 0, "rows": 200},
                         {"think": "5ms"}, {"write": 7, "rows": 10}],
                         "keys": {"kind": "uniform", "count": 100000}}})"));
        CHECK(measured["users/latency/mean"] == Approx(0.001 + 0.002 + 0.005 + 0.001 + 0.001));
        CHECK(measured["db/service_time/mean"] == Approx(0.0025));
    }
}
