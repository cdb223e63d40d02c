// The CAP class and PACELC pair that a history shows, and what no correct program can produce.
#pragma once

#include "models/consistency/result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace archsim::models {

/// Derives the verdict from the measurements. An error counts as no answer, as Gilbert and Lynch
/// ("Brewer's Conjecture and the Feasibility of Consistent, Available, Partition-Tolerant Web
/// Services", 2002) have it. PACELC after Abadi, "Consistency Tradeoffs in Modern Distributed
/// Database System Design", 2012: the branch before the first partition decides E.
[[nodiscard]] CapVerdict judge(const ConsistencyResult& result);

/// What is promised of the system, for checks that need it.
struct Promises {
    /// Synchronous replication with fencing: nothing may be lost as long as at most one failure
    /// happens. Who calls impossible_results() sees to the number of failures.
    bool no_loss = false;
};

/// Sentences on results that contradict each other or a theorem; empty unless the program errs.
[[nodiscard]] std::vector<std::string> impossible_results(const ConsistencyResult& result,
                                                          const Promises& promises);

/// Sentences on news that came sooner than any chain of messages can bring it. `least_delays` says
/// how soon that is, from place to place (each less 1), with nothing where no chain leads; `names`
/// says what the places are called. Whatever
/// orders a write before a read elsewhere that follows at once lets the two together take at least
/// as long as one message (Lipton and Sandberg, "PRAM: A Scalable Shared Memory", Princeton
/// CS-TR-180-88, 1988; Attiya and Welch, "Sequential Consistency versus Linearizability", 1994).
/// That theorem speaks of the worst case of a design; this is what it rests on, for every read.
[[nodiscard]] std::vector<std::string> impossible_news(
    const std::vector<News>& news,
    const std::vector<std::vector<std::optional<sim::Duration>>>& least_delays,
    const std::vector<std::string>& names);

}  // namespace archsim::models
