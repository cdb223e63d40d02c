// Locations, metrics and declaration of a CDN.
#include "models/cdn/cdn.hpp"

#include "models/cdn/edge_location.hpp"
#include "sim/check.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace archsim::models {

namespace {

/// The number of a region. Requires: the loader has checked the name.
std::uint32_t number_of(const BuildContext& context, const RegionName& region) {
    const auto found = std::find(context.regions.begin(), context.regions.end(), region.name);
    ARCHSIM_CHECK_AT(context.name, found != context.regions.end(), "there is no region {}",
                     region.name);
    return static_cast<std::uint32_t>(found - context.regions.begin());
}

}  // namespace

Cdn::Cdn(Config config, const BuildContext& context)
    : Component{context.name, context.kind},
      config_{std::move(config)},
      context_{context},
      stored_probe_{context.metrics.watch(stored_)} {
    if (config_.locations.empty()) {
        for (const std::string& region : context.regions) {
            config_.locations.push_back(RegionName{region});
        }
    }
    make_locations();
    publish();
}

Cdn::~Cdn() = default;

void Cdn::make_locations() {
    const auto make = [this](const std::string& place, std::uint32_t region,
                             EdgeLocation::Role role) {
        auto location = std::make_unique<EdgeLocation>(*this, place, region, role);
        add_member(*location);
        return location;
    };
    using Role = EdgeLocation::Role;
    for (const RegionName& region : config_.locations) {
        locations_.push_back(make(region.name, number_of(context_, region), Role::edge));
    }
    if (locations_.empty()) locations_.push_back(make("0", context_.region, Role::edge));
    if (config_.shield) {
        shield_ = make("shield", number_of(context_, *config_.shield), Role::shield);
    }
}

const Component& Cdn::originals() const {
    const std::string& name =
        config_.originals ? config_.originals->name : config_.calls.front().to.name;
    const Component* const component = context_.directory.component(name);
    ARCHSIM_CHECK_AT(this->name(), component != nullptr, "there is no node {}", name);
    return *component;
}

void Cdn::connect(Directory&) {
    for (const auto& location : locations_) location->connect(shield_.get());
    if (shield_) shield_->connect(nullptr);
    if (!spreads_news()) return;
    between_locations_.delay = config_.propagation.value_or(sim::Distribution{});
    for (const auto& from : locations_) {
        for (const auto& to : locations_) {
            if (from != to) context_.network.connect(*from, *to, between_locations_);
        }
        if (shield_) context_.network.connect(*from, *shield_, between_locations_);
    }
    if (config_.mode == CdnMode::pull) return;
    for (std::int64_t key = 0; key < config_.objects; ++key) {
        for (const auto& location : locations_) location->preload(static_cast<std::uint64_t>(key));
    }
}

void Cdn::check_end() {
    for (const auto& location : locations_) location->check();
    if (shield_) shield_->check();
}

std::vector<Node*> Cdn::nearest(std::uint32_t region) {
    std::vector<std::pair<double, Node*>> reachable;
    for (const auto& location : locations_) {
        const double delay = location->region() == region
                                 ? -1.0
                                 : context_.network.mean_delay(region, location->region());
        if (std::isfinite(delay)) reachable.emplace_back(delay, location.get());
    }
    // With no delay known to any of them the loader asks for that of the first.
    if (reachable.empty()) return {locations_.front().get()};
    std::ranges::stable_sort(reachable, {}, [](const auto& entry) { return entry.first; });
    std::vector<Node*> nodes;
    for (const auto& [delay, node] : reachable) nodes.push_back(node);
    return nodes;
}

Profile Cdn::profile(std::uint32_t operation) const {
    Profile profile;
    profile.is_timed = false;
    const EdgeConfig& edge = config_.calls.front();
    profile.calls.push_back({.to = edge.to.name,
                             .operation = operation,
                             .at_most = true,
                             .plain = false,
                             .delay = edge.delay,
                             .limited = edge.bandwidth.has_value()});
    add_fallback(profile, edge);
    return profile;
}

void Cdn::publish() {
    sim::Metrics& metrics = context_.metrics;
    for (sim::Counter** const counter :
         {&totals_.reads, &totals_.hits, &totals_.answers, &totals_.stale, &totals_.origin,
          &totals_.fetches, &totals_.fetched, &totals_.egress, &totals_.evictions, &totals_.expired,
          &totals_.purged}) {
        *counter = &metrics.counter();
    }
    totals_.staleness = &metrics.timing();
    const auto per_second = [&](std::string_view name, const sim::Counter& bytes) {
        metrics.derive(context_.path(name), "bytes/s",
                       [&bytes](const sim::Stretch& s) -> std::optional<double> {
                           if (s.seconds() <= 0.0) return std::nullopt;
                           return static_cast<double>(bytes.count(s.span)) / s.seconds();
                       });
    };
    metrics.publish_ratio(context_.path("hit_ratio"), *totals_.hits, {totals_.reads});
    metrics.publish_rate(context_.path("origin_load"), *totals_.origin);
    metrics.derive(context_.path("origin_offload"), "ratio",
                   [totals = totals_](const sim::Stretch& s) -> std::optional<double> {
                       const auto reads = static_cast<double>(totals.reads->count(s.span));
                       if (reads <= 0.0) return std::nullopt;
                       const auto fetches = static_cast<double>(totals.fetches->count(s.span));
                       return std::max(0.0, 1.0 - fetches / reads);
                   });
    metrics.publish_ratio(context_.path("stale_served"), *totals_.stale, {totals_.answers});
    metrics.publish_timing(context_.path("staleness"), *totals_.staleness);
    per_second("egress", *totals_.egress);
    per_second("origin_egress", *totals_.fetched);
    metrics.publish_count(context_.path("evictions"), *totals_.evictions);
    metrics.publish_count(context_.path("expired"), *totals_.expired);
    metrics.publish_count(context_.path("purged"), *totals_.purged);
    metrics.derive(context_.path("stored"), "bytes",
                   [this](const sim::Stretch& s) { return stored_probe_.mean(s.span, s.now); });
}

