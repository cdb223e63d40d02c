// The CAP class and PACELC pair that a history shows, and what no correct program can produce.
#pragma once

#include "reports/consistency/result.hpp"

#include <string>
#include <vector>

namespace archsim::reports {

/// Derives the verdict from the measurements. An error counts as no answer, as Gilbert and Lynch
/// ("Brewer's Conjecture and the Feasibility of Consistent, Available, Partition-Tolerant Web
/// Services", 2002) have it. PACELC after Abadi, "Consistency Tradeoffs in Modern Distributed
/// Database System Design", 2012: the branch before the first partition decides E.
[[nodiscard]] CapVerdict judge(const ConsistencyResult& result);

/// What is promised of the system, for checks that need it.
struct Promises {
    /// Synchronous replication with fencing and at most one failure: nothing may be lost.
    bool no_loss = false;
};

/// Sentences on results that contradict each other or a theorem; empty unless the program errs.
[[nodiscard]] std::vector<std::string> impossible_results(const ConsistencyResult& result,
                                                          const Promises& promises);

}  // namespace archsim::reports
