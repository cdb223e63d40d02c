// Mistakes of versions, and their metrics.
#include "models/service/releases.hpp"

#include <string>

namespace archsim::models {

const Spec<ReleaseConfig>& ReleaseConfig::spec() {
    static const auto declared =
        Spec<ReleaseConfig>{"release", "What is worse about a new version of a service."}
            .optional("errors", &ReleaseConfig::errors,
                      "Share of the requests that fail and were answered before.")
            .optional("slower", &ReleaseConfig::slower, "How many times longer all work takes.")
            .more_than(0.0)
            .assume("A request that fails does all its work and its calls first.");
    return declared;
}

void Release::answer(Response& response, sim::Duration time) {
    if (response.outcome == Outcome::ok && rng_.chance(config_.errors.value())) {
        response = Response::only(Outcome::failed);
    }
    const bool is_bad = response.outcome != Outcome::ok;
    ++counts_.answered;
    counts_.failed += is_bad ? 1 : 0;
    counts_.time = counts_.time + time;
    answered_.add();
    if (is_bad) failed_.add();
}

Release& Releases::add(const ReleaseConfig& config) {
    if (waves_ == nullptr) {
        sim::Metrics& metrics = context_.metrics;
        for (sim::Counter** counter : {&waves_, &completed_, &rolled_back_, &answered_, &failed_}) {
            *counter = &metrics.counter();
        }
        metrics.publish_count(context_.path("deploy/waves"), *waves_);
        metrics.publish_count(context_.path("deploy/completed"), *completed_);
        metrics.publish_count(context_.path("deploy/rolled_back"), *rolled_back_);
        metrics.publish_rate(context_.path("deploy/requests"), *answered_);
        metrics.publish_ratio(context_.path("deploy/errors"), *failed_, {answered_});
    }
    const std::string purpose = "release/" + std::to_string(all_.size());
    return all_.emplace_back(config, *answered_, *failed_, context_.rng(purpose));
}

}  // namespace archsim::models
