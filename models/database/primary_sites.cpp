// Bookkeeping over all sites.
#include "models/database/primary_sites.hpp"

#include "models/database/site_member.hpp"

#include <algorithm>
#include <utility>

namespace archsim::models {

PrimarySites::PrimarySites(MultiPrimaryConfig config, const BuildContext& context)
    : lag{context.metrics.timing()},
      conflicts{context.metrics.counter()},
      reads{context.metrics.counter()},
      sibling_reads{context.metrics.counter()},
      merges{context.metrics.counter()},
      config_{std::move(config)},
      context_{context},
      stations_{context_},
      convergence_{context.metrics.timing()},
      post_{context_.simulation, context_.network, context_.rng("replication"), context_.number} {
    publish();
}

void PrimarySites::publish() {
    sim::Metrics& metrics = context_.metrics;
    metrics.publish_timing(context_.path("replication_lag"), lag);
    metrics.publish_timing(context_.path("convergence_time"), convergence_);
    metrics.publish_count(context_.path("conflicts"), conflicts);
    metrics.publish_ratio(context_.path("sibling_reads"), sibling_reads, {&reads});
    metrics.publish_count(context_.path("merges"), merges);
    // What becomes of a version is known at the end only, and goes over all of them.
    metrics.derive(context_.path("discarded_writes"), "count",
                   [this](const sim::Stretch& stretch) -> std::optional<double> {
                       if (stretch.span == sim::Span::window) return std::nullopt;
                       return static_cast<double>(losses().discarded);
                   });
    metrics.derive(context_.path("lost_writes"), "count",
                   [this](const sim::Stretch& stretch) -> std::optional<double> {
                       if (stretch.span == sim::Span::window) return std::nullopt;
                       return static_cast<double>(losses().lost);
                   });
}

std::size_t PrimarySites::add(SiteMember& site) {
    sites_.push_back(&site);
    return sites_.size() - 1;
}

Version PrimarySites::take(const Request& request, const SiteMember& site, Version shown) {
    const Version version =
        request.version != initial_version ? request.version : context_.history.next_version();
    // A proposal that was refused is made again with a new time.
    const bool is_again = config_.sync() != nullptr && order_.place(version) != 0;
    if (is_again && !lineage_.knows(version)) order_.forget(version);
    order_.stamp(version, site.clock(), site.number(), order_.place(shown));
    return version;
}

Version PrimarySites::merge(const SiteMember& site, Version shown) {
    merges.add();
    const Version version = context_.history.next_version();
    order_.stamp(version, site.clock(), site.number(), order_.place(shown));
    return version;
}

void PrimarySites::created(const SiteWrite& write, std::span<const Sibling> parents) {
    if (facts_.try_emplace(write.key).second) keys_.push_back(write.key);
    if (!lineage_.add(write.version)) return;
    for (const Sibling& parent : parents) lineage_.replaced(write.version, parent.version);
    if (!context_.history.is_on(context_.number)) return;
    VersionRecord record;
    record.version = write.version;
    record.key = write.key;
    record.position = order_.place(write.version);
    record.created = now();
    record.origin = static_cast<std::uint16_t>(write.dot.site);
    if (parents.empty()) context_.history.created(record);
    for (const Sibling& parent : parents) {
        record.parent = parent.version;
        context_.history.created(record);
    }
}

bool PrimarySites::is_alike(std::uint64_t key) const {
    const SiteValue& first = sites_.front()->value(key);
    return std::ranges::all_of(
        sites_, [&first, key](const SiteMember* site) { return site->value(key).is_like(first); });
}

void PrimarySites::changed(std::uint64_t key, const SiteMember& site, Version before) {
    Facts& facts = facts_.find(key)->second;
    if (!is_alike(key)) {
        if (!facts.differs_since) facts.differs_since = now();
    } else if (facts.differs_since) {
        convergence_.record(now() - *facts.differs_since);
        facts.differs_since.reset();
    }
    const Version shown = site.value(key).shown(order_);
    if (shown == before || !context_.history.is_on(context_.number)) return;
    Application application;
    application.key = key;
    application.version = shown;
    application.at = now();
    application.replica = static_cast<std::uint16_t>(site.number());
    application.replicas = static_cast<std::uint16_t>(sites());
    context_.history.applied(application);
}

void PrimarySites::acknowledged(std::uint64_t key, Version version) {
    lineage_.acknowledge(version);
    Facts& facts = facts_.find(key)->second;
    if (!order_.is_newer(version, facts.committed)) return;
    facts.committed = version;
    context_.freshness.committed(context_.number, key, version, now());
}

Lineage::Losses PrimarySites::losses() const {
    std::vector<Version> up;
    std::vector<Version> down;
    for (const SiteMember* const site : sites_) {
        std::vector<Version>& held = site->is_up() ? up : down;
        for (const std::uint64_t key : keys_) {
            for (const Sibling& sibling : site->value(key).siblings()) {
                held.push_back(sibling.version);
            }
        }
    }
    return lineage_.losses(up, down);
}

bool PrimarySites::report_settled(HistoryRecorder& history) const {
    for (const SiteMember* const site : sites_) {
        if (!site->is_at_rest()) return false;
    }
    for (const std::uint64_t key : keys_) {
        for (const Sibling& sibling : sites_.front()->value(key).siblings()) {
            history.settled(key, sibling.version);
        }
    }
    return true;
}

}  // namespace archsim::models
