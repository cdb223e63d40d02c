// The parameters of a load balancer as a scenario writes them.
#pragma once

#include "models/load_balancer/policies.hpp"
#include "models/pool_config.hpp"

namespace archsim::models {

/// Everything that a scenario can say of a load balancer.
struct BalancerConfig : PoolConfig {
    BalancingConfig policy;
    sim::Duration load_reports;
    static const Spec<BalancerConfig>& spec();
};

}  // namespace archsim::models
