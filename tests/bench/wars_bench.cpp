// Every production case of the WARS model at so many trials that the bounds of the reference can be
// told from chance: latencies within 1.5 %, fresh reads within 0.3 points, the time until 99.9 % of
// the reads are fresh within 3 %. ARCHSIM_TRIALS says how many are made of each case; with ten
// million no bound needs the allowance for chance.
#include "tests/bench/wars_bench.hpp"

#include "tests/bench/bench_scenarios.hpp"
#include "tests/bench/measure.hpp"
#include "tests/support/quorum_trials.hpp"
#include "tests/support/wars_cases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace archsim::bench {

namespace {

/// In rounds, because every trial has a key of its own and keys take memory.
constexpr int trials_a_round = 400'000;

tests::TrialResults run(const tests::WarsCase& one, int trials, double pause) {
    const std::string text = "{\"scenario\": \"wars\", " + tests::wars_text(one) + "}";
    const scenarios::Scenario scenario = scenario_of(text);
    tests::TrialResults all;
    for (int begun = 0; begun < trials; begun += trials_a_round) {
        const tests::TrialResults found = tests::write_then_read(
            scenario, std::min(trials - begun, trials_a_round), sim::Duration::from_seconds(pause),
            tests::wars_coordinators(one), static_cast<std::uint32_t>(begun / trials_a_round));
        all.fresh += found.fresh;
        all.write_latencies.insert(all.write_latencies.end(), found.write_latencies.begin(),
                                   found.write_latencies.end());
        all.read_latencies.insert(all.read_latencies.end(), found.read_latencies.begin(),
                                  found.read_latencies.end());
    }
    return all;
}

double share_below(const std::vector<double>& values, double limit) {
    const auto below = std::count_if(values.begin(), values.end(),
                                     [limit](double value) { return value <= limit; });
    return static_cast<double>(below) / static_cast<double>(values.size());
}

/// Whether so many trials leave the 99.9th percentile within 1.5 % of `truth`.
bool has_percentile(const std::vector<double>& latencies, double truth) {
    if (truth == 0.0) return true;
    const double error = std::sqrt(0.001 * 0.999 / static_cast<double>(latencies.size()));
    return share_below(latencies, truth * 1.015) > 0.999 - 3.0 * error &&
           share_below(latencies, truth * 0.985) < 0.999 + 3.0 * error;
}

double percentile(std::vector<double> values) {
    const auto place =
        values.begin() + static_cast<std::ptrdiff_t>(0.999 * static_cast<double>(values.size()));
    std::nth_element(values.begin(), place, values.end());
    return *place;
}

bool check(const tests::WarsCase& one, int trials) {
    const double before = user_seconds();
    const tests::TrialResults found = run(one, trials, 0.0);
    const double fresh = static_cast<double>(found.fresh) / trials;
    const double error = std::sqrt(one.fresh * (1.0 - one.fresh) / trials);
    bool agrees = has_percentile(found.read_latencies, one.read_latency) &&
                  has_percentile(found.write_latencies, one.write_latency);
    if (one.fresh != 0.0) agrees = agrees && std::abs(fresh - one.fresh) <= 0.003 + 3.0 * error;
    double early = 0.0;
    double late = 0.0;
    if (one.until_fresh != 0.0) {
        early = static_cast<double>(run(one, trials, one.until_fresh * 0.97).fresh) / trials;
        late = static_cast<double>(run(one, trials, one.until_fresh * 1.03).fresh) / trials;
        const double noise = 3.0 * std::sqrt(0.001 / trials);
        agrees = agrees && early < 0.999 + noise && late > 0.999 - noise;
    }
    fmt::print(
        "  {:<5} R{} W{}  read p99.9 {:.3f} ms ({:.3f}), write {:.3f} ms ({:.3f}), "
        "fresh {:.4f} ({:.4f}), at 0.97 and 1.03 of the true time {:.5f}, {:.5f}, {:.1f} s {}\n",
        one.system, one.read_quorum, one.write_quorum, percentile(found.read_latencies) * 1e3,
        one.read_latency * 1e3, percentile(found.write_latencies) * 1e3, one.write_latency * 1e3,
        fresh, one.fresh, early, late, user_seconds() - before, agrees ? "" : "WRONG");
    return agrees;
}

}  // namespace

bool run_wars_bench(bool smoke) {
    const char* const wanted = std::getenv("ARCHSIM_TRIALS");
    const int trials = smoke ? 1000 : wanted != nullptr ? std::atoi(wanted) : trials_a_round;
    fmt::print("wars: {} trials a case, in brackets the truth (0: not known)\n", trials);
    bool agrees = true;
    for (const tests::WarsCase& one : tests::wars_cases) {
        const bool is_right = check(one, trials);
        agrees = agrees && is_right;
    }
    return agrees;
}

}  // namespace archsim::bench
