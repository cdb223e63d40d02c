// Whole queues against timelines worked out by hand. The time integral of a queue's depth is exact,
// so a wrong instant anywhere shows up to the nanosecond.
#include "tests/support/small_run.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>

using namespace archsim;

namespace {

constexpr std::int64_t run_seconds = 30;

/// Runs 30 s in which "send" is published at the given times, such as "1 1.5 2".
tests::Measured run(const std::string& times, const std::string& nodes,
                    const std::string& more = "") {
    const tests::TemporaryFolder folder;
    std::string trace = "time,operation,key,size\n";
    std::string time;
    for (const char c : times + " ") {
        if (c != ' ') {
            time += c;
        } else if (!time.empty()) {
            // "2:like" is an operation of another name.
            const std::size_t colon = time.find(':');
            trace += time.substr(0, colon) + "," +
                     (colon == std::string::npos ? "send" : time.substr(colon + 1)) + ",1,100\n";
            time.clear();
        }
    }
    static_cast<void>(folder.write("trace.csv", trace));
    return tests::run_text(R"("duration": "30s", "nodes": {
        "users": {"kind": "replay", "file": "trace.csv", "calls": ["q"]}, )" +
                               nodes + "}" + more,
                           folder.path());
}

/// Message-nanoseconds in a queue: the sum of the times that its messages stayed.
std::int64_t stay(const tests::Measured& found, const std::string& queue) {
    return std::llround(found[queue + "/depth/mean"] * run_seconds * 1e9);
}

constexpr std::int64_t ms(std::int64_t n) { return n * 1'000'000; }

std::string queue(const std::string& more) {
    return R"("q": {"kind": "message_queue", "consumers": [{"to": "worker"}])" +
           (more.empty() ? "" : ", " + more) + "}";
}
std::string worker(const std::string& time, const std::string& more = "") {
    return R"(, "worker": {"kind": "service", "service_time": ")" + time + "\"" + more + "}";
}

}  // namespace

