// Linearizability of a history that is there as a whole.
#pragma once

#include "models/consistency/linearizability.hpp"
#include "models/history.hpp"

#include <span>

namespace archsim::models {

/// Calls the checker for each event of a whole history in order. The operations come in any order;
/// their ids need not be dense but unique. O(n log n).
[[nodiscard]] LinearizabilityVerdict check_history(std::span<const Operation> operations);

}  // namespace archsim::models
