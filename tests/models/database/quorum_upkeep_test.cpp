// Stand-ins and anti-entropy of quorum databases by timelines worked out by hand.
#include "models/database/hash_tree.hpp"
#include "tests/support/small_run.hpp"
#include "tests/support/steps.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using doctest::Approx;

namespace {

using namespace archsim;
using models::Outcome;
using sim::Duration;

/// Three replicas and a coordinator, asked directly.
scenarios::Scenario upkept(const std::string& members, const std::string& rest = "") {
    return tests::read_text(R"("duration": "100s", "seed": 11, "history": false, "nodes": {
        "users": {"kind": "open_loop", "calls": [{"to": "db", "timeout": "1s"}],
                  "arrivals": {"kind": "constant", "rate": "0.0001/s"}},
        "db": {"kind": "quorum", )" +
                            members + "}}" + (rest.empty() ? "" : ", " + rest));
}

constexpr std::size_t coordinator = 3;  // the replicas come first

}  // namespace

TEST_SUITE("quorum upkeep") {
    TEST_CASE("a stand-in takes writes for replicas that are down and hands them over") {
        for (const bool is_sloppy : {false, true}) {
            tests::DatabaseSteps steps{
                upkept(std::string{R"("coordinators": 1)"} +
                       (is_sloppy ? R"(, "stand_ins": {"interval": "4s"})" : ""))};
            steps.member(0).crash();
            steps.member(1).crash();
            const auto& write = steps.ask(coordinator, 1, 1);
            steps.wait(Duration::seconds(3));
            CHECK(write.answer().outcome == (is_sloppy ? Outcome::ok : Outcome::timed_out));
            CHECK(steps.metric("db/stand_in_writes") == (is_sloppy ? 2.0 : 0.0));
            if (!is_sloppy) continue;
            CHECK(write.latency() == Duration{});
            const auto& read = steps.ask(coordinator, 1, 0);
            steps.wait(Duration::seconds(1));
            CHECK(read.answer().version == 1);
            // Tried in vain after 4 s; the replicas are back at 5 s and get it at 8 s.
            steps.wait(Duration::seconds(1));
            steps.member(0).restart();
            steps.member(1).restart();
            CHECK(steps.metric("db/hints") == 0.0);
            steps.wait(Duration::seconds(4));
            CHECK(steps.metric("db/hints") == 2.0);
            // Now the two have it by themselves.
            steps.member(2).crash();
            steps.helper(0).crash();
            const auto& again = steps.ask(coordinator, 1, 0);
            steps.wait(Duration::seconds(3));
            CHECK(again.answer().version == 1);
        }
    }

    TEST_CASE("for a replica that is silent a stand-in is asked after a while") {
        tests::DatabaseSteps steps{
            upkept(R"("coordinators": 1, "stand_ins": {"after": "300ms"}, "timeout": "2s")",
                   R"("faults": [{"kind": "partition", "a": ["db/0", "db/1"], "b": ["db/2",
                        "db/coordinator/0", "db/stand_in/0"], "at": "0s", "for": "10s"}])")};
        steps.wait(Duration::seconds(1));
        const auto& write = steps.ask(coordinator, 1, 1);
        const auto& read = steps.ask(coordinator, 1, 0);
        steps.wait(Duration::seconds(5));
        CHECK(write.answer().outcome == Outcome::ok);
        CHECK(write.latency() == Duration::milliseconds(300));
        CHECK(read.answer().outcome == Outcome::ok);
        CHECK(read.latency() == Duration::milliseconds(300));
        // After the heal the stand-in hands over.
        steps.wait(Duration::seconds(20));
        CHECK(steps.metric("db/hints") == 2.0);
    }

    TEST_CASE("with stand-ins R + W > N promises nothing") {
        // A write on the small side of a partition counts a stand-in; a read of the large side with
        // R + W = 4 > 3 asks two replicas that have not heard of it.
        tests::DatabaseSteps steps{
            upkept(R"("coordinators": 2, "stand_ins": {"after": "300ms"})",
                   R"("faults": [{"kind": "partition", "a": ["db/0", "db/stand_in/0",
                        "db/coordinator/0"], "b": ["db/1", "db/2", "db/coordinator/1"],
                        "at": "0s", "for": "10s"}])")};
        steps.wait(Duration::seconds(1));
        const auto& write = steps.ask(coordinator, 1, 1);
        steps.wait(Duration::seconds(1));
        CHECK(write.answer().outcome == Outcome::ok);
        const auto& read = steps.ask(coordinator + 1, 1, 0);
        steps.wait(Duration::seconds(1));
        CHECK(read.answer().outcome == Outcome::ok);
        CHECK(read.answer().version == models::initial_version);
    }

    TEST_CASE("stand-ins that are down do not turn an uncertain write into a refused one") {
        // Two replicas are cut off and may get the write; their stand-in refuses.
        tests::DatabaseSteps steps{
            upkept(R"("coordinators": 1, "stand_ins": {"after": "300ms"}, "timeout": "2s")",
                   R"("faults": [{"kind": "partition", "a": ["db/coordinator/0"],
                        "b": ["db/0", "db/1"], "at": "0s", "for": "10s"}])")};
        steps.wait(Duration::seconds(1));
        steps.member(2).crash();
        steps.helper(0).crash();
        const auto& write = steps.ask(coordinator, 1, 1);
        steps.wait(Duration::seconds(5));
        CHECK(write.answer().outcome == Outcome::timed_out);
    }

    TEST_CASE("replicas that compare what they hold bring each other what is newer, at a price") {
        // Replica 1 misses three writes of 100 B. Replica 0 compares itself with it at 5 s, 15 s,
        // 25 s ..., replica 1 with replica 0 at 10 s, 20 s ...: a tree of one leaf costs one hash
        // of 16 B, and where it differs all rows of both sides, here three.
        tests::DatabaseSteps steps{upkept(R"("replicas": 2, "write_quorum": 1, "coordinators": 1,
            "read_quorum": 1, "value_size": "100B",
            "anti_entropy": {"interval": "10s", "leaves": 1, "hash_size": "16B"})")};
        steps.member(1).crash();
        for (const std::uint64_t key : {1, 2, 3}) {
            CHECK(steps.write(2, key, key).outcome == Outcome::ok);
        }
        steps.member(1).restart();
        steps.wait(Duration::seconds(4));
        CHECK(steps.metric("db/repaired_rows") == 0.0);
        steps.wait(Duration::seconds(16));
        CHECK(steps.metric("db/repaired_rows") == 3.0);
        CHECK(steps.metric("db/comparisons") == 4.0);
        CHECK(steps.metric("db/compared_bytes") * 20.0 == Approx(4 * 16.0 + 300.0));
        steps.member(0).crash();
        for (const std::uint64_t key : {1, 2, 3}) {
            const auto& read = steps.ask(2, key, 0);
            steps.wait(Duration::seconds(3));
            CHECK(read.answer().version == key);
        }
    }

    TEST_CASE("trees are compared below differences only") {
        models::HashTreeDifference same{1024};
        CHECK(same.hashes() == 1);
        // One leaf that differs: both children at each of ten levels.
        models::HashTreeDifference one{1024};
        one.add(7);
        CHECK(one.holds(7));
        CHECK(one.hashes() == 1 + 2 * 10);
        models::HashTreeDifference all{4};
        for (std::uint64_t key = 0; key < 100; ++key) all.add(key);
        CHECK(all.hashes() == 7);
    }
}
