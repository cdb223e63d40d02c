// M/M/1 at 90 % load as a user of the engine would write it: every customer is a process of a
// group that waits for its work at a station. The bare loop draws the same numbers from the same
// streams, so the two mean sojourn times must agree but for the rounding to nanoseconds.
#include "sim/distribution.hpp"
#include "sim/process_group.hpp"
#include "sim/simulation.hpp"
#include "sim/station.hpp"
#include "sim/task.hpp"
#include "tests/bench/bare_loops.hpp"
#include "tests/bench/measure.hpp"
#include "tests/bench/speed_bench.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>

namespace archsim::bench {

namespace {

constexpr double arrival_rate = 90.0;
constexpr double mean_service = 0.01;
constexpr std::uint64_t seed = 42;

/// One counter with a line in front of it.
class Shop {
public:
    explicit Shop(std::uint64_t customers) : customers_{customers} {}

    Workload run() {
        door_.start(arrivals());
        simulation_.run_until(sim::Instant::at(sim::Duration::from_seconds(1e9)));
        station_.check_little("shop");
        return {.requests = served_,
                .events = simulation_.events(),
                .mean_sojourn = spent_.in_seconds() / static_cast<double>(served_),
                .standard_error = 0.0,
                .checksum = simulation_.fingerprint()};
    }

private:
    sim::Task<void> arrivals() {
        for (std::uint64_t i = 0; i < customers_; ++i) {
            const sim::Duration gap = gap_.sample(gaps_);
            co_await simulation_.delay(gap);
            inside_.start(customer());
        }
    }
    sim::Task<void> customer() {
        const sim::Instant arrived = simulation_.now();
        const sim::Duration amount = service_.sample(services_);
        const bool done = co_await station_.work(amount);
        if (!done) co_return;
        spent_ = spent_ + (simulation_.now() - arrived);
        ++served_;
    }

    std::uint64_t customers_;
    sim::Simulation simulation_{seed};
    sim::Rng gaps_{seed};
    sim::Rng services_{seed + 1};
    sim::Distribution gap_ =
        sim::Distribution::exponential(sim::Duration::from_seconds(1.0 / arrival_rate));
    sim::Distribution service_ =
        sim::Distribution::exponential(sim::Duration::from_seconds(mean_service));
    sim::Station station_{simulation_, {}};
    sim::Duration spent_;
    std::uint64_t served_ = 0;
    sim::ProcessGroup inside_;
    sim::ProcessGroup door_;
};

}  // namespace

bool run_single_queue_bench(bool smoke) {
    const std::uint64_t customers = smoke ? 20'000 : 4'000'000;
    const Comparison found = compare(
        smoke ? 1 : 5, [&] { return Shop{customers}.run(); },
        [&] { return bare_single_queue(arrival_rate, mean_service, customers, seed); });
    const double theory = mean_service / (1.0 - arrival_rate * mean_service);
    const double difference = std::abs(found.subject.mean_sojourn / found.bare.mean_sojourn - 1.0);
    // A gap of 1/90 s and every draw are rounded to nanoseconds, 1e-7 of themselves.
    const bool agrees = found.repeats && found.subject.requests == customers && difference < 1e-5;
    const auto served = static_cast<double>(customers);
    fmt::print("single_queue: M/M/1 at 90 %, one process per customer, {} customers\n", customers);
    fmt::print("  {:.2f} M customers/cpu-s, {:.2f} M events/cpu-s, {:.0f} ns a customer\n",
               served / found.seconds / 1e6,
               static_cast<double>(found.subject.events) / found.seconds / 1e6,
               found.seconds / served * 1e9);
    fmt::print("  bare loop {:.2f} M customers/cpu-s, time ratio {:.2f}\n",
               served / found.bare_seconds / 1e6, found.ratio);
    fmt::print("  mean sojourn {:.4f} ms, bare {:.4f} ms, theory {:.4f} ms, checksum {:016x} {}\n",
               found.subject.mean_sojourn * 1e3, found.bare.mean_sojourn * 1e3, theory * 1e3,
               found.subject.checksum, agrees ? "" : "WRONG");
    return agrees;
}

}  // namespace archsim::bench
