// The WARS cases of Bailis et al. through the messages of a quorum database.
#pragma once

namespace archsim::bench {

/// Whether latencies, fresh reads and the time until reads are fresh are those of the fitted
/// delays,
/// for every case of tests/support/wars_cases.hpp.
[[nodiscard]] bool run_wars_bench(bool smoke);

}  // namespace archsim::bench
