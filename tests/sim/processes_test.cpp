// Processes, waits and what cancels them: every wait must end, or vanish with its frame.
#include "sim/channel.hpp"
#include "sim/process_group.hpp"
#include "sim/race.hpp"
#include "sim/reply.hpp"
#include "sim/semaphore.hpp"
#include "sim/simulation.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace archsim::sim;
using namespace archsim::sim::literals;

namespace {

struct Fixture {
    Simulation simulation{1};
    std::vector<std::string> log;
    ProcessGroup group;

    [[nodiscard]] std::int64_t ms() const {
        return simulation.now().since_start().count() / 1'000'000;
    }
    void note(const std::string& what) { log.push_back(what + "@" + std::to_string(ms())); }
    void run() { CHECK(simulation.run_until(Instant::at(10_s)) == RunEnd::deadline); }

    Task<int> sleep(Duration d, int value) {
        co_await simulation.delay(d);
        co_return value;
    }
    Task<> say(Duration d, std::string what) {
        co_await simulation.delay(d);
        note(what);
    }
    Task<> nested() {
        for (int i = 1; i <= 3; ++i) {
            const int got = co_await sleep(Duration::milliseconds(i), i);
            note("n" + std::to_string(got));
        }
    }
};

struct Told final : Completion<int> {
    void completed(int v) override { value = v; }
    void abandoned() override { lost = true; }
    std::optional<int> value;
    bool lost = false;
};

}  // namespace

TEST_SUITE("sim: processes") {
    TEST_CASE_FIXTURE(Fixture, "a task awaits a task and time passes only in delays") {
        group.start(nested());
        run();
        CHECK(log == std::vector<std::string>{"n1@1", "n2@3", "n3@6"});
        CHECK(group.empty());
    }

    TEST_CASE_FIXTURE(Fixture, "processes due at one instant run in the order of scheduling") {
        group.start(say(5_ms, "a"));
        group.start(say(5_ms, "b"));
        group.start(say(0_ms, "c"));
        run();
        CHECK(log == std::vector<std::string>{"c@0", "a@5", "b@5"});
    }

    TEST_CASE_FIXTURE(Fixture, "a completion hears the value, and a crash is heard as abandoned") {
        Told done;
        Told crashed;
        ProcessGroup other;
        group.start(sleep(1_ms, 7), &done);
        other.start(sleep(5_ms, 8), &crashed);
        CHECK(simulation.run_until(Instant::at(2_ms)) == RunEnd::deadline);
        CHECK(other.crash() == 1);
        run();
        CHECK(done.value == 7);
        CHECK_FALSE(done.lost);
        CHECK(crashed.lost);
        CHECK_FALSE(crashed.value.has_value());
        CHECK(simulation.pending() == 0);
    }

    TEST_CASE_FIXTURE(Fixture, "destroying a group with processes in flight leaves no event") {
        {
            ProcessGroup doomed;
            doomed.start(nested());
            doomed.start(say(1_s, "never"));
            CHECK(simulation.pending() == 2);
        }
        CHECK(simulation.pending() == 0);
        run();
        CHECK(log.empty());
    }

    TEST_CASE_FIXTURE(Fixture, "with_timeout gives the value in time and nothing when late") {
        const auto race = [](Fixture& f, Duration work, Duration limit) -> Task<> {
            auto task = f.sleep(work, 1);
            const std::optional<int> got =
                co_await with_timeout(f.simulation, std::move(task), limit);
            f.note(got.has_value() ? "value" : "late");
        };
        group.start(race(*this, 3_ms, 5_ms));
        group.start(race(*this, 7_ms, 5_ms));
        CHECK(simulation.run_until(Instant::at(5_ms)) == RunEnd::deadline);
        CHECK(log == std::vector<std::string>{"value@3", "late@5"});
        CHECK(simulation.pending() == 0);  // the late task was cancelled
    }

    TEST_CASE_FIXTURE(Fixture, "all_of keeps the order of its tasks and ends with the slowest") {
        const auto gather = [](Fixture& f) -> Task<> {
            std::vector<Task<int>> tasks;
            tasks.push_back(f.sleep(9_ms, 1));
            tasks.push_back(f.sleep(2_ms, 2));
            const std::vector<int> values = co_await all_of(f.simulation, std::move(tasks));
            f.note(std::to_string(values.at(0)) + "," + std::to_string(values.at(1)));
        };
        group.start(gather(*this));
        run();
        CHECK(log == std::vector<std::string>{"1,2@9"});
    }

    TEST_CASE_FIXTURE(Fixture, "first_of ends with the quickest two and cancels the third") {
        const auto pick = [](Fixture& f) -> Task<> {
            std::vector<Task<int>> tasks;
            tasks.push_back(f.sleep(9_ms, 1));
            tasks.push_back(f.sleep(2_ms, 2));
            tasks.push_back(f.sleep(4_ms, 3));
            const auto first = co_await first_of(f.simulation, std::move(tasks), 2);
            for (const auto& [index, value] : first) {
                f.note(std::to_string(index) + "=" + std::to_string(value));
            }
        };
        group.start(pick(*this));
        CHECK(simulation.run_until(Instant::at(4_ms)) == RunEnd::deadline);
        CHECK(log == std::vector<std::string>{"1=2@4", "2=3@4"});
        CHECK(simulation.pending() == 0);
    }
}

