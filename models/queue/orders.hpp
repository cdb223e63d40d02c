// The one list of orders of delivery. Adding one: write its header, add it to this list.
#pragma once

#include "models/queue/adaptive_lifo.hpp"
#include "models/queue/first_in_first_out.hpp"
#include "models/queue/last_in_first_out.hpp"
#include "models/queue/policy_list.hpp"
#include "models/queue/urgent_first.hpp"

namespace archsim::models {

static_assert(DispatchOrder<FirstInFirstOut> && DispatchOrder<LastInFirstOut> &&
              DispatchOrder<UrgentFirst> && DispatchOrder<AdaptiveLifo>);

/// All orders, in the order in which they are documented; the first is the default.
using DispatchOrders = QueuePolicies<FirstInFirstOut, LastInFirstOut, UrgentFirst, AdaptiveLifo>;

}  // namespace archsim::models
