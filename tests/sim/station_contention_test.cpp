// Servers that slow each other down: timelines by hand, to the nanosecond.
#include "sim/process_group.hpp"
#include "sim/simulation.hpp"
#include "sim/station.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

using namespace archsim::sim;
using namespace archsim::sim::literals;

namespace {

struct Done {
    std::string name;
    std::int64_t at;
    bool operator==(const Done&) const = default;
};

struct Workers {
    Simulation simulation{1};
    std::vector<Done> log;
    ProcessGroup group;

    Task<> job(Station& station, Duration at, Duration work, std::string name) {
        co_await simulation.delay(at);
        const bool done = co_await station.work(work);
        CHECK(done);
        log.push_back({std::move(name), simulation.now().count()});
    }
    void run(Station& station) {
        simulation.run_until(Instant::at(1_s));
        station.check_little("station");
    }
};

}  // namespace

TEST_SUITE("sim: contention of servers") {
    TEST_CASE_FIXTURE(Workers, "contention slows those who work together, and only while they do") {
        Station station{simulation, {.servers = 2, .contention = 0.5}};
        group.start(job(station, 0_ms, 10_ms, "a"));  // alone to 4 ms: 6 ms of work left
        group.start(job(station, 4_ms, 3_ms, "b"));   // both at 1 / 1.5: 3 ms take 4.5
        run(station);                                 // a then has 3 ms left, alone
        CHECK(log == std::vector<Done>{{"b", 8'500'000}, {"a", 11'500'000}});
        CHECK(station.busy_level().integral(Instant::at(1_s)) == 16'000'000);
    }

    TEST_CASE_FIXTURE(Workers, "coherency grows with the pairs of busy servers") {
        // Three at once: 1 + 0.1 x 3 x 2 = 1.6 times slower; all with the same work.
        Station station{simulation, {.servers = 4, .coherency = 0.1}};
        for (const char* name : {"a", "b", "c"}) group.start(job(station, 0_ms, 10_ms, name));
        run(station);
        CHECK(log == std::vector<Done>{{"a", 16'000'000}, {"b", 16'000'000}, {"c", 16'000'000}});
    }

    TEST_CASE_FIXTURE(Workers, "those who wait slow nobody down, and begin when a server is free") {
        // a and b until 6 ms (4 ms x 1.5); then c and b, whose 2 ms take 3; then c has 3 of 5 left.
        Station station{simulation, {.servers = 2, .contention = 0.5}};
        group.start(job(station, 0_ms, 4_ms, "a"));
        group.start(job(station, 0_ms, 6_ms, "b"));
        group.start(job(station, 1_ms, 5_ms, "c"));
        run(station);
        CHECK(log == std::vector<Done>{{"a", 6'000'000}, {"b", 9'000'000}, {"c", 12'000'000}});
    }

    TEST_CASE_FIXTURE(Workers, "shared servers slow each other down as well") {
        // Three jobs at two servers, both busy: each gets 2/3 of 1 / 1.5, so 4 ms take 9.
        Station station{
            simulation,
            {.servers = 2, .discipline = Discipline::processor_sharing, .contention = 0.5}};
        for (const char* name : {"a", "b", "c"}) group.start(job(station, 0_ms, 4_ms, name));
        run(station);
        CHECK(log == std::vector<Done>{{"a", 9'000'000}, {"b", 9'000'000}, {"c", 9'000'000}});
    }

    TEST_CASE_FIXTURE(Workers, "a crash takes all, and a change of speed stretches what is left") {
        Station station{simulation, {.servers = 2, .contention = 0.5}};
        ProcessGroup doomed;
        doomed.start(job(station, 0_ms, 8_ms, "x"));
        doomed.start(job(station, 0_ms, 8_ms, "y"));
        doomed.start(job(station, 0_ms, 8_ms, "z"));
        simulation.run_until(Instant::at(2_ms));
        CHECK(doomed.crash() == 3);
        CHECK(station.present() == 0);
        group.start(job(station, 0_ms, 4_ms, "a"));
        group.start(job(station, 0_ms, 4_ms, "b"));
        simulation.run_until(Instant::at(5_ms));  // 2 ms of 4 are done
        station.set_speed(0.5);                   // 2 ms at 0.5 / 1.5 take 6
        run(station);
        CHECK(log == std::vector<Done>{{"a", 11'000'000}, {"b", 11'000'000}});
    }

    TEST_CASE_FIXTURE(Workers, "a retired station has only the servers that still work") {
        Station station{simulation, {.servers = 3}};
        group.start(job(station, 0_ms, 10_ms, "a"));
        simulation.run_until(Instant::at(4_ms));
        station.retire();
        run(station);
        CHECK(station.capacity_level().integral(Instant::at(1_s)) == 12'000'000 + 6'000'000);
    }
}
