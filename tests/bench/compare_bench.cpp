// 1,000 trials for each line at real size. Runs are long against the time that the queue remembers
// (about 400 service times at 90 %), so that the end of the warm-up does not show.
#include "tests/bench/compare_bench.hpp"

#include "tests/support/compare_trials.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace archsim::bench {

bool run_compare_bench(bool smoke) {
    const std::int64_t trials = smoke ? 10 : 1000;
    bool all_good = true;
    for (const double load : {0.5, 0.9}) {
        const double seconds = smoke ? 10.0 : load < 0.8 ? 40.0 : 200.0;
        for (const double speed_up : {1.0, 1.1}) {
            const tests::TrialSetup setup{.load = load,
                                          .speed_up = speed_up,
                                          .seconds = seconds,
                                          .warm_up = load < 0.8 ? 2.0
                                                     : smoke    ? 5.0
                                                                : 40.0};
            const tests::CompareTrials made = tests::run_compare_trials(setup, trials);
            const double fewest = tests::coverage_required(trials);
            // The p99 of a short run is biased, which no interval over replications can mend; equal
            // designs share the bias, so their difference has none.
            const bool is_null = speed_up == 1.0;
            const bool good =
                (!is_null || (static_cast<double>(made.covered_p99) >= fewest &&
                              static_cast<double>(made.called) <= tests::calls_allowed(trials))) &&
                ((!is_null && load > 0.8) || static_cast<double>(made.covered_mean) >= fewest);
            std::fputs(fmt::format("compare: load {:.0f} %, design {}: {} of {} called, truth of "
                                   "the mean covered {}, of p99 {}{}\n",
                                   100.0 * load, speed_up > 1.0 ? "10 % faster" : "equal",
                                   made.called, trials, made.covered_mean, made.covered_p99,
                                   good ? "" : "  OUTSIDE BINOMIAL ERROR")
                           .c_str(),
                       stdout);
            all_good = all_good && good;
        }
        const double factor = tests::measured_crn_factor(
            {.load = load, .speed_up = 1.1, .replications = smoke ? 10 : 100, .seconds = seconds});
        std::fputs(fmt::format("compare: load {:.0f} %: common random numbers make the interval of "
                               "the mean latency's difference {:.1f} times as short\n",
                               100.0 * load, factor)
                       .c_str(),
                   stdout);
        all_good = all_good && factor > 1.0;
    }
    return all_good;
}

}  // namespace archsim::bench
