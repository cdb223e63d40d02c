// What a load source tells the history of its operations.
#include "models/client/operation_log.hpp"

#include "models/freshness.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace archsim::models {
namespace {

constexpr std::uint32_t store = 7;

sim::Instant at(std::int64_t ms) { return sim::Instant::at(sim::Duration::milliseconds(ms)); }

struct Sink final : HistorySink {
    void invoked(const Operation& operation) override { begun.push_back(operation); }
    void completed(const Operation& operation) override { ended.push_back(operation); }
    void created(const VersionRecord&) override {}
    void applied(const Application&) override {}
    void fault(const FaultRecord&) override {}
    void settled(std::uint64_t, Version) override {}
    std::vector<Operation> begun;
    std::vector<Operation> ended;
};

struct Fixture {
    Fixture() {
        history.add(sink);
        history.observe(store);
    }
    Request request(Access access, std::uint64_t session) {
        Request made;
        if (access == Access::write) made.version = history.next_version();
        made.access = access;
        made.session = session;
        made.key = 3;
        return made;
    }
    static Response answer(Outcome outcome, std::uint32_t from, Version version) {
        Response made = Response::only(outcome);
        made.store = from;
        made.version = version;
        return made;
    }
    void operate(const Request& made, const Response& response, sim::Instant end) {
        log.end(log.begin(made, 0), made, response, end);
    }
    Sink sink;
    HistoryRecorder history;
    OperationLog log{history, 5};
};

TEST_SUITE_BEGIN("operation log");

TEST_CASE_FIXTURE(Fixture, "a read is recorded with the version that it returned") {
    const Request read = request(Access::read, 0);
    log.end(log.begin(read, 2), read, answer(Outcome::ok, store, 41), at(5));
    REQUIRE(sink.ended.size() == 1);
    CHECK(sink.ended[0].version == 41);
    CHECK(sink.ended[0].ending == Ending::ok);
    CHECK(sink.ended[0].side == 2);
    CHECK(sink.ended[0].place == 5);
    CHECK(sink.ended[0].key == 3);
    CHECK(sink.ended[0].completed == at(5));
}

TEST_CASE_FIXTURE(Fixture, "a write keeps the version that it carried") {
    const Request write = request(Access::write, 0);
    operate(write, answer(Outcome::ok, store, 99), at(1));
    CHECK(sink.begun[0].version == write.version);
    CHECK(sink.ended[0].version == write.version);
}

TEST_CASE_FIXTURE(Fixture, "an answer of another store had no effect on the observed one") {
    operate(request(Access::write, 0), answer(Outcome::ok, store + 1, 5), at(1));
    CHECK(sink.ended[0].ending == Ending::failed);
}

TEST_CASE_FIXTURE(Fixture, "a write that no store has answered yet may still take effect") {
    operate(request(Access::write, 0), answer(Outcome::ok, 0, 0), at(1));
    CHECK(sink.ended[0].ending == Ending::indeterminate);
}

TEST_CASE_FIXTURE(Fixture, "after an uncertain end a user goes on in a new session") {
    operate(request(Access::write, 4), Response::only(Outcome::timed_out), at(1));
    operate(request(Access::read, 4), answer(Outcome::ok, store, 1), at(2));
    operate(request(Access::read, 4), answer(Outcome::ok, store, 1), at(3));
    CHECK(sink.ended[0].ending == Ending::indeterminate);
    CHECK(sink.ended[0].session != sink.ended[1].session);
    CHECK(sink.ended[1].session == sink.ended[2].session);
}

TEST_CASE_FIXTURE(Fixture, "users have sessions of their own, however large their numbers") {
    for (const std::uint64_t user :
         {std::uint64_t{1} << 60, std::uint64_t{3}, std::uint64_t{1} << 60,
          (std::uint64_t{1} << 60) + 1, std::uint64_t{3}}) {
        operate(request(Access::read, user), answer(Outcome::ok, store, 1), at(1));
    }
    const auto session = [&](std::size_t i) { return sink.ended[i].session; };
    CHECK(session(0) == session(2));
    CHECK(session(1) == session(4));
    CHECK(session(0) != session(1));
    CHECK(session(0) != session(3));
    CHECK(session(1) != session(3));
}

TEST_CASE_FIXTURE(Fixture, "operations in flight at the same time do not mix") {
    const Request read = request(Access::read, 1);
    const OperationLog::Begun first = log.begin(read, 0);
    const OperationLog::Begun second = log.begin(read, 0);
    log.end(first, read, answer(Outcome::ok, store, 10), at(1));
    const OperationLog::Begun third = log.begin(read, 0);
    log.end(second, read, answer(Outcome::ok, store, 20), at(2));
    log.end(third, read, answer(Outcome::ok, store, 30), at(3));
    CHECK(sink.ended[0].id == 0);
    CHECK(sink.ended[1].id == 1);
    CHECK(sink.ended[1].version == 20);
    CHECK(sink.ended[2].version == 30);
}

TEST_CASE("nothing is recorded while nobody listens") {
    HistoryRecorder history;
    OperationLog log{history, 5};
    const OperationLog::Begun begun = log.begin(Request{}, 0);
    CHECK_FALSE(begun.is_recorded);
    log.end(begun, Request{}, Response::only(Outcome::ok), at(1));
    CHECK(history.begun() == 0);
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("freshness");

TEST_CASE("a version is outdated from the commit of the next one on") {
    Freshness freshness;
    CHECK_FALSE(freshness.outdated_since(store, 3, initial_version).has_value());
    freshness.committed(store, 3, 1, at(10));
    freshness.committed(store, 3, 5, at(20));
    CHECK(freshness.outdated_since(store, 3, initial_version) == at(10));
    CHECK(freshness.outdated_since(store, 3, 1) == at(20));
    CHECK_FALSE(freshness.outdated_since(store, 3, 5).has_value());
}

TEST_CASE("the same key in another store is another piece of data") {
    Freshness freshness;
    freshness.committed(store, 3, 1, at(10));
    CHECK_FALSE(freshness.outdated_since(store + 1, 3, initial_version).has_value());
    CHECK_FALSE(freshness.outdated_since(store, 4, initial_version).has_value());
    freshness.committed(store + 2, 3, 2, at(30));
    freshness.committed(store, 3, 3, at(40));
    CHECK(freshness.outdated_since(store + 2, 3, initial_version) == at(30));
    CHECK_FALSE(freshness.outdated_since(store + 2, 3, 2).has_value());
    CHECK(freshness.outdated_since(store, 3, 1) == at(40));
}

TEST_CASE("keys may be as large as a hash") {
    Freshness freshness;
    constexpr std::uint64_t large = std::uint64_t{1} << 63;
    for (std::uint64_t i = 0; i < 100; ++i) freshness.committed(store, large + i, i + 1, at(10));
    freshness.committed(store, large + 50, 200, at(20));
    CHECK(freshness.outdated_since(store, large + 50, 51) == at(20));
    CHECK_FALSE(freshness.outdated_since(store, large + 51, 52).has_value());
    CHECK(freshness.outdated_since(store, large + 99, initial_version) == at(10));
    CHECK_FALSE(freshness.outdated_since(store, large + 100, initial_version).has_value());
}

TEST_SUITE_END();

}  // namespace
}  // namespace archsim::models
