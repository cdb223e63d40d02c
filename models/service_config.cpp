// What may be written of a service, and what it means.
#include "models/service_config.hpp"

#include <fmt/format.h>

#include <array>

namespace archsim::models {

template <>
struct EnumNames<sim::Discipline> {
    static constexpr std::array<EnumName<sim::Discipline>, 4> names{{
        {sim::Discipline::fifo, "fifo"},
        {sim::Discipline::lifo, "lifo"},
        {sim::Discipline::priority, "priority"},
        {sim::Discipline::processor_sharing, "processor_sharing"},
    }};
};

namespace {

void check_routes(const ServiceConfig& config, const Place& place) {
    for (const auto& [operation, steps] : config.routes.entries) {
        const double count = executions(steps);
        if (count <= most_executions) continue;
        place.fail("routes", {.code = Code::size_limit,
                              .message = fmt::format("the route {} has {:.3g} steps with all "
                                                     "repetitions; at most {:.0e} are accepted",
                                                     quoted(operation), count, most_executions),
                              .hint = "let steps be done less often"});
    }
}

void check_instances(const ServiceConfig& config, const Place& place) {
    if (!config.autoscaler) return;
    const auto& [min, max] = std::pair{config.autoscaler->min, config.autoscaler->max};
    if (min <= config.instances && config.instances <= max) return;
    place.fail("instances",
               {.code = Code::bad_value,
                .message = fmt::format("{} instances at the start, and the autoscaler keeps them "
                                       "between {} and {}",
                                       config.instances, min, max),
                .hint = "begin within its limits"});
}

/// What may be configured.
Spec<ServiceConfig> parameters() {
    return Spec<ServiceConfig>{"service",
                               "Instances with servers and a queue, which work on requests and "
                               "call others."}
        .optional("instances", &ServiceConfig::instances,
                  "Independent copies, each with its queue.")
        .at_least(1)
        .at_most(100'000)
        .optional("servers", &ServiceConfig::servers,
                  "Requests that one instance works on at the same time.")
        .at_least(1)
        .at_most(1'000'000)
        .optional("queue", &ServiceConfig::queue,
                  "Places to wait at an instance, those in service not counted.")
        .optional("discipline", &ServiceConfig::discipline, "Who is served next.")
        .optional("service_time", &ServiceConfig::service_time,
                  "Work for one request at speed 1, where its operation has no route.")
        .optional("speed", &ServiceConfig::speed, "Speed of the servers: 2 halves every work.")
        .more_than(0.0)
        .optional("contention", &ServiceConfig::contention,
                  "Share of the work of an instance that cannot be done in parallel, sigma of the "
                  "universal scalability law (Gunther 2008): with n servers busy each works at 1 "
                  "/ (1 + contention (n - 1) + coherency n (n - 1)) of its speed.")
        .at_least(0.0)
        .at_most(1.0)
        .optional("coherency", &ServiceConfig::coherency,
                  "What keeping one pair of busy servers consistent costs, as a share of the "
                  "work: kappa of the universal scalability law.")
        .at_least(0.0)
        .at_most(1.0)
        .optional("calls", &ServiceConfig::calls,
                  "Nodes called after the work, in order, where there is no route.")
        .optional("routes", &ServiceConfig::routes,
                  "Steps for each operation; the route \"*\" holds for those without their own.")
        .optional("response_size", &ServiceConfig::response_size, "Payload of an answer.")
        .optional("admission", &ServiceConfig::admission,
                  "Whom an instance turns away at its door; by default nobody.")
        .optional("autoscaler", &ServiceConfig::autoscaler,
                  "Adds and removes instances while running; by default their number stays.")
        .optional("drop_late", &ServiceConfig::drop_late,
                  "Do not begin work whose deadline has passed when its turn comes.")
        .optional("sessions", &ServiceConfig::sessions,
                  "Whether a request needs a session of its user, and where that is kept.")
        .check(check_routes)
        .check(check_instances);
}

}  // namespace

const Spec<ServiceConfig>& ServiceConfig::spec() {
    static const Spec<ServiceConfig> declared =
        parameters()
            .metric("arrivals", "1/s", "Work that came to a server, rejected work included.")
            .metric("utilisation", "ratio", "Share of server time in use.")
            .metric("waiting_time", "s", "Time from arrival at a station to the start of work.")
            .metric("service_time", "s", "Time at a server.")
            .metric("sojourn_time", "s", "Waiting and service together.")
            .metric("queue_length", "count",
                    "Requests that wait, all instances together; max: "
                    "longest single queue.")
            .metric("in_flight", "count", "Requests accepted and not yet answered.")
            .metric("rejected", "ratio",
                    "Share of arrivals turned away by a full queue. rejected/shed, "
                    "rejected/rate_limit and rejected/concurrency: of all requests, by the "
                    "admission for that reason. rejected/late: of arrivals, dropped because their "
                    "deadline had passed. Each only where it is asked for.")
            .metric("lost_in_crash", "count", "Work that a crash took from a queue or a server.")
            .metric(
                "sessions", "count",
                "Of services with sessions: sessions/logins, sessions/repeated_logins (of users "
                "who had logged in before), sessions/lost (with a crash or removal, or missing "
                "in the store), sessions/live. Where instances keep them also sessions/moved "
                "(requests that reached another instance than the session's), "
                "sessions/imbalance (most at one instance / mean) and <instance>/sessions.")
            .metric("instances", "count", "Instances in rotation, where there is an autoscaler.")
            .metric("scale_outs", "count", "Decisions of the autoscaler to add instances.")
            .metric("scale_ins", "count", "Decisions of the autoscaler to remove instances.")
            .metric("flaps", "count", "Decisions of the autoscaler soon after one the other way.")
            .metric("deploy", "count",
                    "Where a deploy event rolls out a version: deploy/waves in both directions, "
                    "deploy/completed and deploy/rolled_back, deploy/requests (1/s) to new "
                    "versions and deploy/errors, the share of them not answered ok.")
            .assume("A server is free again while the service waits for those it calls.")
            .assume(
                "The first call that fails decides the outcome; the calls after it are not made.")
            .assume(
                "Called without a load balancer, instances take requests in turn, whatever "
                "their health.");
    return declared;
}

}  // namespace archsim::models