TEST_SUITE("sim: waiting for each other") {
    TEST_CASE_FIXTURE(Fixture, "a reply wakes its waiter with the answer, or with nothing") {
        const auto ask = [](Fixture& f, Reply<int>& reply) -> Task<> {
            const std::optional<int> got = co_await reply;
            f.note(got.has_value() ? std::to_string(*got) : "gone");
        };
        const auto answer = [](Fixture& f, Reply<int>::Sender sender, bool really) -> Task<> {
            co_await f.simulation.delay(2_ms);
            if (really) sender.send(42);
        };
        Reply<int> first{simulation};
        Reply<int> second{simulation};
        group.start(ask(*this, first));
        group.start(ask(*this, second));
        group.start(answer(*this, first.sender(), true));
        group.start(answer(*this, second.sender(), false));
        run();
        CHECK(log == std::vector<std::string>{"42@2", "gone@2"});
    }

    TEST_CASE_FIXTURE(Fixture, "permits are handed on in order and come back from a crash") {
        Semaphore pool{simulation, 1, 2};
        const auto use = [](Fixture& f, Semaphore& s, std::string who) -> Task<> {
            auto permit = co_await s.acquire();
            if (!permit) {
                f.note(who + " refused");
                co_return;
            }
            co_await f.simulation.delay(10_ms);
            f.note(who);
        };
        ProcessGroup doomed;
        doomed.start(use(*this, pool, "a"));
        group.start(use(*this, pool, "b"));
        group.start(use(*this, pool, "c"));
        group.start(use(*this, pool, "d"));
        CHECK(simulation.run_until(Instant::at(4_ms)) == RunEnd::deadline);
        doomed.crash();  // a held the permit
        run();
        CHECK(log == std::vector<std::string>{"d refused@0", "b@14", "c@24"});
        CHECK(pool.held() == 0);
    }

    TEST_CASE_FIXTURE(Fixture, "a full channel blocks, rejects or drops as the sender chose") {
        Channel<int> channel{simulation, 2};
        const auto produce = [](Fixture& f, Channel<int>& c) -> Task<> {
            for (int i = 1; i <= 4; ++i) {
                co_await c.send(i);
                f.note("sent" + std::to_string(i));
            }
        };
        const auto consume = [](Fixture& f, Channel<int>& c) -> Task<> {
            for (int i = 0; i < 4; ++i) {
                co_await f.simulation.delay(10_ms);
                const int got = co_await c.receive();
                f.note("got" + std::to_string(got));
            }
        };
        group.start(produce(*this, channel));
        CHECK_FALSE(channel.try_send(9));
        group.start(consume(*this, channel));
        run();
        CHECK(log == std::vector<std::string>{"sent1@0", "sent2@0", "got1@10", "sent3@10",
                                              "got2@20", "sent4@20", "got3@30", "got4@40"});
        CHECK(channel.try_send(5));
        CHECK(channel.try_send(6));
        CHECK(channel.send_dropping_oldest(7) == 5);
        CHECK(channel.try_receive() == 6);
        CHECK(channel.try_receive() == 7);
        CHECK_FALSE(channel.try_receive().has_value());
    }
}
