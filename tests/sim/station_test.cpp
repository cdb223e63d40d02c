// Stations: tiny cases by hand for each discipline, and what crashes and speed changes do.
#include "sim/station.hpp"

#include "sim/process_group.hpp"
#include "sim/simulation.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace archsim::sim;
using namespace archsim::sim::literals;

namespace {

struct Watch final : StationObserver {
    void arrived() override { ++arrivals; }
    void rejected() override { ++rejections; }
    void completed(Duration wait, Duration serve) override {
        waiting.push_back(wait.count() / 1'000'000);
        service.push_back(serve.count() / 1'000'000);
    }
    void lost() override { ++losses; }
    int arrivals = 0, rejections = 0, losses = 0;
    std::vector<std::int64_t> waiting, service;
};

struct Bench {
    Simulation simulation{1};
    Watch watch;
    std::vector<std::string> log;
    ProcessGroup group;

    Task<> job(Station& station, Duration at, Duration work, std::string name, int priority = 0) {
        co_await simulation.delay(at);
        const bool done = co_await station.work(work, static_cast<std::uint8_t>(priority));
        const auto ms = simulation.now().since_start().count() / 1'000'000;
        log.push_back(name + (done ? "@" : " refused@") + std::to_string(ms));
    }
    void run(Station& station) {
        simulation.run_until(Instant::at(10_s));
        station.check_little("station");
    }
};

}  // namespace

TEST_SUITE("sim: station") {
    TEST_CASE_FIXTURE(Bench, "first in first out serves in order of arrival") {
        Station station{simulation, {}, &watch};
        group.start(job(station, 0_ms, 10_ms, "a"));
        group.start(job(station, 1_ms, 1_ms, "b"));
        group.start(job(station, 2_ms, 1_ms, "c"));
        run(station);
        CHECK(log == std::vector<std::string>{"a@10", "b@11", "c@12"});
        CHECK(watch.waiting == std::vector<std::int64_t>{0, 9, 9});
        CHECK(watch.service == std::vector<std::int64_t>{10, 1, 1});
    }

    TEST_CASE_FIXTURE(Bench, "last in first out serves the newest, without interrupting") {
        Station station{simulation, {.discipline = Discipline::lifo}, &watch};
        group.start(job(station, 0_ms, 10_ms, "a"));
        group.start(job(station, 1_ms, 1_ms, "b"));
        group.start(job(station, 2_ms, 1_ms, "c"));
        run(station);
        CHECK(log == std::vector<std::string>{"a@10", "c@11", "b@12"});
    }

    TEST_CASE_FIXTURE(Bench, "priority serves the most urgent, equals by arrival") {
        Station station{simulation, {.discipline = Discipline::priority}, &watch};
        group.start(job(station, 0_ms, 10_ms, "a", 0));
        group.start(job(station, 1_ms, 1_ms, "low1", 1));
        group.start(job(station, 2_ms, 1_ms, "high", 5));
        group.start(job(station, 3_ms, 1_ms, "low2", 1));
        run(station);
        CHECK(log == std::vector<std::string>{"a@10", "high@11", "low1@12", "low2@13"});
    }

    TEST_CASE_FIXTURE(Bench, "processor sharing gives each of n jobs an n-th of the server") {
        Station station{simulation, {.discipline = Discipline::processor_sharing}, &watch};
        group.start(job(station, 0_ms, 10_ms, "a"));  // alone to 4 ms: 6 ms of work left
        group.start(job(station, 4_ms, 2_ms, "b"));   // both at half speed until b is done at 8
        run(station);
        CHECK(log == std::vector<std::string>{"b@8", "a@12"});
        CHECK(station.busy_level().integral(Instant::at(10_s)) == 12'000'000);
    }

    TEST_CASE_FIXTURE(Bench, "sharing on two servers slows down from the third job on") {
        Station station{simulation, {.servers = 2, .discipline = Discipline::processor_sharing}};
        for (const char* name : {"a", "b", "c"}) group.start(job(station, 0_ms, 6_ms, name));
        run(station);
        CHECK(log == std::vector<std::string>{"a@9", "b@9", "c@9"});  // 6 / (2/3)
    }

    TEST_CASE_FIXTURE(Bench, "a full queue refuses at once, those in service do not count") {
        Station station{simulation, {.servers = 2, .queue = 1}, &watch};
        for (const char* name : {"a", "b", "c", "d"}) group.start(job(station, 0_ms, 5_ms, name));
        run(station);
        CHECK(log == std::vector<std::string>{"d refused@0", "a@5", "b@5", "c@10"});
        CHECK(watch.arrivals == 4);
        CHECK(watch.rejections == 1);
    }

    TEST_CASE_FIXTURE(Bench,
                      "a crash takes waiting and served jobs, and the station stays usable") {
        for (const auto discipline : {Discipline::fifo, Discipline::lifo, Discipline::priority,
                                      Discipline::processor_sharing}) {
            CAPTURE(static_cast<int>(discipline));
            Simulation simulation2{1};
            Watch seen;
            Station station{simulation2, {.discipline = discipline}, &seen};
            ProcessGroup doomed;
            const auto work = [](Station& s, Duration amount) -> Task<> {
                const bool done = co_await s.work(amount);
                CHECK(done);
            };
            for (int i = 0; i < 3; ++i) doomed.start(work(station, 10_ms));
            simulation2.run_until(Instant::at(5_ms));
            CHECK(doomed.crash() == 3);
            CHECK(seen.losses == 3);
            CHECK(station.present() == 0);
            group.start(work(station, 2_ms));
            simulation2.run_until(Instant::at(7_ms));
            CHECK(seen.waiting.size() == 1);
            CHECK(simulation2.pending() == 0);
            station.check_little("station");
        }
    }

    TEST_CASE_FIXTURE(Bench, "a change of speed stretches what is left and zero freezes it") {
        for (const auto discipline : {Discipline::fifo, Discipline::processor_sharing}) {
            log.clear();
            Simulation& s = simulation;
            const Instant start = s.now();
            Station station{s, {.discipline = discipline}, &watch};
            group.start(job(station, 0_ms, 10_ms, "a"));
            s.run_until(start + 4_ms);
            station.set_speed(0.5);  // 6 ms left take 12
            s.run_until(start + 8_ms);
            station.set_speed(0.0);  // 4 ms of work left
            s.run_until(start + 108_ms);
            CHECK(log.empty());
            station.set_speed(2.0);
            s.run_until(start + 110_ms);
            CHECK(log.size() == 1);
            station.check_little("station");
        }
    }

    TEST_CASE_FIXTURE(Bench, "more servers start those who wait, fewer let the served finish") {
        Station station{simulation, {}, &watch};
        for (const char* name : {"a", "b", "c"}) group.start(job(station, 0_ms, 10_ms, name));
        simulation.run_until(Instant::at(2_ms));
        station.set_servers(2);
        simulation.run_until(Instant::at(3_ms));
        station.set_servers(1);
        run(station);
        CHECK(log == std::vector<std::string>{"a@10", "b@12", "c@22"});
    }
}
