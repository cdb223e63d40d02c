// The product from JSON text to metrics: two servers behind a balancer, a path of five hops, and
// two replications on two threads. Parsing, building, all checks and the report's numbers are in
// the measured time.
#include "models/theory/queueing.hpp"
#include "scenarios/run.hpp"
#include "tests/bench/bare_loops.hpp"
#include "tests/bench/bench_scenarios.hpp"
#include "tests/bench/measure.hpp"
#include "tests/bench/speed_bench.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace archsim::bench {

namespace {

/// Whether the mean lies within four standard errors of theory. Errors from 20 windows are a
/// little too small, as neighbouring windows lean the same way.
bool is_near(const Workload& measured, double theory) {
    return std::abs(measured.mean_sojourn - theory) < 4.0 * measured.standard_error;
}

void print_rates(const Comparison& found) {
    const auto requests = static_cast<double>(found.subject.requests);
    fmt::print("  {:.2f} M requests/cpu-s, {:.2f} M events/cpu-s, {:.1f} events a request\n",
               requests / found.seconds / 1e6,
               static_cast<double>(found.subject.events) / found.seconds / 1e6,
               static_cast<double>(found.subject.events) / requests);
    fmt::print("  bare loop {:.2f} M requests/cpu-s, time ratio {:.2f}\n",
               static_cast<double>(found.bare.requests) / found.bare_seconds / 1e6, found.ratio);
}

void print_mean(const Comparison& found, double theory, bool agrees) {
    fmt::print(
        "  mean sojourn {:.4f} ms +- {:.4f}, bare {:.4f} ms, theory {:.4f} ms, "
        "checksum {:016x} {}\n",
        found.subject.mean_sojourn * 1e3, found.subject.standard_error * 1e3,
        found.bare.mean_sojourn * 1e3, theory * 1e3, found.subject.checksum, agrees ? "" : "WRONG");
}

}  // namespace

bool run_two_servers_bench(bool smoke) {
    const std::int64_t seconds = smoke ? 200 : 10'000;
    const auto requests = static_cast<std::uint64_t>(seconds * 100);
    const std::string text = two_servers_text(seconds);
    const Comparison found = compare(
        smoke ? 1 : 5, [&] { return run_scenario(scenario_of(text)); },
        [&] { return bare_two_servers(100.0, 0.01, requests, 1); });
    // Every second of Poisson arrivals to exponential work at 50 %: E2/M/1, the golden ratio.
    const double theory = 0.01 * (1.0 + std::sqrt(5.0)) / 2.0;
    const bool agrees = found.repeats && is_near(found.subject, theory);
    fmt::print("two_servers: round robin, {} requests, text to metrics\n", found.subject.requests);
    print_rates(found);
    print_mean(found, theory, agrees);
    return agrees;
}

bool run_path_bench(bool smoke) {
    const std::int64_t seconds = smoke ? 5 : 600;
    const PathShape shape{
        .arrival_rate = 640.0, .mean_service = 0.01, .mean_delay = 0.001, .hops = 5, .servers = 8};
    const auto requests = static_cast<std::uint64_t>(seconds * 640);
    const std::string text = path_text(seconds);
    const Comparison found = compare(
        smoke ? 1 : 5, [&] { return run_scenario(scenario_of(text)); },
        [&] { return bare_path(shape, requests, 1); });
    // An open Jackson network: five M/M/8 queues, and ten delays that nothing waits for.
    const double theory = 5.0 * models::theory::mean_sojourn(
                                    {.arrival_rate = 640.0, .service_rate = 100.0, .servers = 8}) +
                          10.0 * shape.mean_delay;
    const bool agrees = found.repeats && is_near(found.subject, theory);
    const auto hops = static_cast<double>(found.subject.requests * shape.hops);
    const auto bare_hops = static_cast<double>(found.bare.requests * shape.hops);
    fmt::print("path: five hops of eight servers, {} requests, text to metrics\n",
               found.subject.requests);
    fmt::print("  {:.0f} ns a hop, bare {:.0f} ns a hop\n", found.seconds / hops * 1e9,
               found.bare_seconds / bare_hops * 1e9);
    print_rates(found);
    print_mean(found, theory, agrees);
    return agrees;
}

bool run_threads_bench(bool smoke) {
    const scenarios::Scenario scenario = scenario_of(path_text(smoke ? 2 : 300));
    const auto run = [&scenario](unsigned jobs) {
        scenarios::RunOptions options;
        options.jobs = jobs;
        return scenarios::run_replications(scenario, 0, 2, sim::Duration{}, options);
    };
    std::vector<double> single;
    std::vector<double> both;
    std::vector<double> ratios;
    bool agrees = true;
    for (int round = 0; round < (smoke ? 1 : 5); ++round) {
        const double start = wall_seconds();
        const auto in_turn = scenarios::run_replications(scenario, 0, 1, sim::Duration{}, {});
        const double between = wall_seconds();
        const auto at_once = run(2);
        const double end = wall_seconds();
        single.push_back(between - start);
        both.push_back(end - between);
        ratios.push_back(both.back() / single.back());
        agrees = agrees && in_turn[0].fingerprint == at_once[0].fingerprint;
    }
    const auto one_thread = run(1);
    const auto two_threads = run(2);
    for (std::size_t i = 0; i < one_thread.size(); ++i) {
        agrees = agrees && one_thread[i].fingerprint == two_threads[i].fingerprint;
    }
    fmt::print("threads: two replications of the path on two threads, wall time\n");
    fmt::print("  two on two threads {:.3f} s, one alone {:.3f} s, ratio {:.2f} {}\n",
               median_of(both), median_of(single), median_of(ratios), agrees ? "" : "WRONG");
    return agrees;
}

}  // namespace archsim::bench
