// Exhaustive linearizability search for one register: the oracle that the zone check is held to.
#pragma once

#include "models/history.hpp"

#include <vector>

namespace archsim::tests {

/// Whether some order of the operations that respects real time makes every read return the latest
/// write (Wing and Gong, "Testing and Verifying Concurrent Objects", 1993, with the memory of
/// visited configurations of Lowe, "Testing for Linearizability", 2017). A write without an answer
/// may take effect or not; unanswered reads and certainly failed writes are left out.
/// Requires: one key, at most 24 operations. Exponential in the concurrency.
[[nodiscard]] bool linearizable_by_search(const std::vector<models::Operation>& history);

}  // namespace archsim::tests
