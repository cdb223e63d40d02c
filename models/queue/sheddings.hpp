// The one list of policies of shedding. Adding one: write its header, add it to this list.
#pragma once

#include "models/queue/codel.hpp"
#include "models/queue/deadline.hpp"
#include "models/queue/keep_all.hpp"
#include "models/queue/policy_list.hpp"

namespace archsim::models {

static_assert(SheddingPolicy<KeepAll> && SheddingPolicy<CoDel> && SheddingPolicy<DeadlineShedding>);

/// All policies, in the order in which they are documented; the first is the default.
using SheddingPolicies = QueuePolicies<KeepAll, CoDel, DeadlineShedding>;

}  // namespace archsim::models
