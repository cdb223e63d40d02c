// Random faults around a queue: what each way of delivery promises holds whatever happens, and a
// pipeline of queues that block loses nothing and keeps its limits. That every message is accounted
// for is checked by the queues themselves at the end of each run.
#include "sim/rng.hpp"
#include "tests/support/small_run.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <string>

using namespace archsim;

namespace {

constexpr int messages = 200;
constexpr int seconds = 20;
constexpr std::array modes{"at_most_once", "at_least_once", "effectively_once"};

/// Draws scenarios; faults are over after 4 s, so that the rest of the run shows what comes of it.
class Chaos {
public:
    explicit Chaos(std::uint64_t seed) : rng_{seed} {}

    std::string trace() {
        std::string text = "time,operation,key,size\n";
        for (int i = 0; i < messages; ++i) {
            text +=
                fmt::format("{:.3f},send,{},{}\n", 0.01 * (i + 1), number(0, 9), number(10, 1000));
        }
        return text;
    }
    std::string scenario(const std::string& mode) {
        return fmt::format(R"("duration": "{}s", "seed": {}, "nodes": {{
            "users": {{"kind": "replay", "file": "trace.csv",
                       "calls": [{{"to": "q", "timeout": "500ms"}}]}},
            {}, {}}}, "faults": [{}, {}, {}])",
                           seconds, number(1, 1000), queue(mode), worker(), fault(), fault(),
                           fault());
    }

private:
    int number(int low, int high) {
        return low + static_cast<int>(rng_.below(static_cast<std::uint64_t>(high - low + 1)));
    }
    std::string one_of(std::initializer_list<const char*> choices) {
        return choices.begin()[rng_.below(choices.size())];
    }
    std::string queue(const std::string& mode) {
        std::string text = fmt::format(
            R"("q": {{"kind": "{}", "delivery": "{}", "visibility_timeout": "{}ms",
                      "redelivery_delay": "{}ms", "consumers": [{{"to": "worker",
                      "concurrency": {}, "delay": "{}ms"}}])",
            one_of({"message_queue", "task_queue"}), mode, number(150, 600), number(1, 100),
            number(1, 6), number(0, 3));
        if (rng_.chance(0.3)) text += fmt::format(R"(, "delay": "{}ms")", number(1, 100));
        switch (rng_.below(4)) {
            case 0:
                text += R"(, "limit": 5, "when_full": "block")";
                break;
            case 1:
                text += R"(, "when_full": {"kind": "credit", "credits": 7})";
                break;
            case 2:
                text += R"(, "limit": 3, "when_full": {"kind": "spill",
                               "write_time": "1ms", "read_time": "2ms"})";
                break;
            default:
                break;
        }
        return text + "}";
    }
    std::string worker() {
        return fmt::format(R"("worker": {{"kind": "service", "instances": {}, "servers": 2,
            "service_time": {{"kind": "exponential", "mean": "{}ms"}}}})",
                           number(1, 3), number(1, 8));
    }
    std::string fault() {
        const std::string at = fmt::format(R"("at": "{}ms")", number(0, 2000));
        const std::string length = fmt::format(R"("for": "{}ms")", number(1, 2000));
        switch (rng_.below(4)) {
            case 0:
                return fmt::format(R"({{"kind": "crash", "node": "{}", {}, {}}})",
                                   one_of({"q", "worker", "worker/0"}), at, length);
            case 1:
                return fmt::format(R"({{"kind": "slow", "node": "worker", "factor": {}, {}, {}}})",
                                   number(2, 50), at, length);
            case 2:
                return fmt::format(R"({{"kind": "partition", "a": ["{}"], "one_way": {}, {}, {}}})",
                                   one_of({"q", "worker", "worker/0", "users"}),
                                   one_of({"true", "false"}), at, length);
            default:
                return fmt::format(R"({{"kind": "crash", "node": "q", {}, {}}})", at, length);
        }
    }
    sim::Rng rng_;
};

std::int64_t count(const tests::Measured& found, const std::string& metric) {
    return std::llround(found[metric]);
}

}  // namespace

