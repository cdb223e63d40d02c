// Probes, fronts and bookkeeping of groups of sites.
#include "models/sites/site_group.hpp"

#include <algorithm>
#include <utility>

namespace archsim::models {

/// Where the requests of one region enter.
class SiteFront final : public Node {
public:
    SiteFront(SiteGroup& group, const std::string& place, std::uint32_t region)
        : Node{group, group.name() + "/" + place}, group_{group} {
        set_region(region);
        stand_beside_callers();
        for (const SiteGroup::Site& site : group.sites_) {
            connections_.push_back(std::make_unique<Connection>(group.context_, *this, *site.edge));
        }
    }

    sim::Task<Response> serve(Request request) override {
        const sim::Instant asked = group_.context_.simulation.now();
        group_.requests_.add();
        const std::optional<std::size_t> site = group_.choose(region());
        if (!site) {
            group_.nobody_.add();
            group_.note(Outcome::rejected, asked);
            co_return Response::only(Outcome::rejected);
        }
        group_.sites_[*site].sent->add();
        const Response response = co_await connections_[*site]->port().call(request);
        group_.note(response.outcome, asked);
        group_.answered(*site, request, response.outcome);
        co_return response;
    }

private:
    SiteGroup& group_;
    std::vector<std::unique_ptr<Connection>> connections_;
};

const Spec<DetectionConfig>& DetectionConfig::spec() {
    static const auto declared =
        Spec<DetectionConfig>{"detection", "How a group finds out that a site is down."}
            .optional("interval", &DetectionConfig::interval,
                      "Between two probes of all sites; the first comes one interval after the "
                      "start.")
            .more_than(sim::Duration{})
            .optional("fall", &DetectionConfig::fall, "Bad probes in a row that mean down.")
            .at_least(1)
            .optional("rise", &DetectionConfig::rise, "Good probes in a row that mean up.")
            .at_least(1)
            .assume(
                "A probe takes no time and is good if an instance of the site is up; it does "
                "not cross the network, so a partition does not make it fail.");
    return declared;
}

void check_sites(const SitesConfig& config, const Place& place) {
    if (config.calls.size() < 2) {
        place.fail("calls", {.code = Code::bad_value,
                             .message = "a group needs two sites",
                             .hint = "list another node that can do the same"});
    }
    for (std::size_t i = 0; i < config.calls.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (config.calls[i].to.name != config.calls[j].to.name) continue;
            place.fail("calls", {.code = Code::conflicting_keys,
                                 .message = quoted(config.calls[i].to.name) + " is listed twice"});
        }
    }
}

SiteGroup::SiteGroup(const SitesConfig& config, const BuildContext& context)
    : Component{context.name, context.kind},
      config_{config},
      context_{context},
      probe_{*this},
      requests_{context.metrics.counter()},
      nobody_{context.metrics.counter()},
      outage_{context.metrics.timing()} {
    sim::Metrics& metrics = context_.metrics;
    for (const EdgeConfig& edge : config_.calls) {
        sites_.push_back({.edge = &edge, .sent = &metrics.counter()});
        metrics.publish_ratio(context_.path("site/" + edge.to.name + "/share"), *sites_.back().sent,
                              {&requests_});
    }
    metrics.publish_ratio(context_.path("no_site"), nobody_, {&requests_});
    metrics.publish_timing(context_.path("outage"), outage_);
}

SiteGroup::~SiteGroup() = default;

void SiteGroup::connect(Directory&) {
    for (Site& site : sites_) {
        site.component = context_.directory.component(site.edge->to.name);
    }
}

void SiteGroup::start() { context_.simulation.schedule_in(probe_, config_.detection.interval); }

std::vector<Node*> SiteGroup::nearest(std::uint32_t region) {
    for (const auto& front : fronts_) {
        if (front->region() == region) return {front.get()};
    }
    const std::string place = context_.regions.empty() ? "0" : context_.regions[region];
    fronts_.push_back(std::make_unique<SiteFront>(*this, place, region));
    add_member(*fronts_.back());
    return {fronts_.back().get()};
}

bool SiteGroup::really_up(std::size_t site) const {
    const auto& members = sites_[site].component->members();
    return members.empty() || std::ranges::any_of(members, [](const Node* const node) {
               return node->is_up() && !node->is_retired();
           });
}

void SiteGroup::probe() {
    context_.simulation.schedule_in(probe_, config_.detection.interval);
    for (std::size_t i = 0; i < sites_.size(); ++i) {
        Site& site = sites_[i];
        if (really_up(i) == site.is_up) {
            site.contrary = 0;
            continue;
        }
        const std::int64_t enough = site.is_up ? config_.detection.fall : config_.detection.rise;
        if (++site.contrary < enough) continue;
        site.contrary = 0;
        site.is_up = !site.is_up;
        found(i);
    }
}

void SiteGroup::note(Outcome outcome, sim::Instant asked) {
    if (outcome == Outcome::ok) {
        if (!failing_since_ || asked < *failing_since_) return;
        outage_.record(asked - *failing_since_);
        failing_since_.reset();
    } else if (!failing_since_ && outcome != Outcome::failed) {
        failing_since_ = asked;
    }
}

double SiteGroup::distance(std::uint32_t region, std::size_t site) const {
    const EdgeConfig& edge = *sites_[site].edge;
    if (edge.delay) return edge.delay->mean_seconds();
    const auto& members = sites_[site].component->members();
    const std::uint32_t there = members.empty() ? context_.region : members.front()->region();
    return context_.network.mean_delay(region, there);
}

Profile SiteGroup::profile_with(std::optional<std::size_t> first, std::uint32_t operation) const {
    Profile profile;
    profile.is_timed = false;
    profile.avoids_down = true;
    for (std::size_t i = 0; i < sites_.size(); ++i) {
        const EdgeConfig& edge = *sites_[i].edge;
        const double share = first ? (*first == i ? 1.0 : 0.0) : 1.0 / static_cast<double>(size());
        profile.calls.push_back({.to = edge.to.name,
                                 .operation = operation,
                                 .mean_calls = share,
                                 .at_most = !first,
                                 .one_of = true,
                                 .plain = false,
                                 .spread = Spread::by_state,
                                 .delay = edge.delay,
                                 .limited = edge.bandwidth.has_value()});
        add_fallback(profile, edge);
    }
    return profile;
}

}  // namespace archsim::models
