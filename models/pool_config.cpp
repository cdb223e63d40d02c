// What may be written of backends, and what does not go together.
#include "models/pool_config.hpp"

#include "models/distribution_codec.hpp"

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
            .optional("joined", &TargetConfig::joined,
                      "Whether it takes part from the start; see the faults join and leave.")
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

EdgeConfig PoolConfig::edge() const {
    EdgeConfig edge;
    edge.timeout = timeout;
    edge.retry = retry;
    edge.hedge = hedge;
    return edge;
}

void check_pool(const PoolConfig& config, const Place& place) {
    if (config.calls.empty()) {
        place.fail("calls", {.code = Code::out_of_range,
                             .message = "at least one backend is needed",
                             .hint = R"(name a node, such as "calls": ["web"])"});
        return;
    }
    if (std::ranges::none_of(config.calls, &TargetConfig::joined)) {
        place.fail("calls", {.code = Code::bad_value,
                             .message = "nobody takes requests at the start",
                             .hint = "let at least one of them be joined"});
    }
    const bool loses = std::ranges::any_of(
        config.calls, [](const TargetConfig& target) { return target.loss.value() > 0.0; });
    if (loses && !config.timeout) {
        place.fail("calls", {.code = Code::no_timeout,
                             .message = "messages can get lost, and nobody would notice",
                             .hint = "give it a timeout"});
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

}  // namespace archsim::models
