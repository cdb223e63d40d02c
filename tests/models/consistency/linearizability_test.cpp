// The zone check: against exhaustive search, on hand-written violations, and in its memory.
#include "models/consistency/linearizability.hpp"

#include "models/consistency/check_history.hpp"
#include "tests/support/history_builder.hpp"
#include "tests/support/history_oracle.hpp"
#include "tests/support/random_history.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

namespace archsim {
namespace {

using models::Access;
using models::check_history;
using models::Ending;
using models::Violation;
using tests::HistoryBuilder;

// The violation found in a history of one key, which must be proved by its witness.
Violation violation_of(const HistoryBuilder& history) {
    const auto verdict = check_history(history.operations());
    CHECK(verdict.linearizable() == tests::linearizable_by_search(history.operations()));
    if (verdict.linearizable()) return Violation::none;
    REQUIRE(verdict.witnesses.size() == 1);
    CHECK(verdict.witnesses[0].operations.size() <= 6);
    CHECK_FALSE(tests::linearizable_by_search(verdict.witnesses[0].operations));
    return verdict.witnesses[0].violation;
}

TEST_SUITE("linearizability check") {
    TEST_CASE("it agrees with exhaustive search on random histories, and every witness proves") {
        // ARCHSIM_HISTORIES=500000 runs the long form: that many histories of each shape.
        const char* wanted = std::getenv("ARCHSIM_HISTORIES");
        const std::int64_t count = wanted == nullptr ? 7'000 : std::atoll(wanted);
        const auto result = tests::compare_with_search(20240613, count, 9);
        CHECK(result.histories == 3 * count);
        CHECK(result.disagreements == 0);
        CHECK(result.batch_disagreements == 0);
        CHECK(result.bad_witnesses == 0);
        // The comparison means something only if both verdicts and all violations occur often.
        CHECK(result.linearizable > result.histories / 3);
        CHECK(result.linearizable < result.histories * 9 / 10);
        for (int i = 1; i < models::violation_count; ++i) CHECK(result.violations[i] > 50);
    }

    TEST_CASE("a read of a value nobody wrote is a phantom") {
        CHECK(violation_of(HistoryBuilder{}.write(1, 0, 1).read(7, 2, 3)) == Violation::phantom);
    }

    TEST_CASE("a read of a value written to another key is a phantom") {
        HistoryBuilder history;
        history.key(1).write(1, 0, 1).key(2).read(1, 2, 3);
        const auto verdict = check_history(history.operations());
        CHECK(verdict.keys == 2);
        CHECK(verdict.violating_keys == 1);
        REQUIRE(verdict.witnesses.size() == 1);
        CHECK(verdict.witnesses[0].key == 2);
        CHECK(verdict.witnesses[0].violation == Violation::phantom);
    }

    TEST_CASE("a read that ends before the write of its value begins is a read before write") {
        CHECK(violation_of(HistoryBuilder{}.read(1, 0, 1).write(1, 2, 3)) ==
              Violation::read_before_write);
        CHECK(violation_of(HistoryBuilder{}.read(1, 0, 2).write(1, 2, 3)) == Violation::none);
    }

    TEST_CASE("a read of the value of a failed write is an aborted read") {
        HistoryBuilder before;
        before.read(1, 1, 2).add(Access::write, 1, 0, 3, Ending::failed);
        CHECK(violation_of(before) == Violation::aborted_read);
        HistoryBuilder after;
        after.add(Access::write, 1, 0, 3, Ending::failed).read(1, 4, 5);
        CHECK(violation_of(after) == Violation::aborted_read);
    }

    TEST_CASE("reading the old value between or after reads of the new one is an inversion") {
        // All reads overlap the second write, so none is stale: regular, but not atomic.
        HistoryBuilder history;
        history.write(1, 0, 1).write(2, 10, 50).read(2, 20, 22).read(2, 26, 28).read(1, 30, 35);
        CHECK(violation_of(history) == Violation::new_old_inversion);
    }

    TEST_CASE("a late read of the older of two versions forbids the next of the newer one") {
        // No two of them contradict each other before the last read: the writes are concurrent.
        CHECK(violation_of(HistoryBuilder{}.write(1, 0, 10).write(2, 5, 20).read(1, 25, 30)) ==
              Violation::none);
        CHECK(violation_of(HistoryBuilder{}.write(1, 0, 10).write(2, 5, 20).read(1, 25, 30).read(
                  2, 40, 45)) == Violation::new_old_inversion);
    }

    TEST_CASE("reading a value after an acknowledged write replaced it is stale or lost") {
        CHECK(violation_of(HistoryBuilder{}.write(1, 0, 1).write(2, 2, 3).read(1, 4, 5)) ==
              Violation::stale_or_lost);
        CHECK(violation_of(HistoryBuilder{}.write(1, 0, 1).read(0, 2, 3)) ==
              Violation::stale_or_lost);
    }

    TEST_CASE("a write without an answer may take effect late or never") {
        HistoryBuilder late;
        late.add(Access::write, 1, 0, 5, Ending::indeterminate).write(2, 6, 7).read(1, 8, 9);
        CHECK(violation_of(late) == Violation::none);
        HistoryBuilder never;
        never.add(Access::write, 1, 0, 0, Ending::in_flight).write(2, 6, 7).read(2, 8, 9);
        CHECK(violation_of(never) == Violation::none);
        // Once it has been read, the version it replaced is gone.
        late.read(2, 10, 11);
        CHECK(violation_of(late) != Violation::none);
    }

    TEST_CASE("operations that only touch are concurrent") {
        CHECK(violation_of(HistoryBuilder{}.write(1, 0, 2).read(0, 2, 3)) == Violation::none);
    }

    TEST_CASE("keys are judged one by one and counted") {
        HistoryBuilder history;
        history.key(1).write(1, 0, 1).read(1, 2, 3).key(2).write(2, 0, 1).read(0, 2, 3);
        const auto verdict = check_history(history.operations());
        CHECK(verdict.keys == 2);
        CHECK(verdict.reads == 2);
        CHECK(verdict.writes == 2);
        CHECK(verdict.violating_keys == 1);
        CHECK(verdict.keys_by_violation[static_cast<int>(Violation::stale_or_lost)] == 1);
    }

    TEST_CASE("a version that was retired long ago still betrays a stale read with full witness") {
        HistoryBuilder history;
        for (int i = 0; i < 500; ++i) {
            history.write(static_cast<models::Version>(i + 1), 10 * i, 10 * i + 2)
                .read(static_cast<models::Version>(i + 1), 10 * i + 4, 10 * i + 6);
        }
        CHECK(check_history(history.operations()).linearizable());
        history.read(3, 6000, 6001);
        const auto verdict = check_history(history.operations());
        REQUIRE(verdict.witnesses.size() == 1);
        const auto full = models::with_details(verdict.witnesses[0], history.operations());
        CHECK_FALSE(tests::linearizable_by_search(verdict.witnesses[0].operations));
        CHECK_FALSE(tests::linearizable_by_search(full.operations));
        for (const auto& operation : full.operations) CHECK(operation.id < 1001);
        CHECK(models::draw(full).find("write v3 by session 0") != std::string::npos);
    }

    TEST_CASE("memory stays near 24 bytes per version while versions replace one another") {
        models::LinearizabilityChecker checker;
        constexpr int versions = 40'960;
        for (int i = 0; i < versions; ++i) {
            models::Operation operation;
            operation.id = static_cast<std::uint64_t>(i);
            operation.key = static_cast<std::uint64_t>(i % 10);
            operation.version = static_cast<models::Version>(i) + 1;
            operation.kind = Access::write;
            operation.invoked_order = 2 * i;
            checker.invoked(operation);
            operation.completed_order = 2 * i + 1;
            operation.ending = Ending::ok;
            checker.completed(operation);
        }
        CHECK(checker.verdict().linearizable());
        // One started block of versions and a few live versions per key on top.
        CHECK(checker.memory() <= 24 * (versions + 4096) + 10 * 4 * 300);
    }
}

}  // namespace
}  // namespace archsim
