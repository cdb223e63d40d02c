// The benchmark of the cache's memory; see cache_bench.cpp.
#pragma once

namespace archsim::bench {

/// Prints speed and memory of every eviction policy; `smoke` is a small size for the test suite.
/// False where a miss count differs from the known one.
[[nodiscard]] bool run_cache_bench(bool smoke);

}  // namespace archsim::bench
