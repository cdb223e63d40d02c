// Linearizability of a history that is there as a whole.
#pragma once

#include "models/history.hpp"
#include "reports/consistency/linearizability.hpp"

#include <span>

namespace archsim::reports {

/// Calls the checker for each event of a whole history in order. The operations come in any order;
/// their ids need not be dense but unique. O(n log n).
[[nodiscard]] LinearizabilityVerdict check_history(std::span<const models::Operation> operations);

}  // namespace archsim::reports
