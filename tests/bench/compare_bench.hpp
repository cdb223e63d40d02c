// Benchmark of what `compare` says: false alarms, coverage, and what common random numbers save.
#pragma once

namespace archsim::bench {

/// Equal M/M/1 designs at 50 % and 90 % load with other seeds, then designs of which one is faster.
/// False if more differences are called, or fewer truths covered, than binomial error explains.
bool run_compare_bench(bool smoke);

}  // namespace archsim::bench
