// A sweep over the load of M/M/1, 10 replications of each variant. Memory is that of a child
// process by the operating system's count.
#include "tests/bench/sweep_bench.hpp"

#include "models/ring/hash.hpp"
#include "scenarios/parse.hpp"
#include "scenarios/unit_store.hpp"
#include "tests/bench/measure.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace archsim::bench {

namespace {

/// A plan of `variants` times 10 units of about 5,000 requests each (500 in a smoke test).
scenarios::Plan plan_of(int variants, bool smoke) {
    const std::string text = fmt::format(
        R"({{"scenario": "sweep", "duration": "{}s", "replications": 10, "nodes": {{
            "users": {{"kind": "open_loop", "arrivals": "50/s", "calls": ["web"]}},
            "web": {{"kind": "service",
                     "service_time": {{"kind": "exponential", "mean": "10ms"}}}}}}}})",
        smoke ? 10 : 100);
    std::vector<std::string> values;
    for (int i = 0; i < variants; ++i) values.push_back(fmt::format("{}us", 5000 + 10 * i));
    models::Sources sources;
    models::Diagnostics diagnostics;
    auto document = scenarios::parse(text, sources.add("sweep", text), diagnostics);
    if (!document) std::abort();
    scenarios::PlanSource source;
    source.document = *std::move(document);
    source.space = scenarios::VariantSpace{{{"nodes/web/service_time/mean", std::move(values)}}};
    auto plan = scenarios::Plan::make(std::move(source), sources);
    if (!std::holds_alternative<scenarios::Plan>(plan)) std::abort();
    return std::get<scenarios::Plan>(std::move(plan));
}

/// Runs the whole plan and returns a number that depends on every result.
std::uint64_t run_all(const scenarios::Plan& plan, unsigned jobs) {
    scenarios::UnitStore store{plan};
    auto journal = scenarios::Journal::temporary("{}");
    if (!std::holds_alternative<scenarios::Journal>(journal)) return 0;
    if (store.add(std::get<scenarios::Journal>(std::move(journal)))) return 0;
    const auto end = scenarios::run_units(plan, store.missing(), {.jobs = jobs},
                                          [&](scenarios::UnitId, const std::string& json) {
                                              return !store.append(json).has_value();
                                          });
    if (end != scenarios::UnitsEnd::complete) return 0;
    std::uint64_t sum = 1;
    for (std::int64_t variant = 0; variant < plan.variants(); ++variant) {
        const auto result = store.result(variant);
        if (!std::holds_alternative<scenarios::Result>(result)) return 0;
        for (const auto& metric : std::get<scenarios::Result>(result).metrics)
            sum =
                models::xxh64(fmt::format("{}={}", metric.name, metric.value.value_or(-1.0)), sum);
    }
    return sum;
}

/// Largest resident size, in MiB, of a child process that runs a plan; 0 if it failed.
double peak_of(int variants, bool smoke) {
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) _exit(run_all(plan_of(variants, smoke), 1) != 0 ? 0 : 1);
    int status = 0;
    rusage usage{};
    if (child < 0 || wait4(child, &status, 0, &usage) != child) return 0.0;
    const bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return good ? static_cast<double>(usage.ru_maxrss) / 1024.0 : 0.0;
}

}  // namespace

bool run_sweep_bench(bool smoke) {
    const int variants = smoke ? 4 : 100;
    const double few = peak_of(smoke ? 2 : 10, smoke);
    const double many = peak_of(variants, smoke);
    const scenarios::Plan plan = plan_of(variants, smoke);
    std::vector<double> ratios;
    bool same = true;
    for (int round = 0; round < (smoke ? 1 : 3); ++round) {
        const double start = wall_seconds();
        const std::uint64_t alone = run_all(plan, 1);
        const double between = wall_seconds();
        const std::uint64_t together = run_all(plan, 2);
        ratios.push_back((between - start) / (wall_seconds() - between));
        same = same && alone != 0 && alone == together;
    }
    const bool flat = few > 0.0 && many > 0.0 && many - few < 2.0;
    std::fputs(
        fmt::format("sweep: {} units, 2 threads are {:.2f} times as fast as 1 (median); "
                    "{:.1f} MiB with {} units, {:.1f} MiB with {}{}{}\n",
                    plan.units(), median_of(ratios), few, smoke ? 20 : 100, many, plan.units(),
                    same ? "" : "  RESULTS DIFFER", flat ? "" : "  MEMORY GROWS")
            .c_str(),
        stdout);
    return same && flat;
}

}  // namespace archsim::bench