TEST_SUITE("queue chaos") {
    TEST_CASE("each way of delivery keeps its promise over 1,000 runs with random faults") {
        const tests::TemporaryFolder folder;
        std::array<std::int64_t, modes.size()> lost{};
        std::array<std::int64_t, modes.size()> duplicates{};
        for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
            Chaos chaos{seed};
            const std::size_t mode = seed % modes.size();
            static_cast<void>(folder.write("trace.csv", chaos.trace()));
            const std::string text = chaos.scenario(modes[mode]);
            CAPTURE(text);
            const tests::Measured found = tests::run_text(text, folder.path());
            const std::int64_t published = count(found, "q/published");
            const std::int64_t acked = count(found, "q/acked");
            const std::int64_t known = std::llround(found["users/goodput"] * seconds);
            const std::int64_t worked = std::llround(found["worker/arrivals"] * seconds);
            lost[mode] += count(found, "q/lost");
            duplicates[mode] += count(found, "q/duplicates");
            REQUIRE(known <= published);  // whoever heard ok has published
            REQUIRE(published <= messages);
            REQUIRE(count(found, "q/dropped") == 0);
            REQUIRE(count(found, "q/expired") == 0);
            if (mode == 0) {
                REQUIRE(count(found, "q/duplicates") == 0);
                REQUIRE(worked <= published);  // as the worker has it: nothing came twice
                REQUIRE(acked + count(found, "q/lost") == published);
            } else {
                REQUIRE(count(found, "q/lost") == 0);
                REQUIRE(acked == published);  // all of them, once the faults are over
                REQUIRE(count(found, "q/processed") == published);
                REQUIRE(worked >= published);
            }
        }
        // Else the faults would have been too kind to prove anything.
        CHECK(lost[0] > 100);
        CHECK(duplicates[1] > 100);
        CHECK(duplicates[2] > 100);
    }

    TEST_CASE("queues that block keep their limits and lose nothing at any depth of a pipeline") {
        const tests::TemporaryFolder folder;
        for (int depth = 1; depth <= 6; ++depth) {
            for (std::uint64_t seed = 1; seed <= 5; ++seed) {
                Chaos chaos{seed};
                sim::Rng rng{seed + 100};
                static_cast<void>(folder.write("trace.csv", chaos.trace()));
                std::string nodes =
                    R"("users": {"kind": "replay", "file": "trace.csv", "calls": ["q1"]})";
                std::array<int, 7> limits{};
                for (int stage = 1; stage <= depth; ++stage) {
                    limits[static_cast<std::size_t>(stage)] = 1 + static_cast<int>(rng.below(4));
                    nodes += fmt::format(
                        R"(, "q{0}": {{"kind": "message_queue", "limit": {1},
                              "when_full": "block", "consumers": [{{"to": "worker{0}",
                              "concurrency": {2}}}]}},
                            "worker{0}": {{"kind": "service", "servers": 2, "service_time":
                              {{"kind": "exponential", "mean": "{3}ms"}}{4}}})",
                        stage, limits[static_cast<std::size_t>(stage)], 1 + rng.below(4),
                        1 + rng.below(40),
                        stage < depth ? fmt::format(R"(, "calls": ["q{}"])", stage + 1) : "");
                }
                CAPTURE(nodes);
                const tests::Measured found = tests::run_text(
                    fmt::format(R"("duration": "{}s", "seed": {}, "nodes": {{)", seconds, seed) +
                        nodes + "}",
                    folder.path());
                for (int stage = 1; stage <= depth; ++stage) {
                    const std::string queue = fmt::format("q{}", stage);
                    const int limit = limits[static_cast<std::size_t>(stage)];
                    REQUIRE(found[queue + "/depth/max"] <= limit);
                    REQUIRE(count(found, queue + "/acked") == messages);
                    REQUIRE(count(found, queue + "/redelivered") == 0);
                }
                CHECK(found["users/availability"] == 1.0);
            }
        }
    }
}
