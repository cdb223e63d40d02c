// What may be written on an edge, and what it means.
#include "models/edge.hpp"

#include <utility>

namespace archsim::models {

const Spec<RetryConfig>& RetryConfig::spec() {
    static const auto declared =
        Spec<RetryConfig>{"retry", "Tries a failed call again after a pause."}
            .optional("attempts", &RetryConfig::attempts,
                      "All tries together, the first one included.")
            .at_least(1)
            .at_most(100)
            .optional(
                "backoff", &RetryConfig::backoff,
                "Pause before the second try; each further pause is `multiplier` times longer.")
            .at_least(sim::Duration{})
            .optional("multiplier", &RetryConfig::multiplier,
                      "Growth of the pause from try to try.")
            .at_least(1.0)
            .optional("max_backoff", &RetryConfig::max_backoff, "The longest pause.")
            .optional("jitter", &RetryConfig::jitter,
                      "Draw each pause uniformly between nothing and its length.")
            .optional("budget", &RetryConfig::budget,
                      "Retries allowed as a share of first tries; unused ones are saved up to 10.")
            .optional("rejected", &RetryConfig::rejected, "Whether a rejection is tried again.")
            .assume("Any outcome but ok is tried again; `rejected` can be left out.");
    return declared;
}

const Spec<HedgeConfig>& HedgeConfig::spec() {
    static const auto declared =
        Spec<HedgeConfig>{"hedge",
                          "Sends a second try while the first is still out; the first "
                          "good answer wins."}
            .optional("after", &HedgeConfig::after_time, "How long to wait before the second try.")
            .more_than(sim::Duration{})
            .optional("after_quantile", &HedgeConfig::after_quantile,
                      "Wait as long as this quantile of the edge's own latency so far (0.95: p95).")
            .more_than(0.0)
            .less_than(1.0)
            .optional("at_most", &HedgeConfig::at_most, "Additional tries.")
            .at_least(1)
            .at_most(10)
            .optional("budget", &HedgeConfig::budget,
                      "Additional tries allowed as a share of calls; unused ones are saved up to "
                      "10.")
            .check([](const HedgeConfig& config, const Place& place) {
                if (config.after_time.has_value() == config.after_quantile.has_value()) {
                    place.fail("after", {.code = Code::bad_value,
                                         .message = "give either after or after_quantile"});
                }
            })
            .assume(
                "A quantile for hedging is that of all good answers which the caller's own "
                "tries have had so far, those included that nobody waited for any more; there "
                "is no hedge before there are 100.");
    return declared;
}

const Spec<FallbackConfig>& FallbackConfig::spec() {
    static const auto declared =
        Spec<FallbackConfig>{"fallback",
                             "Answers a call that has failed with all its tries; the answer counts "
                             "as ok and as degraded."}
            .optional("to", &FallbackConfig::to,
                      "The node that answers instead; without it a static answer, at once.")
            .optional("timeout", &FallbackConfig::timeout, "How long that node may take.")
            .more_than(sim::Duration{})
            .optional("size", &FallbackConfig::size, "Payload of the static answer.")
            .written_as("to")
            .check([](const FallbackConfig& config, const Place& place) {
                if (config.to && config.size > sim::Bytes{}) {
                    place.fail("size", {.code = Code::bad_value,
                                        .message = "size belongs to the static answer, and a node "
                                                   "answers here"});
                }
                if (!config.to && config.timeout) {
                    place.fail("timeout", {.code = Code::bad_value,
                                           .message = "timeout belongs to the node that answers "
                                                      "instead, and none is named"});
                }
            });
    return declared;
}

namespace {

Spec<EdgeConfig> with_metrics(Spec<EdgeConfig>&& spec) {
    return std::move(spec)
        .metric("calls", "1/s", "Tries sent: first tries, retries and hedges.")
        .metric("retries", "ratio",
                "Share of all tries that were made because an earlier one had failed. A try is "
                "one message sent, so calls that all need a second try have 50 %.")
        .metric("timeouts", "ratio", "Share of all tries that the caller gave up as too late.")
        .metric("hedges", "ratio",
                "Share of all tries that were sent beside one that was still out.")
        .metric("latency", "s", "From sending a try to its answer, of tries that had one.")
        .metric("opened", "count", "Times that a circuit breaker opened; only with one.")
        .metric("short_circuited", "ratio",
                "Share of tries turned away by an open circuit breaker, of all tries whether "
                "sent or turned away; only with one.")
        .metric("limited", "ratio",
                "Share of tries turned away by the rate limit, likewise; only with one.")
        .metric("crowded", "ratio",
                "Share of tries turned away by the bulkhead or the concurrency limit, "
                "likewise; only with one.")
        .metric("line_time", "s",
                "Time in the line of the bulkhead, of tries that got in; only with one.")
        .metric("concurrency", "count",
                "The concurrency limit, those of all callers added up; only with one.")
        .metric("expired", "ratio",
                "Share of calls that their deadline ended; only with a deadline.")
        .metric("fallbacks", "ratio", "Share of calls that the fallback answered; only with one.");
}

}  // namespace

const Spec<EdgeConfig>& EdgeConfig::spec() {
    static const auto declared =
        with_metrics(
            Spec<EdgeConfig>{"edge", "A directed call relation with the caller's policies."})
            .required("to", &EdgeConfig::to, "The node that is called.")
            .optional("delay", &EdgeConfig::delay,
                      "One-way delay of this edge; without it the network's delay holds.")
            .optional("bandwidth", &EdgeConfig::bandwidth,
                      "Rate at which each message is sent, each way: its size / bandwidth adds to "
                      "its delay. Without it the network's bandwidth holds.")
            .more_than(sim::Bandwidth{})
            .optional("loss", &EdgeConfig::loss, "Probability that a message is lost, each way.")
            .optional("timeout", &EdgeConfig::timeout, "How long a try may take.")
            .more_than(sim::Duration{})
            .optional("retry", &EdgeConfig::retry, "When a failed call is tried again.")
            .optional("hedge", &EdgeConfig::hedge, "When a slow call is doubled.")
            .optional("deadline", &EdgeConfig::deadline,
                      "How long a call may take with all its tries. It travels with the request: "
                      "those called further on give up at the same instant.")
            .more_than(sim::Duration{})
            .optional("circuit_breaker", &EdgeConfig::circuit_breaker,
                      "When nothing is sent for a while because too much has failed.")
            .optional("rate_limit", &EdgeConfig::rate_limit, "How many tries are sent at most.")
            .optional("concurrency_limit", &EdgeConfig::concurrency_limit,
                      "A limit of the tries in flight that learns from the answers.")
            .optional("bulkhead", &EdgeConfig::bulkhead, "A fixed limit of the tries in flight.")
            .optional("fallback", &EdgeConfig::fallback, "Who answers when a call has failed.")
            .check([](const EdgeConfig& config, const Place& place) {
                if (config.loss.value() > 0.0 && !config.timeout && !config.deadline) {
                    place.fail("loss", {.code = Code::no_timeout,
                                        .message = "messages can get lost, and nobody would notice",
                                        .hint = "give the edge a timeout"});
                }
            })
            .written_as("to")
            .assume(
                "Metrics are called CALLER->CALLEE/METRIC, such as users->web/retries; they are "
                "of tries, not of calls.")
            .assume("Sizes matter only where a bandwidth is given; messages have no overhead.")
            .assume("A caller that times out stops waiting; the callee goes on working.")
            .assume(
                "A try asks the circuit breaker first, then the rate limit, the concurrency "
                "limit and the bulkhead; whatever turns it away is the outcome rejected, and "
                "its timeout runs while it waits.")
            .assume(
                "A call whose deadline has passed is timed_out, and not tried again; a call "
                "that begins after its deadline is not sent.");
    return declared;
}

}  // namespace archsim::models
