// Memory by the operating system's count: each run is a child process of its own, whose largest
// resident size is compared with that of a child that does the same on a smaller scale.
#include "scenarios/run.hpp"
#include "tests/bench/bench_scenarios.hpp"
#include "tests/bench/speed_bench.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace archsim::bench {

namespace {

/// Largest resident size, in bytes, of a child process that runs the scenario; 0 if it failed.
std::int64_t peak_of(const std::string& text) {
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        const scenarios::Scenario scenario = scenario_of(text);
        const scenarios::Replication run =
            scenarios::run_replication(scenario, 0, sim::Duration{}, scenarios::RunOptions{});
        _exit(run.end == sim::RunEnd::deadline ? 0 : 1);
    }
    int status = 0;
    rusage usage{};
    if (child < 0 || wait4(child, &status, 0, &usage) != child) return 0;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? usage.ru_maxrss * 1024 : 0;
}

// The address sanitizer keeps freed memory back, so that sizes say nothing.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool is_sanitized = true;
#else
constexpr bool is_sanitized = false;
#endif

double mebibytes(std::int64_t bytes) { return static_cast<double>(bytes) / (1024.0 * 1024.0); }

bool measure_finished(bool smoke) {
    const std::int64_t seconds = smoke ? 100 : 10'000;
    const std::int64_t least = peak_of(two_servers_text(seconds / 100));
    const std::int64_t once = peak_of(two_servers_text(seconds));
    const std::int64_t fourfold = peak_of(two_servers_text(4 * seconds));
    // Longer runs meet longer latencies, hence a few more blocks of the histograms: some KiB.
    const std::int64_t tolerance = std::int64_t{1} << 20;
    const bool is_flat =
        is_sanitized || (least > 0 && once - least < tolerance && fourfold - once < tolerance);
    fmt::print("memory: largest resident size of a process, two servers behind a balancer\n");
    for (const auto& [requests, peak] :
         {std::pair{seconds, least}, {seconds * 100, once}, {seconds * 400, fourfold}}) {
        fmt::print("  {:>9} finished requests: {:.2f} MiB\n", requests, mebibytes(peak));
    }
    fmt::print("  growth from {} to {} requests {:.3f} MiB {}\n", seconds * 100, seconds * 400,
               mebibytes(fourfold - once), is_flat ? "" : "WRONG");
    return is_flat;
}

bool measure_in_flight(bool smoke) {
    const std::int64_t many = smoke ? 10'000 : 100'000;
    const std::int64_t few = many / 10;
    const std::int64_t low = peak_of(in_flight_text(few));
    const std::int64_t high = peak_of(in_flight_text(many));
    fmt::print("memory: {} requests in flight, five hops deep\n", many);
    fmt::print("  {:.2f} MiB, with {} of them {:.2f} MiB: {:.0f} bytes a request in flight\n",
               mebibytes(high), few, mebibytes(low),
               static_cast<double>(high - low) / static_cast<double>(many - few));
    return low > 0 && high > low;
}

}  // namespace

bool run_memory_bench(bool smoke) {
    const bool is_flat = measure_finished(smoke);
    return measure_in_flight(smoke) && is_flat;
}

}  // namespace archsim::bench