namespace {

void check_config(const CdnConfig& config, const Place& place) {
    if (config.calls.size() != 1) {
        place.fail("calls", {.code = Code::bad_value,
                             .message = "a CDN has one origin",
                             .hint = "several origins stand behind a load balancer"});
    }
    for (std::size_t i = 0; i < config.locations.size(); ++i) {
        const auto before = config.locations.begin() + static_cast<std::ptrdiff_t>(i);
        if (std::find(config.locations.begin(), before, *before) == before) continue;
        place.fail("locations", {.code = Code::duplicate_name,
                                 .message = "two edge locations are in " + before->name});
    }
    if (config.mode == CdnMode::pull && config.objects > 0) {
        place.fail("objects", {.code = Code::conflicting_keys,
                               .message = "in mode pull nothing is there from the start",
                               .hint = R"(write "mode": "push", or leave "objects" out)"});
    }
}

/// Declares what a CDN measures and assumes.
Spec<CdnConfig> with_metrics(Spec<CdnConfig>&& spec) {
    return std::move(spec)
        .metric("hit_ratio", "ratio", "Reads answered by the nearest location by itself.")
        .metric("reads", "1/s", "Reads of one location, as <node>/<region>/reads.")
        .metric("origin_load", "1/s", "Calls of the origin: fetches and writes.")
        .metric("origin_offload", "ratio", "Reads that cost the origin no fetch.")
        .metric("stale_served", "ratio", "Answers whose content was outdated when sent.")
        .metric("staleness", "s", "Of those answers: time since the newer content was stored.")
        .metric("egress", "bytes/s", "Content sent to users.")
        .metric("origin_egress", "bytes/s", "Content fetched from the origin.")
        .metric("evictions", "count", "Copies that left for others to fit.")
        .metric("expired", "count", "Copies that a request found too old.")
        .metric("purged", "count", "Copies dropped after a write.")
        .metric("stored", "bytes", "Copies in all locations, averaged over time.")
        .assume(
            "A request goes to the location with the least mean delay from the caller's "
            "region, and at once to the next if that one is down.")
        .assume(
            "Writes go on to the origin; what is written there directly the CDN does not hear "
            "of, and its copies stay until they expire.")
        .assume(
            "A copy lives for a full ttl from its arrival, also one that came through the "
            "shield; an expired one is fetched as a whole.")
        .assume("Pushed copies do not expire. What was not pushed, or left, is pulled.")
        .assume("A location that cannot reach the shield goes to the origin.");
}

}  // namespace

const Spec<CdnConfig>& CdnConfig::spec() {
    static const auto declared = with_metrics(
        Spec<CdnConfig>{"cdn", "Edge locations near the users keep copies of what an origin holds."}
            .guide("Principais Componentes, 5. CDN")
            .optional("mode", &CdnConfig::mode,
                      "pull: an object is fetched when it is first asked for; push: the first "
                      "`objects` keys are there from the start and writes send new content along.")
            .optional("locations", &CdnConfig::locations,
                      "Regions with an edge location; without them, every region.")
            .optional("shield", &CdnConfig::shield,
                      "Region of a cache between all locations and the origin: <node>/shield.")
            .optional("capacity", &CdnConfig::capacity,
                      "Of each location and of the shield; unlimited without it.")
            .at_least(sim::Bytes{1})
            .optional("eviction", &CdnConfig::eviction, "What leaves when a location is full.")
            .optional("ttl", &CdnConfig::ttl,
                      "How long a fetched copy is used; without it, until it is evicted or purged.")
            .more_than(sim::Duration{})
            .optional("propagation", &CdnConfig::propagation,
                      "From the end of a write through the CDN until a location knows of it, drawn "
                      "for each: pull then drops its copy, push has the new content. Without it "
                      "pull never purges and push is at once.")
            .optional("single_flight", &CdnConfig::single_flight,
                      "Whether requests that miss the same object wait for one fetch.")
            .optional("edge_time", &CdnConfig::edge_time, "Work of a location for a request.")
            .optional("objects", &CdnConfig::objects, "Of push: keys 0, 1, 2 ... sent beforehand.")
            .at_least(0)
            .at_most(10'000'000)
            .optional("object_size", &CdnConfig::object_size,
                      "Of push: sizes of the objects. With the law of an object_store, each key "
                      "has the same size here and there.")
            .optional("originals", &CdnConfig::originals,
                      "The node that holds the data, where the called one only passes it on.")
            .required("calls", &CdnConfig::calls, "The origin.")
            .check(check_config));
    return declared;
}

extern const NodeKind cdn_kind;
const NodeKind cdn_kind = NodeKind::of<Cdn>();

}  // namespace archsim::models
