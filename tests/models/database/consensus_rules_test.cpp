// Single rules of Raft, asked of members one by one: what counts as committed, who may vote, what a
// crash takes, what a retry does.
#include "tests/support/consensus_steps.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace {

using namespace archsim;
using models::ConsensusMember;
using models::Outcome;

/// Asks for a vote in a term far ahead, with a log longer than anybody's.
models::ConsensusLetter request_for_vote() {
    models::ConsensusLetter letter;
    letter.kind = models::ConsensusLetter::Kind::ask_vote;
    letter.term = 50;
    letter.last_term = 49;
    letter.last_at = 100;
    return letter;
}

}  // namespace

TEST_SUITE("consensus rules") {
    TEST_CASE("an entry of an earlier term is not committed by counting who holds it") {
        // db/0 takes a write that nobody else gets, loses its office for want of answers, and is
        // elected again because its log is the longest. Then somebody says that it has the old
        // write and not the entry that begins the new term.
        tests::ConsensusSteps steps{
            tests::quiet_consensus(R"(, "pre_vote": false)", R"("network": {"within": "10ms"})")};
        steps.wait(sim::Duration::milliseconds(500));
        CHECK(steps.member(0).committed() == 1);
        steps.member(1).crash();
        steps.member(2).crash();
        const tests::Asked lonely = steps.ask(0, 7);
        steps.wait(sim::Duration::seconds(2));
        CHECK_FALSE(steps.member(0).is_leader());
        REQUIRE(lonely.has_answer());
        CHECK(lonely.answer().outcome == Outcome::timed_out);
        CHECK(steps.member(0).log().end() == 2);
        const std::uint64_t before = steps.member(0).term();
        steps.member(1).restart();
        REQUIRE(steps.next_leader(before) == 0);
        steps.member(1).crash();  // what it was sent never arrives
        ConsensusMember& leader = steps.member(0);
        REQUIRE(leader.log().end() == 3);
        models::ConsensusLetter answer;
        answer.kind = models::ConsensusLetter::Kind::appended;
        answer.is_granted = true;
        answer.term = leader.term();
        answer.sent = steps.world().simulation().now();
        answer.clock = answer.sent;
        answer.match = 2;
        leader.receive(answer, 1);
        CHECK(leader.committed() == 1);
        answer.match = 3;
        leader.receive(answer, 1);
        CHECK(leader.committed() == 3);
        CHECK(leader.data().at(1).version == 7);
    }

    TEST_CASE("who has heard from a leader votes for nobody, and who has restarted does not know") {
        tests::ConsensusSteps steps{tests::quiet_consensus("")};
        steps.wait(sim::Duration::milliseconds(500));
        ConsensusMember& member = steps.member(1);
        member.receive(request_for_vote(), 2);
        CHECK(member.term() == 1);
        // It may have answered the leader just before, whose lease counts on that.
        member.crash();
        member.restart();
        member.receive(request_for_vote(), 2);
        CHECK(member.term() == 1);
    }

    TEST_CASE("a vote outlives a crash") {
        tests::ConsensusSteps steps{tests::quiet_consensus(R"(, "election_spread": "20s")")};
        steps.wait(sim::Duration::milliseconds(500));
        steps.member(0).crash();
        steps.member(2).crash();
        steps.wait(sim::Duration::milliseconds(1100));
        ConsensusMember& member = steps.member(1);
        member.receive(request_for_vote(), 2);
        CHECK(member.term() == 50);
        CHECK(member.vote() == 2);
        member.crash();
        member.restart();
        CHECK(member.term() == 50);
        steps.wait(sim::Duration::milliseconds(1100));
        member.receive(request_for_vote(), 0);
        CHECK(member.vote() == 2);
        // One that was not on disk was not given: nobody has heard of it.
        member.crash();
        member.restart();
        steps.wait(sim::Duration::milliseconds(1100));
        member.set_disk_speed(0.0);
        models::ConsensusLetter later = request_for_vote();
        later.term = 60;
        member.receive(later, 0);
        CHECK(member.vote() == 0);
        member.crash();
        member.set_disk_speed(1.0);
        member.restart();
        CHECK(member.term() == 50);
        CHECK(member.vote() == 2);
    }

    TEST_CASE("a write tried again takes effect once") {
        tests::ConsensusSteps steps{tests::quiet_consensus("")};
        for (const std::uint64_t version : {1U, 2U, 1U}) {
            const tests::Asked asked = steps.ask(0, version);
            steps.wait(sim::Duration::seconds(1));
            REQUIRE(asked.has_answer());
            CHECK(asked.answer().outcome == Outcome::ok);
        }
        CHECK(steps.member(0).data().at(1).version == 2);
        CHECK(steps.member(2).data().at(1).version == 2);
        CHECK(steps.member(0).log().end() == 3);
    }

    TEST_CASE("a member that was down gets all that it has missed, however much") {
        tests::ConsensusSteps steps{tests::quiet_consensus("")};
        steps.member(2).crash();
        for (std::uint64_t version = 1; version <= 2000; ++version) {
            const tests::Asked asked = steps.ask(0, version);
            steps.wait(sim::Duration::milliseconds(1));
            REQUIRE(asked.has_answer());
        }
        CHECK(steps.member(0).log().base() == 0);  // kept for it
        steps.member(2).restart();
        steps.wait(sim::Duration::seconds(1));
        CHECK(steps.member(2).committed() == 2001);
        CHECK(steps.member(2).data().at(1).version == 2000);
        // The next entries find everybody up to date and let the log forget.
        for (std::uint64_t version = 2001; version <= 3000; ++version) {
            const tests::Asked asked = steps.ask(0, version);
            steps.wait(sim::Duration::milliseconds(1));
            REQUIRE(asked.has_answer());
        }
        CHECK(steps.member(0).log().base() > 2000);
        CHECK(steps.member(0).log().end() == 3001);
        // A retry of what all have forgotten is known to be done.
        const tests::Asked again = steps.ask(0, 5);
        steps.wait(sim::Duration::milliseconds(1));
        REQUIRE(again.has_answer());
        CHECK(again.answer().outcome == Outcome::ok);
        CHECK(steps.member(0).data().at(1).version == 3000);
    }

    TEST_CASE("a crash takes what was not on disk, also what the data showed already") {
        // The disk of the leader stands still: others have the write, it is committed and answered.
        tests::ConsensusSteps steps{tests::quiet_consensus("")};
        steps.wait(sim::Duration::milliseconds(500));
        steps.member(0).set_disk_speed(0.0);
        const tests::Asked asked = steps.ask(0, 9);
        steps.wait(sim::Duration::milliseconds(1));
        REQUIRE(asked.has_answer());
        CHECK(asked.answer().outcome == Outcome::ok);
        CHECK(steps.member(0).data().at(1).version == 9);
        CHECK(steps.member(0).kept() == 1);
        steps.member(0).crash();
        steps.member(0).set_disk_speed(1.0);
        steps.member(0).restart();
        CHECK(steps.member(0).data().at(1).version == 0);
        CHECK(steps.member(0).log().end() == 1);
        const std::size_t next = steps.next_leader(1);
        CHECK(next != 0);  // its log is too short
        steps.wait(sim::Duration::seconds(1));
        CHECK(steps.member(0).data().at(1).version == 9);
    }
}
