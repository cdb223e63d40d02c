// Where reads of a primary with replicas go, when a semi-synchronous write shows, what the disk
// costs, and who is promoted: each by a timeline worked out by hand.
#include "models/database/read_routing.hpp"

#include "tests/support/behind.hpp"
#include "tests/support/small_run.hpp"
#include "tests/support/steps.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>

using doctest::Approx;

namespace {

using namespace archsim;
using models::Outcome;
using sim::Duration;

/// A primary and a replica in region a, another replica in region b, 50 ms away.
std::string members(const std::string& database, const std::string& faults = "") {
    return R"("duration": "100s", "seed": 3, "history": false, "regions": ["a", "b"],
        "network": {"between": [["a", "b", "50ms"]]}, "nodes": {
        "users": {"kind": "open_loop", "region": "a", "calls": [{"to": "db", "timeout": "1s"}],
                  "arrivals": {"kind": "constant", "rate": "0.0001/s"}},
        "db": {"kind": "primary_replica", "region": "a", "replicas": 2,
               "replica_regions": ["a", "b"], )" +
           database + R"(}}, "faults": [)" + faults + "]";
}

constexpr std::size_t primary = 0;
constexpr std::size_t near_replica = 1;
constexpr std::size_t far_replica = 2;

/// Somebody who calls the database from a region.
class RoutedCaller final : public models::Node {
public:
    RoutedCaller(models::Component& owner, std::uint32_t region) : Node{owner, "caller"} {
        set_region(region);
    }
    sim::Task<models::Response> serve(models::Request) override {
        const models::Response nothing;
        co_return nothing;
    }
};

/// The choices of a caller in one region.
class Choices {
public:
    Choices(tests::DatabaseSteps& steps, std::uint32_t region)
        : caller_{steps.component("users"), region},
          rule_{steps.component("db").picking_rule(caller_)} {}
    [[nodiscard]] std::size_t read(std::uint64_t session = 0, std::uint8_t attempt = 1) {
        models::Request request;
        request.session = session;
        request.attempt = attempt;
        return rule_->pick(request).value();
    }
    [[nodiscard]] std::size_t write() {
        models::Request request;
        request.access = models::Access::write;
        return rule_->pick(request).value();
    }

private:
    RoutedCaller caller_;
    std::unique_ptr<models::PickingRule> rule_;
};

constexpr std::uint32_t region_a = 0;
constexpr std::uint32_t region_b = 1;

}  // namespace

TEST_SUITE("read routing") {
    TEST_CASE("reads go to the primary, to all in turn, or to the nearest, writes to the primary") {
        tests::DatabaseSteps at_primary{tests::read_text(members(R"("read_from": "primary")"))};
        Choices strict{at_primary, region_b};
        CHECK(strict.read() == primary);
        CHECK(strict.write() == primary);

        tests::DatabaseSteps at_any{tests::read_text(members(R"("read_from": "any")"))};
        Choices any{at_any, region_b};
        for (const std::size_t expected : {0, 1, 2, 0, 1}) CHECK(any.read() == expected);
        CHECK(any.write() == primary);

        tests::DatabaseSteps at_nearest{tests::read_text(members(R"("read_from": "nearest")"))};
        Choices far{at_nearest, region_b};
        CHECK(far.read() == far_replica);
        CHECK(far.read() == far_replica);
        CHECK(far.read(0, 2) != far_replica);  // a retry goes on to the next nearest
        CHECK(far.write() == primary);
        Choices near{at_nearest, region_a};
        const std::size_t first = near.read();
        const std::size_t second = near.read();
        CHECK(first + second == primary + near_replica);  // these two take turns
        CHECK(near.read() == first);
    }

    TEST_CASE("a session reads where its own writes are, others where it is nearest") {
        // The primary tells its replicas 1 s late: the write of 0 s shows in a at 1 s and in b at
        // 1.05 s.
        tests::DatabaseSteps steps{
            tests::read_text(members(R"("read_from": "read_your_writes", "lag": "1s")"))};
        Choices caller{steps, region_b};
        CHECK(caller.read(7) == far_replica);
        CHECK(steps.write(primary, 1, 1, 7).outcome == Outcome::ok);
        CHECK(caller.read(7) == primary);
        CHECK(caller.read(8) == far_replica);
        steps.wait(Duration::milliseconds(1010));
        const std::size_t among_near = caller.read(7);
        CHECK((among_near == primary || among_near == near_replica));
        CHECK(steps.read(near_replica, 1).version == 1);
        CHECK(steps.read(far_replica, 1).version == models::initial_version);
        steps.wait(Duration::milliseconds(50));
        CHECK(caller.read(7) == far_replica);
        CHECK(steps.read(far_replica, 1).version == 1);
    }

    TEST_CASE("a replica that is too far behind gets no reads until it has caught up") {
        // The primary tells the time each 125 ms; b hears it 50 ms later. Cut off at 1.95 s: the
        // last that b has heard is the word of 1.875 s, which is 500 ms old at 2.375 s.
        tests::DatabaseSteps steps{tests::read_text(
            members(R"("read_from": {"kind": "bounded_lag", "bound": "500ms"})",
                    R"({"kind": "partition", "a": ["db/primary"], "b": ["db/replica/1"],
                        "at": "1950ms", "for": "4s"})"))};
        Choices caller{steps, region_b};
        steps.wait(Duration::milliseconds(2370));
        CHECK(caller.read() == far_replica);
        steps.wait(Duration::milliseconds(10));
        CHECK(caller.read() != far_replica);
        steps.wait(Duration::milliseconds(3500));
        CHECK(caller.read() != far_replica);
        steps.wait(Duration::milliseconds(1500));
        CHECK(caller.read() == far_replica);
    }

    TEST_CASE("a clock that is wrong hides how far behind a replica is") {
        // As above: without the clocks b would get no reads from 2.375 s on. Its own clock 1 s
        // back, or that of the primary 1 s ahead, hides one second.
        for (const std::size_t wrong : {primary, far_replica}) {
            tests::DatabaseSteps steps{tests::read_text(
                members(R"("read_from": {"kind": "bounded_lag", "bound": "500ms"})",
                        R"({"kind": "partition", "a": ["db/primary"], "b": ["db/replica/1"],
                            "at": "1950ms", "for": "4s"})"))};
            const auto second = Duration::seconds(1);
            steps.member(wrong).set_clock_offset(wrong == primary ? second : -second);
            Choices caller{steps, region_b};
            steps.wait(Duration::milliseconds(3370));
            CHECK(caller.read() == far_replica);
            steps.wait(Duration::milliseconds(10));
            CHECK(caller.read() != far_replica);
        }
    }

    TEST_CASE("a semi-synchronous write shows before or after its replica has it") {
        for (const bool is_lossless : {false, true}) {
            tests::DatabaseSteps steps{tests::read_text(members(
                R"("read_from": "any", "mode": {"kind": "semi_sync", "count": 2, "wait_point": ")" +
                std::string{is_lossless ? "after_sync" : "after_commit"} + R"("})"))};
            const auto& write = steps.ask(primary, 1, 1);
            steps.wait(Duration::milliseconds(99));
            CHECK_FALSE(write.has_answer());
            CHECK(steps.read(primary, 1).version == (is_lossless ? 0 : 1));
            steps.wait(Duration::milliseconds(2));
            CHECK(write.latency() == Duration::milliseconds(100));
            CHECK(steps.read(primary, 1).version == 1);
        }
    }

    TEST_CASE("what a reader of after_commit has seen can be lost in a failover") {
        // The replica in b never hears of the write: the primary in a dies 10 ms after it.
        for (const bool is_lossless : {false, true}) {
            tests::DatabaseSteps steps{tests::read_text(
                R"("duration": "100s", "history": false, "regions": ["a", "b"],
                "network": {"between": [["a", "b", "50ms"]]}, "nodes": {
                "users": {"kind": "open_loop", "region": "a", "calls": [{"to": "db",
                          "timeout": "1s"}], "arrivals": {"kind": "constant", "rate": "0.0001/s"}},
                "db": {"kind": "primary_replica", "region": "a", "replica_regions": ["b"],
                       "lag": "20ms", "mode": {"kind": "semi_sync", "wait_point": ")" +
                std::string{is_lossless ? "after_sync" : "after_commit"} +
                R"("}, "failover": {"interval": "100ms", "timeout": "500ms"}}})")};
            steps.wait(Duration::seconds(1));
            const auto& write = steps.ask(primary, 1, 1);
            steps.wait(Duration::milliseconds(10));
            CHECK(steps.read(primary, 1).version == (is_lossless ? 0 : 1));
            steps.member(primary).crash();
            steps.wait(Duration::seconds(5));
            CHECK(steps.metric("db/failovers") == 1.0);
            CHECK(steps.read(1, 1).version == models::initial_version);
            // Its client had not been told, so nothing acknowledged is lost in either mode.
            CHECK_FALSE(write.has_answer());
            CHECK(steps.metric("db/lost_writes") == 0.0);
        }
    }

    TEST_CASE("each write is forced to disk before anybody hears of it") {
        // 2 ms of work and 5 ms of disk; a synchronous write goes to b and is forced there as well.
        const auto latency = [](const std::string& mode) {
            tests::DatabaseSteps steps{tests::read_text(members(
                R"("write_time": "2ms", "durability": {"kind": "disk", "fsync_time": "5ms"},
                   "mode": )" +
                mode))};
            const auto& write = steps.ask(primary, 1, 1);
            steps.wait(Duration::seconds(1));
            return write.latency();
        };
        CHECK(latency(R"("async")") == Duration::milliseconds(7));
        CHECK(latency(R"("sync")") == Duration::milliseconds(7 + 50 + 5 + 50));
        CHECK(latency(R"({"kind": "sync", "quorum": "majority"})") ==
              Duration::milliseconds(7 + 5));
    }
}

TEST_SUITE("promotion") {
    TEST_CASE("the most advanced, the nearest or the designated replica becomes the primary") {
        // Replica 1 is the nearest to the primary, and cut off from it at 3.95 s; the primary dies
        // at 5.08 s, when the others have everything. A write each 100 ms: what replica 1 lacks are
        // those from 4.0 s to 5.0 s.
        const auto run = [](const std::string& promotion, tests::BehindCounter& sink) {
            const auto scenario = tests::read_text(R"("duration": "20s", "seed": 2,
                "regions": ["a", "b", "c"],
                "network": {"between": [["a", "b", "50ms"], ["a", "c", "10ms"],
                                        ["b", "c", "50ms"]]},
                "nodes": {
                "users": {"kind": "open_loop", "region": "a", "calls": [{"to": "db",
                          "timeout": "500ms"}],
                          "arrivals": {"kind": "constant", "rate": "10/s"},
                          "keys": {"kind": "sequential", "count": 1000000},
                          "operations": [{"name": "write", "type": "write"}]},
                "db": {"kind": "primary_replica", "region": "a", "replicas": 3,
                       "replica_regions": ["b", "c", "b"],
                       "failover": {"interval": "200ms", "timeout": "1s", "promotion": )" +
                                                   promotion + R"(}}},
                "faults": [{"kind": "partition", "a": ["db/primary"], "b": ["db/replica/1"],
                            "at": "3950ms", "for": "20s"},
                           {"kind": "crash", "node": "db/primary", "at": "5080ms"}])");
            return tests::run_listening(scenario, 0, sink);
        };
        struct Case {
            std::string promotion;
            std::uint16_t promoted;
            double lost;
        };
        for (const Case& one : {Case{R"("most_advanced")", 1, 0.0}, Case{R"("nearest")", 2, 11.0},
                                Case{R"("designated", "designated": 2)", 3, 0.0},
                                Case{R"("designated", "designated": 1)", 2, 11.0}}) {
            CAPTURE(one.promotion);
            tests::BehindCounter sink;
            const auto found = run(one.promotion, sink);
            CHECK(found["db/failovers"] == 1.0);
            CHECK(sink.last_writer() == one.promoted);
            CHECK(found["db/lost_writes"] == one.lost);
        }
    }
}
