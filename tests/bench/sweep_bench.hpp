// Benchmark of sweeps: whether two threads are used, and whether memory stays flat in the units.
#pragma once

namespace archsim::bench {

/// 1,000 units on one thread and on two, and the largest resident size with 100 and with 1,000.
/// False where the records of the two differ or memory grows by more than the index of the units.
bool run_sweep_bench(bool smoke);

}  // namespace archsim::bench
