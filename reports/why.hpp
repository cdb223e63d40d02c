// What limits a design, in sentences with their numbers, told from the result alone.
#pragma once

#include "scenarios/result.hpp"

namespace archsim::reports {

/// The section "why": the table "findings" with one sentence a row, what it is about (bottleneck,
/// latency, expectation, availability, single_point_of_failure, fault) and, where a change of the
/// scenario suggests itself, the option that makes it. O(metrics).
///
/// - Bottleneck: headroom is 1/utilisation, as work grows in proportion to load; instances are
///   suggested so that the utilisation falls to 70 % (utilisation law, U = X S / c).
/// - Latency: per station the time that an average request of the load spends there, which is the
///   station's sojourn time by its visits (forced flow law, V = X_station / X); split in waiting
///   and service. Stations off the request's way, such as consumers of a queue, count as well.
/// - Faults: means over the slices of replication 0 in and outside of a fault's window; only if the
///   result has the sections "faults" and "series".
///
/// Source of the laws: Denning and Buzen 1978, "The operational analysis of queueing network
/// models".
[[nodiscard]] scenarios::Section explain_limits(const scenarios::Result& result);

/// Puts that section in front of the others, in place of one that was there.
void add_explanation(scenarios::Result& result);

}  // namespace archsim::reports
