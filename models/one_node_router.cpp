// A link with metrics of its own.
#include "models/one_node_router.hpp"

namespace archsim::models {

OneNodeRouter::OneNodeRouter(const BuildContext& context, const Node& from, Node& to,
                             const LinkConfig& config) {
    metrics_.calls = &context.metrics.counter();
    metrics_.retries = &context.metrics.counter();
    metrics_.timeouts = &context.metrics.counter();
    metrics_.hedges = &context.metrics.counter();
    metrics_.latency = &context.metrics.timing();
    destination_ = {&to, &context.network.connect(from, to, config), &metrics_};
}

}  // namespace archsim::models