TEST_SUITE("queue timelines") {
    TEST_CASE("an answer acknowledges a message") {
        const auto found = run("1 1.5", queue("") + worker("2s"));
        CHECK(found["q/acked"] == 2);
        CHECK(found["q/delivered"] == 2);
        CHECK(stay(found, "q") == ms(2000 + 3500));  // 1 -> 3, 1.5 -> 5
        CHECK(found["q/age/max"] == doctest::Approx(3.5).epsilon(0.01));
        CHECK(found["users/latency/max"] == 0.0);  // the publisher does not wait
        CHECK(found["q/blocked_time"] == 0.0);
    }

    TEST_CASE("no answer within the visibility timeout means redelivery, then a dead letter") {
        // Delivered at 1 s and at 4 s, dead at 7 s. The worker, one server, has done the work at
        // 11 s and again at 21 s.
        const auto found = run("1", queue(R"("visibility_timeout": "3s", "max_deliveries": 2,
                                             "dead_letter": "dead")") +
                                        worker("10s") + R"(, "dead": {"kind": "message_queue"})");
        CHECK(found["q/delivered"] == 2);
        CHECK(found["q/redelivered"] == 1);
        CHECK(found["q/dead_lettered"] == 1);
        CHECK(found["q/acked"] == 0);
        CHECK(found["q/processed"] == 1);
        CHECK(found["q/duplicates"] == 1);
        CHECK(stay(found, "q") == ms(6000));
        CHECK(stay(found, "dead") == ms(30'000 - 7000));
    }

    TEST_CASE("a consumer that cannot be reached is tried again after the pause") {
        // At 1 s, 1.1 s ... 5 s: the 41st delivery finds it up again and is done at 5.25 s.
        const auto found = run(
            "1", queue("") + worker("250ms"),
            R"(, "faults": [{"kind": "crash", "node": "worker", "at": "0s", "for": "4950ms"}])");
        CHECK(found["q/delivered"] == 41);
        CHECK(found["q/redelivered"] == 40);
        CHECK(found["q/acked"] == 1);
        CHECK(stay(found, "q") == ms(4250));
    }

    TEST_CASE("an idempotent consumer answers at once what it has done before") {
        // Delivered at 1, 4 and 7 s; the work of the first is done at 5 s, so the third is answered
        // at 7 s. The second is done at 8 s: its effect is a duplicate and dropped.
        const std::string nodes = worker("4s", R"(, "servers": 2)");
        const auto once = run("1", queue(R"("visibility_timeout": "3s",
                                            "delivery": "effectively_once")") +
                                       nodes);
        CHECK(once["q/delivered"] == 3);
        CHECK(once["q/processed"] == 1);
        CHECK(once["q/duplicates"] == 2);
        CHECK(once["q/acked"] == 1);
        CHECK(stay(once, "q") == ms(6000));
        // At least once every delivery is work: that of 1, 4, 7 ... 28 s ends 4 s later, which is
        // too late each time. Nine have ended by 30 s, eight of them for nothing.
        const auto least = run("1", queue(R"("visibility_timeout": "3s")") + nodes);
        CHECK(least["q/delivered"] == 10);
        CHECK(least["q/processed"] == 1);
        CHECK(least["q/duplicates"] == 8);
        CHECK(least["q/acked"] == 0);
        CHECK(stay(least, "q") == ms(29'000));
    }

    TEST_CASE("what is sent at most once is lost if no answer comes") {
        const auto found = run("1", queue(R"("visibility_timeout": "3s",
                                             "delivery": "at_most_once")") +
                                        worker("4s"));
        CHECK(found["q/delivered"] == 1);
        CHECK(found["q/lost"] == 1);
        CHECK(found["q/acked"] == 0);
        CHECK(stay(found, "q") == ms(3000));
    }

    TEST_CASE("a durable queue delivers again after a crash, another one has lost its messages") {
        const std::string crash =
            R"(, "faults": [{"kind": "crash", "node": "q", "at": "2s", "for": "1s"}])";
        // Delivered at 1 s and, after the crash, at 3 s; the worker is busy until 5 s and answers
        // the second at 9 s. The message of 1.5 s follows from 9 s to 13 s.
        const auto durable = run("1 1.5", queue("") + worker("4s"), crash);
        CHECK(durable["q/acked"] == 2);
        CHECK(durable["q/lost"] == 0);
        CHECK(durable["q/redelivered"] == 1);
        CHECK(durable["q/duplicates"] == 1);
        CHECK(stay(durable, "q") == ms(8000 + 11'500));
        const auto forgetful = run("1 1.5", queue(R"("durable": false)") + worker("4s"), crash);
        CHECK(forgetful["q/acked"] == 0);
        CHECK(forgetful["q/lost"] == 2);
        CHECK(stay(forgetful, "q") == ms(1000 + 500));
        const auto most =
            run("1 1.5", queue(R"("delivery": "at_most_once")") + worker("4s"), crash);
        CHECK(most["q/lost"] == 1);  // the one that was out
        CHECK(most["q/acked"] == 1);
        CHECK(most["q/duplicates"] == 0);
        CHECK(stay(most, "q") == ms(1000 + 7500));  // 1 -> 2; 1.5 -> 9, after 5 s of another's work
    }

    TEST_CASE("delay and retention") {
        const auto late = run("1", queue(R"("delay": "2s")") + worker("2s"));
        CHECK(stay(late, "q") == ms(4000));
        // The first is with the consumer when it is too old; the second expires in line.
        const auto old = run("1 1.2 2", queue(R"("retention": "1500ms")") + worker("2s"));
        CHECK(old["q/expired"] == 1);
        CHECK(old["q/acked"] == 2);
        CHECK(stay(old, "q") == ms(2000 + 1500 + 3000));
    }

    TEST_CASE("partitions deliver in order, one at a time, whatever the concurrency") {
        const std::string consumers =
            R"("q": {"kind": "message_queue", "consumers": [{"to": "worker", "concurrency": 4}])";
        const std::string nodes = worker("2s", R"(, "servers": 4)");
        CHECK(stay(run("1 1.5", consumers + "}" + nodes), "q") == ms(2000 + 2000));
        CHECK(stay(run("1 1.5", consumers + R"(, "partitions": 8})" + nodes), "q") ==
              ms(2000 + 3500));
    }
}

TEST_SUITE("back pressure") {
    // Three messages at 1, 1.5 and 2 s for a worker that needs 2 s for each.
    const std::string times = "1 1.5 2";

    TEST_CASE("block holds the publisher up until there is room") {
        const auto found = run(times, queue(R"("limit": 1, "when_full": "block")") + worker("2s"));
        CHECK(found["q/acked"] == 3);
        CHECK(found["q/depth/max"] == 1);
        CHECK(stay(found, "q") == ms(6000));
        CHECK(found["q/blocked_time"] == doctest::Approx((0.0 + 1.5 + 3.0) / 3.0).epsilon(1e-9));
        CHECK(found["users/latency/mean"] == doctest::Approx(1.5).epsilon(1e-9));
    }
    TEST_CASE("credit holds up a producer with too many messages under way") {
        const std::string credit = R"("when_full": {"kind": "credit", "credits": 1})";
        const auto found = run(times, queue(credit) + worker("2s"));
        CHECK(found["q/acked"] == 3);
        CHECK(found["q/blocked_time"] == doctest::Approx(1.5).epsilon(1e-9));
    }
    TEST_CASE("reject tells the publisher") {
        const auto found = run(times, queue(R"("limit": 1, "when_full": "reject")") + worker("2s"));
        CHECK(found["q/rejected"] == 2);
        CHECK(found["q/published"] == 1);
        CHECK(found["users/outcome/rejected"] == doctest::Approx(2.0 / 3.0));
    }
    TEST_CASE("drop_newest and drop_oldest do not tell the publisher") {
        const auto newest =
            run(times, queue(R"("limit": 2, "when_full": "drop_newest")") + worker("2s"));
        CHECK(newest["users/outcome/ok"] == 1.0);
        CHECK(newest["q/dropped"] == 1);
        CHECK(stay(newest, "q") == ms(2000 + 3500));  // that of 2 s is gone
        const auto oldest =
            run(times, queue(R"("limit": 2, "when_full": "drop_oldest")") + worker("2s"));
        CHECK(oldest["users/outcome/ok"] == 1.0);
        CHECK(oldest["q/dropped"] == 1);
        CHECK(stay(oldest, "q") == ms(2000 + 500 + 3000));  // that of 1.5 s went at 2 s
    }
    TEST_CASE("a limit in bytes, and a message that can never fit") {
        const auto two =
            run(times, queue(R"("limit_bytes": "250B", "when_full": "reject")") + worker("2s"));
        CHECK(two["q/rejected"] == 1);
        const auto none = run(times, queue(R"("limit_bytes": "99B")") + worker("2s"));
        CHECK(none["q/rejected"] == 3);  // blocking would be for ever
    }
    TEST_CASE("rate holds publishers to a common pace") {
        const auto found =
            run(times, queue(R"("when_full": {"kind": "rate", "initial": "1/s"})") + worker("2s"));
        CHECK(found["q/blocked_time"] == doctest::Approx((0.0 + 0.5 + 1.0) / 3.0).epsilon(1e-9));
    }
    TEST_CASE("spill writes to disk and reads from it") {
        // The first stays in memory, 1 -> 3 s. The second is written until 1.75 s, read from 3 to
        // 3.5 s and done at 5.5 s; the third is written until 2.25 s, read from 5.5 to 6 s and done
        // at 8 s.
        const auto found = run(times, queue(R"("limit": 1, "when_full":
            {"kind": "spill", "write_time": "250ms", "read_time": "500ms"})") +
                                          worker("2s"));
        CHECK(found["q/acked"] == 3);
        CHECK(stay(found, "q") == ms(2000 + 3750 + 5750));
        CHECK(found["users/latency/max"] == doctest::Approx(0.25).epsilon(0.01));
        CHECK(found["q/disk/utilisation"] == doctest::Approx(1.5 / 30.0));
    }
}

TEST_SUITE("publish and subscribe") {
    TEST_CASE("each subscription gets its topics and keeps its own queue") {
        const auto found = run("1:post 2:like 3:follow", R"(
            "q": {"kind": "pub_sub", "subscriptions": [
                {"to": "worker", "topics": ["post"]},
                {"to": "slow", "topics": ["post", "like"]}]},
            "slow": {"kind": "service", "service_time": "3s"})" +
                                                             worker("1s"));
        CHECK(found["q/subscription/worker/published"] == 1);
        CHECK(found["q/subscription/slow/published"] == 2);
        CHECK(found["q/published"] == 3);
        CHECK(found["q/unrouted"] == 1);
        CHECK(stay(found, "q/subscription/worker") == ms(1000));
        CHECK(stay(found, "q/subscription/slow") == ms(3000 + 5000));  // 1 -> 4, 2 -> 7
        CHECK(stay(found, "q") == ms(9000));
    }
    TEST_CASE("consumers of one group share the messages, each group gets all") {
        const auto found = run("1 2 3 4", R"(
            "q": {"kind": "message_queue", "consumers": [
                {"to": "worker", "group": "a"}, {"to": "other", "group": "a"},
                {"to": "slow", "group": "b"}]},
            "other": {"kind": "service", "service_time": "100ms"},
            "slow": {"kind": "service", "service_time": "100ms"})" +
                                              worker("100ms"));
        CHECK(found["q/subscription/a/acked"] == 4);
        CHECK(found["q/subscription/b/acked"] == 4);
        CHECK(found["worker/arrivals"] * run_seconds == doctest::Approx(2));
        CHECK(found["other/arrivals"] * run_seconds == doctest::Approx(2));
    }
}
