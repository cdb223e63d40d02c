// Isolation levels: schedules of two and three transactions with the outcome that the definitions
// demand, and random contention, judged from what was read and written alone.
#include "models/database/relational/relational_config.hpp"
#include "tests/support/schedule.hpp"
#include "tests/support/transaction_rig.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace archsim;
using models::Abort;
using models::Anomaly;
using models::Isolation;
using tests::AnomalyCounts;
using tests::TransactionRig;

constexpr std::array levels{Isolation::read_uncommitted, Isolation::read_committed,
                            Isolation::snapshot, Isolation::serializable};

/// A script and what comes of it at each level.
struct Play {
    std::string_view script;
    std::array<std::string_view, 4> schedules;  // in the order of `levels`
    Anomaly anomaly;
    std::array<std::uint64_t, 4> count;  // of that anomaly; all others are none
};

// Berenson et al., table 4: what is possible at which level.
const std::vector<Play> plays{
    {"w1x r2x c2 a1",
     {"w1x r2x1 c2 a1", "w1x r2x0 c2 a1", "w1x r2x0 c2 a1", "w1x a1 r2x0 c2"},
     Anomaly::dirty_read,
     {1, 0, 0, 0}},
    {"w1x r2x c2 c1",
     {"w1x r2x1 c2 c1", "w1x r2x0 c2 c1", "w1x r2x0 c2 c1", "w1x c1 r2x1 c2"},
     Anomaly::dirty_read,
     {1, 0, 0, 0}},
    {"r1x w2x c2 r1x c1",
     {"r1x0 w2x c2 r1x2 c1", "r1x0 w2x c2 r1x2 c1", "r1x0 w2x c2 r1x0 c1", "r1x0 r1x0 c1 w2x c2"},
     Anomaly::non_repeatable_read,
     {1, 1, 0, 0}},
    {"r1x w2x w2y c2 r1y c1",
     {"r1x0 w2x w2y c2 r1y2 c1", "r1x0 w2x w2y c2 r1y2 c1", "r1x0 w2x w2y c2 r1y0 c1",
      "r1x0 r1y0 c1 w2x w2y c2"},
     Anomaly::read_skew,
     {1, 1, 0, 0}},
    {"r1x r2x w1x w2x c1 c2",
     {"r1x0 r2x0 w1x c1 w2x c2", "r1x0 r2x0 w1x c1 w2x c2", "r1x0 r2x0 w1x c1 a2",
      "r1x0 r2x0 a2 w1x c1"},
     Anomaly::lost_update,
     {1, 1, 0, 0}},
    {"r1x r1y r2x r2y w1x w2y c1 c2",
     {"r1x0 r1y0 r2x0 r2y0 w1x w2y c1 c2", "r1x0 r1y0 r2x0 r2y0 w1x w2y c1 c2",
      "r1x0 r1y0 r2x0 r2y0 w1x w2y c1 c2", "r1x0 r1y0 r2x0 r2y0 a2 w1x c1"},
     Anomaly::write_skew,
     {1, 1, 1, 0}},
    {"w1x w2x c2 c1",  // no level lets a write on to what is not committed
     {"w1x c1 w2x c2", "w1x c1 w2x c2", "w1x c1 a2", "w1x c1 w2x c2"},
     Anomaly::dirty_write,
     {0, 0, 0, 0}},
    {"w1x w2x a1 c2",  // first committer wins: the other one has not committed
     {"w1x a1 w2x c2", "w1x a1 w2x c2", "w1x a1 w2x c2", "w1x a1 w2x c2"},
     Anomaly::lost_update,
     {0, 0, 0, 0}},
    {"u1x u2x w1x c1 w2x c2",  // reading for an update is the cure at read committed
     {"r1x0 w1x c1 r2x1 w2x c2", "r1x0 w1x c1 r2x1 w2x c2", "r1x0 w1x c1 a2",
      "r1x0 w1x c1 r2x1 w2x c2"},
     Anomaly::lost_update,
     {0, 0, 0, 0}},
};

/// What a level must never show; in the order of models::Anomaly.
constexpr std::array<std::array<bool, models::anomaly_count>, 4> possible{{
    {false, true, true, true, true, true},
    {false, false, true, true, true, true},
    {false, false, false, false, false, true},
    {false, false, false, false, false, false},
}};

}  // namespace

