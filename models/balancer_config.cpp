// What may be written of a load balancer, and what it means.
#include "models/balancer_config.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace archsim::models {

const Spec<TargetConfig>& TargetConfig::spec() {
    static const auto declared =
        Spec<TargetConfig>{"backend", "A node whose instances are backends."}
            .required("to", &TargetConfig::to, "The node; each of its instances is a backend.")
            .optional("weight", &TargetConfig::weight, "Weight of each of its instances.")
            .more_than(0.0)
            .at_most(1e6)
            .optional("delay", &TargetConfig::delay,
                      "One-way delay to it; without it the network's delay holds.")
            .optional("bandwidth", &TargetConfig::bandwidth,
                      "Rate at which each message to it and back is sent; without it the "
                      "network's bandwidth holds.")
            .more_than(sim::Bandwidth{})
            .optional("loss", &TargetConfig::loss, "Probability that a message is lost.")
            .written_as("to");
    return declared;
}

namespace {

void check_backends(const BalancerConfig& config, const Place& place) {
    if (config.calls.empty()) {
        place.fail("calls", {.code = Code::out_of_range,
                             .message = "a load balancer needs a backend",
                             .hint = R"(name a node, such as "calls": ["web"])"});
    }
    std::set<std::string_view> names;
    for (const TargetConfig& target : config.calls) {
        if (names.insert(target.to.name).second) continue;
        place.fail("calls", {.code = Code::duplicate_name,
                             .message = quoted(target.to.name) + " is named twice",
                             .hint = "name it once, with a weight if it shall get more"});
        return;
    }
}

}  // namespace

const Spec<BalancerConfig>& BalancerConfig::spec() {
    static const auto declared =
        Spec<BalancerConfig>{"load_balancer",
                             "Passes each request to one of several backends by a policy."}
            .alias("balancer")
            .guide("Principais Componentes, 3. Load Balancing")
            .optional("policy", &BalancerConfig::policy, "How the backend is chosen.")
            .required("calls", &BalancerConfig::calls, "The nodes whose instances are backends.")
            .optional("timeout", &BalancerConfig::timeout, "How long a try may take.")
            .more_than(sim::Duration{})
            .optional("retry", &BalancerConfig::retry,
                      "When a try that failed is made again, at a backend chosen anew.")
            .optional("hedge", &BalancerConfig::hedge, "When a slow try is doubled.")
            .optional("health_check", &BalancerConfig::health_check, "Active probes.")
            .optional("ejection", &BalancerConfig::ejection, "Passive ejection after failures.")
            .optional("slow_start", &BalancerConfig::slow_start,
                      "Little traffic at first for new and recovered backends.")
            .optional("panic_threshold", &BalancerConfig::panic_threshold,
                      "Below this share of healthy backends, health is ignored.")
            .optional("load_reports", &BalancerConfig::load_reports,
                      "How often backends report their load to least_loaded; 0s is always current.")
            .check(check_backends)
            .check([](const BalancerConfig& config, const Place& place) {
                const bool loses = std::ranges::any_of(
                    config.calls,
                    [](const TargetConfig& target) { return target.loss.value() > 0.0; });
                if (loses && !config.timeout) {
                    place.fail("calls",
                               {.code = Code::no_timeout,
                                .message = "messages can get lost, and nobody would notice",
                                .hint = "give the balancer a timeout"});
                }
            })
            .metric("backend", "ratio", "backend/NAME/share: share of the tries sent there.")
            .metric("imbalance", "ratio", "Tries of the busiest backend over the mean.")
            .metric("no_backend", "ratio", "Share of tries for which no backend was usable.")
            .metric("ejections", "count", "Passive ejections since the start of the run.")
            .metric("health_changes", "count", "Turns up or down by probes since the start.")
            .assume("The balancer itself takes no time and never crashes by itself.")
            .assume(
                "In flight counts what the balancer sent and has not seen answered: in "
                "transit, queued and in service.");
    return declared;
}

}  // namespace archsim::models
