// What may be written of a load balancer, and what it means.
#include "models/balancer_config.hpp"

#include "models/distribution_codec.hpp"

namespace archsim::models {

const Spec<BalancerConfig>& BalancerConfig::spec() {
    static const auto declared =
        with_pool_fields(
            Spec<BalancerConfig>{"load_balancer",
                                 "Passes each request to one of several backends by a policy."}
                .alias("balancer")
                .guide("Principais Componentes, 3. Load Balancing")
                .optional("policy", &BalancerConfig::policy, "How the backend is chosen."))
            .optional("slow_start", &BalancerConfig::slow_start,
                      "Little traffic at first for new and recovered backends.")
            .optional("load_reports", &BalancerConfig::load_reports,
                      "How often backends report their load to least_loaded; 0s is always current.")
            .assume("The balancer itself takes no time and never crashes by itself.")
            .assume(
                "In flight counts what the balancer sent and has not seen answered: in "
                "transit, queued and in service.");
    return declared;
}

}  // namespace archsim::models