TEST_SUITE("isolation") {
    TEST_CASE("two transactions, step by step, at every level") {
        for (const Play& play : plays) {
            for (std::size_t i = 0; i < levels.size(); ++i) {
                CAPTURE(play.script);
                CAPTURE(i);
                TransactionRig rig{levels[i]};
                CHECK(rig.play(play.script) == play.schedules[i]);
                AnomalyCounts expected{};
                expected[static_cast<std::size_t>(play.anomaly)] = play.count[i];
                CHECK(rig.counted() == expected);
                CHECK(tests::anomalies_by_search(rig.events()) == expected);
            }
        }
    }

    TEST_CASE("why a transaction is aborted") {
        TransactionRig snapshot{Isolation::snapshot};
        snapshot.play("r1x r2x w1x w2x c1 c2");
        CHECK(snapshot.why(1) == Abort::none);
        CHECK(snapshot.why(2) == Abort::conflict);
        TransactionRig serializable{Isolation::serializable};
        serializable.play("r1x r2x w1x w2x c1 c2");
        CHECK(serializable.why(1) == Abort::none);
        CHECK(serializable.why(2) == Abort::deadlock);
    }

    TEST_CASE("the youngest of three in a circle gives up, and the others go on in turn") {
        for (const Isolation level : levels) {
            if (level == Isolation::snapshot) continue;
            TransactionRig rig{level};
            CHECK(rig.play("w1x w2y w3z w1y w2z w3x c1 c2 c3") == "w1x w2y w3z a3 w2z c2 w1y c1");
            CHECK(rig.why(3) == Abort::deadlock);
            CHECK(rig.engine().locks().deadlocks() == 1);
        }
        // The youngest gives up also where another one closes the circle.
        TransactionRig rig{Isolation::read_committed};
        CHECK(rig.play("w1x w2y w2x w1y c1 c2") == "w1x w2y a2 w1y c1");
        // Waiting in a line is no circle.
        TransactionRig line{Isolation::read_committed};
        CHECK(line.play("w1x w2x w3x c1 c2 c3") == "w1x c1 w2x c2 w3x c3");
        CHECK(line.engine().locks().deadlocks() == 0);
    }

    TEST_CASE("one who begins to wait may close two circles at once") {
        // 1 wants to write x, which 2 and 3 have read; each of them waits for a row of 1.
        TransactionRig rig{Isolation::serializable};
        CHECK(rig.play("w1y w1z r2x r3x r2y r3z w1x c1 c2 c3") == "w1y w1z r2x0 r3x0 a2 a3 w1x c1");
        CHECK(rig.engine().locks().deadlocks() == 2);
    }

    TEST_CASE("readers do not overtake a writer that waits") {
        TransactionRig rig{Isolation::serializable};
        CHECK(rig.play("r1x w2x r3x c1 c2 c3") == "r1x0 c1 w2x c2 r3x2 c3");
        // But they read side by side, and one who has read goes before a writer that has not.
        TransactionRig upgrade{Isolation::serializable};
        CHECK(upgrade.play("r1x r2x w3x w1x c2 c1 c3") == "r1x0 r2x0 c2 w1x c1 w3x c3");
    }

    TEST_CASE("a writer that waits goes on when the one before it gives up") {
        TransactionRig rig{Isolation::serializable};
        // 3 waits behind 2 for x; 2 gives up when it closes a circle with 1.
        CHECK(rig.play("r1x w2y r3z w2x w3x w1y c1 c3") == "r1x0 w2y r3z0 a2 w1y c1 w3x c3");
    }

    TEST_CASE("old versions stay as long as somebody may read them") {
        TransactionRig rig{Isolation::snapshot};
        CHECK(rig.play("r1y w2x c2 w3x c3 w4x c4 r1x c1 w5x c5") ==
              "r1y0 w2x c2 w3x c3 w4x c4 r1x0 c1 w5x c5");
        CHECK(rig.engine().rows().kept(0) == 2);  // of 5, and the one before for who may begin
        TransactionRig idle{Isolation::read_committed};
        CHECK(idle.play("w1x c1 w2x c2 w3x c3") == "w1x c1 w2x c2 w3x c3");
        CHECK(idle.engine().rows().kept(0) == 2);
    }

    TEST_CASE("each anomaly appears where its level allows it, and never where it does not") {
        for (std::size_t i = 0; i < levels.size(); ++i) {
            AnomalyCounts sum{};
            for (std::uint64_t seed = 1; seed <= 60; ++seed) {
                TransactionRig rig{levels[i], seed, sim::Duration::milliseconds(1)};
                rig.run({.clients = 6, .transactions = 25, .rows = 4, .operations = 4});
                const AnomalyCounts counts = rig.counted();
                CHECK(counts == tests::anomalies_by_search(rig.events()));
                const tests::DependencyCycles cycles = tests::dependency_cycles(rig.events());
                if (levels[i] != Isolation::read_uncommitted) CHECK(!cycles.without_missed);
                // Fekete et al., 2005: under snapshots a cycle misses two writes.
                if (levels[i] == Isolation::snapshot) CHECK(!cycles.with_one_missed);
                if (levels[i] == Isolation::serializable) CHECK(!cycles.any);
                for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += counts[k];
            }
            for (std::size_t k = 0; k < sum.size(); ++k) {
                CAPTURE(i);
                CAPTURE(models::name_of(static_cast<Anomaly>(k)));
                if (possible[i][k]) CHECK(sum[k] >= 50);
                if (!possible[i][k]) CHECK(sum[k] == 0);
            }
        }
    }
}
