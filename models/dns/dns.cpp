// The choice of a site, health checks and the declaration of a name.
#include "models/dns/dns.hpp"

#include "models/dns/region_resolver.hpp"
#include "models/network/places.hpp"
#include "sim/check.hpp"

#include <algorithm>
#include <utility>

namespace archsim::models {

Dns::Dns(Config config, const BuildContext& context)
    : Component{context.name, context.kind},
      config_{std::move(config)},
      context_{context},
      rng_{context.rng("weights")},
      probe_{*this},
      lookups_{context.metrics.counter()},
      remembered_{context.metrics.counter()},
      requests_{context.metrics.counter()},
      misdirected_{context.metrics.counter()},
      failovers_{context.metrics.counter()},
      failover_time_{context.metrics.timing()} {
    probe_.set_tag(context.number);
    for (const EdgeConfig& edge : config_.calls) {
        Site& site = sites_.emplace_back();
        site.sent = &context_.metrics.counter();
        for (const auto& [name, weight] : config_.weights.entries) {
            if (name == edge.to.name) site.weight = weight;
        }
    }
    publish();
}

Dns::~Dns() = default;

void Dns::publish() {
    sim::Metrics& metrics = context_.metrics;
    metrics.publish_rate(context_.path("lookups"), lookups_);
    metrics.publish_ratio(context_.path("hit_ratio"), remembered_, {&remembered_, &lookups_});
    metrics.publish_ratio(context_.path("misdirected"), misdirected_, {&requests_});
    metrics.publish_count(context_.path("failovers"), failovers_);
    metrics.publish_timing(context_.path("failover_time"), failover_time_);
    for (std::size_t i = 0; i < sites_.size(); ++i) {
        metrics.publish_ratio(context_.path("site/" + config_.calls[i].to.name + "/share"),
                              *sites_[i].sent, {&requests_});
    }
}

void Dns::find_sites() {
    for (std::size_t i = 0; i < sites_.size(); ++i) {
        sites_[i].component = context_.directory.component(config_.calls[i].to.name);
    }
}

void Dns::start() {
    if (config_.health_check) {
        context_.simulation.schedule_in(probe_, config_.health_check->interval);
    }
}

std::vector<Node*> Dns::nearest(std::uint32_t region) {
    for (const auto& resolver : resolvers_) {
        if (resolver->region() == region) return {resolver.get()};
    }
    const std::string place = context_.regions.empty() ? "0" : context_.regions[region];
    resolvers_.push_back(std::make_unique<RegionResolver>(*this, place, region));
    add_member(*resolvers_.back());
    return {resolvers_.back().get()};
}

void Dns::probe() {
    context_.simulation.schedule_in(probe_, config_.health_check->interval);
    for (Site& site : sites_) {
        const auto& members = site.component->members();
        const bool good = members.empty() || std::ranges::any_of(members, [](const Node* node) {
                              return node->is_up() && !node->is_retired();
                          });
        if (good == site.is_up) {
            site.contrary = 0;
            continue;
        }
        const std::int64_t enough =
            site.is_up ? config_.health_check->fall : config_.health_check->rise;
        if (++site.contrary < enough) continue;
        site.contrary = 0;
        site.is_up = !site.is_up;
        if (!site.is_up) failovers_.add();
    }
}

std::size_t Dns::choose(std::uint32_t region) {
    std::vector<std::size_t> candidates;
    for (std::size_t i = 0; i < sites_.size(); ++i) {
        if (sites_[i].is_up) candidates.push_back(i);
    }
    if (candidates.empty()) {
        for (std::size_t i = 0; i < sites_.size(); ++i) candidates.push_back(i);
    }
    if (config_.policy == DnsPolicy::weighted) return choose_by_weight(candidates);
    return choose_nearest(candidates, region);
}

std::size_t Dns::choose_by_weight(const std::vector<std::size_t>& candidates) {
    double sum = 0.0;
    for (const std::size_t i : candidates) sum += sites_[i].weight;
    double at = rng_.uniform() * sum;
    for (const std::size_t i : candidates) {
        at -= sites_[i].weight;
        if (at < 0.0) return i;
    }
    return candidates.back();
}

std::uint32_t Dns::region_of(std::size_t site) const {
    const std::vector<Node*>& members = sites_[site].component->members();
    return members.empty() ? context_.region : members.front()->region();
}

std::optional<double> Dns::distance_to(std::size_t site, std::uint32_t region) const {
    if (context_.regions.empty()) return std::nullopt;
    const std::uint32_t there = region_of(site);
    const KnownPlace* const from = find_place(context_.regions[region]);
    const KnownPlace* const to = find_place(context_.regions[there]);
    if (from == nullptr || to == nullptr) return std::nullopt;
    return distance(*from, *to);
}

std::size_t Dns::choose_nearest(const std::vector<std::size_t>& candidates,
                                std::uint32_t region) const {
    bool by_distance = config_.policy == DnsPolicy::geographic;
    for (const std::size_t i : candidates) {
        by_distance = by_distance && distance_to(i, region).has_value();
    }
    const auto far = [&](std::size_t i) {
        if (by_distance) return *distance_to(i, region);
        if (config_.calls[i].delay) return config_.calls[i].delay->mean_seconds();
        return context_.network.mean_delay(region, region_of(i));
    };
    return *std::ranges::min_element(candidates, {}, far);
}

Profile Dns::profile(std::uint32_t operation) const {
    Profile profile;
    profile.is_timed = false;
    double sum = 0.0;
    for (const Site& site : sites_) sum += site.weight;
    for (std::size_t i = 0; i < sites_.size(); ++i) {
        const EdgeConfig& edge = config_.calls[i];
        profile.calls.push_back({.to = edge.to.name,
                                 .operation = operation,
                                 .mean_calls = sites_[i].weight / sum,
                                 .at_most = true,
                                 .one_of = true,
                                 .plain = false,
                                 .spread = Spread::by_state,
                                 .delay = edge.delay,
                                 .limited = edge.bandwidth.has_value()});
        add_fallback(profile, edge);
    }
    return profile;
}

const Spec<DnsCheckConfig>& DnsCheckConfig::spec() {
    static const auto declared =
        Spec<DnsCheckConfig>{"dns_check", "Probes of the sites by the authoritative server."}
            .optional("interval", &DnsCheckConfig::interval,
                      "Between two probes of a site; the first comes one interval after the start.")
            .more_than(sim::Duration{})
            .optional("fall", &DnsCheckConfig::fall, "Bad probes in a row that take a site out.")
            .at_least(1)
            .optional("rise", &DnsCheckConfig::rise, "Good probes in a row that bring it back.")
            .at_least(1)
            .assume(
                "A probe takes no time and is good if an instance of the site is up; it does not "
                "cross the network, so a partition does not make it fail.");
    return declared;
}

namespace {

void check_dns(const DnsConfig& config, const Place& place) {
    if (config.calls.empty()) {
        place.fail("calls", {.code = Code::bad_value, .message = "a name needs a site"});
    }
    const auto is_site = [&config](const std::string& name) {
        return std::ranges::any_of(
            config.calls, [&name](const EdgeConfig& edge) { return edge.to.name == name; });
    };
    for (const auto& [name, weight] : config.weights.entries) {
        if (!is_site(name)) {
            place.fail("weights", {.code = Code::unknown_name,
                                   .message = "there is no site " + quoted(name) + " in calls"});
        }
        if (!(weight > 0.0)) {
            place.fail("weights", {.code = Code::out_of_range,
                                   .message = "the weight of " + name + " has to be above 0"});
        }
    }
    if (!config.weights.entries.empty() && config.policy != DnsPolicy::weighted) {
        place.fail("weights", {.code = Code::conflicting_keys,
                               .message = "only the policy weighted looks at weights"});
    }
}

}  // namespace

const Spec<DnsConfig>& DnsConfig::spec() {
    static const auto declared =
        Spec<DnsConfig>{"dns",
                        "A name that stands for several sites; resolvers remember the answer."}
            .optional("policy", &DnsConfig::policy,
                      "latency: the site with the least mean delay from the user's region; "
                      "geographic: the nearest on the globe, for places of the table of round "
                      "trips, else as latency; weighted: drawn by weight at each lookup.")
            .optional("weights", &DnsConfig::weights, "Of sites by name; 1 where not given.")
            .optional("ttl", &DnsConfig::ttl,
                      "How long a resolver uses an answer; with 0s it asks for every request.")
            .at_least(sim::Duration{})
            .optional("lookup_time", &DnsConfig::lookup_time,
                      "Time of a lookup that the resolver cannot answer from memory.")
            .optional("resolvers", &DnsConfig::resolvers,
                      "Populations of users in each region with a resolver of their own; a session "
                      "belongs to one of them.")
            .at_least(1)
            .at_most(1'000'000)
            .optional("health_check", &DnsConfig::health_check,
                      "Takes sites that are down out of new answers; without it none is.")
            .required("calls", &DnsConfig::calls, "The sites.")
            .check(check_dns)
            .metric("lookups", "1/s", "Questions to the authoritative server.")
            .metric("hit_ratio", "ratio", "Requests whose site the resolver remembered.")
            .metric("site", "ratio", "As site/<name>/share: requests sent to that site.")
            .metric("misdirected", "ratio", "Requests sent to a site that is known to be down.")
            .metric("failovers", "count", "Sites taken out by the health check.")
            .metric("failover_time", "s",
                    "Of a resolver's users: from sending the first request that got no answer to "
                    "sending the first after it that did.")
            .assume(
                "Resolvers stand beside the users, and requests go from the user straight to the "
                "site.")
            .assume("With every site down, answers are given as if all were up.")
            .assume(
                "A failed request does not make the resolver ask again before the ttl is over.");
    return declared;
}

extern const NodeKind dns_kind;
const NodeKind dns_kind = NodeKind::of<Dns>();

}  // namespace archsim::models
