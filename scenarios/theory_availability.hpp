// Availability by closed form where nodes fail and are repaired by chance: series, parallel, k of
// n.
#pragma once

#include "scenarios/flow.hpp"
#include "scenarios/world.hpp"

#include <string>
#include <vector>

namespace archsim::scenarios {

struct Prediction;

/// The availability that each load source has in the long run if every failure is found out at
/// once, as predictions for `<source>/availability`; what is measured beside it falls short by what
/// detection and lost work cost.
///
/// Only where all faults are failures by chance (random_crashes from the start to the end), and for
/// requests that fail for no other reason; each node that fails is reached in one way only, since
/// ways with a node in common are not independent.
/// - a service called in turn: the mean of its instances (whoever calls does not look who is up);
/// - all whom a request needs one after another: series, the product;
/// - behind a balancer with health checks, or a group of sites: parallel, any of the instances;
/// - members of which so many are needed (quorum): k of n.
/// Nothing for closed loops, and for a source behind edges with policies (timeout, retry,
/// fallback), caches or databases with fail-over.
[[nodiscard]] std::vector<Prediction> predict_availability(const Flow& flow, const World& world);

}  // namespace archsim::scenarios
