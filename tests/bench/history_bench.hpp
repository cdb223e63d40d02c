// The benchmarks of the consistency measurements; see history_bench.cpp and history_cost_bench.cpp.
#pragma once

namespace archsim::bench {

/// Prints cost per operation and memory per version of the linearizability check alone and of all
/// metrics together; `smoke` is a small size for the test suite. False where a history that is
/// linearizable by construction is not found so, or the memory exceeds what is stated.
[[nodiscard]] bool run_history_bench(bool smoke);

/// Prints what the record of the history adds to the time of a whole run, from the scenario to its
/// metrics, as a ratio to the same run with `"history": false`. False where the record changes the
/// course of the run.
[[nodiscard]] bool run_history_cost_bench(bool smoke);

}  // namespace archsim::bench
