// From a request to its site, by memory or look-up.
#include "models/dns/region_resolver.hpp"

namespace archsim::models {

RegionResolver::RegionResolver(Dns& dns, const std::string& place, std::uint32_t region)
    : Node{dns, dns.name() + "/" + place},
      dns_{dns},
      records_(static_cast<std::size_t>(dns.config_.resolvers)),
      rng_{dns.context_.rng("lookups in " + place)} {
    set_region(region);
    stand_beside_callers();
    for (const EdgeConfig& edge : dns.config_.calls) {
        connections_.push_back(std::make_unique<Connection>(dns.context_, *this, edge));
    }
}

sim::Task<Response> RegionResolver::serve(Request request) {
    sim::Simulation& simulation = dns_.context_.simulation;
    const sim::Instant asked = simulation.now();
    Record& record = records_[request.session % records_.size()];
    if (record.known && asked < record.expires) {
        dns_.remembered_.add();
    } else {
        dns_.lookups_.add();
        const sim::Duration time = dns_.config_.lookup_time.sample(rng_);
        if (time > sim::Duration{}) co_await simulation.delay(time);
        record.site = dns_.choose(region());
        record.expires = simulation.now() + dns_.config_.ttl;
        record.known = true;
    }
    const std::size_t site = record.site;
    dns_.requests_.add();
    dns_.sites_[site].sent->add();
    if (!dns_.sites_[site].is_up) dns_.misdirected_.add();
    const Response response = co_await connections_[site]->port().call(request);
    note(record, response.outcome, asked);
    co_return response;
}

void RegionResolver::on_crash() {
    for (Record& record : records_) record = Record{};
}

void RegionResolver::note(Record& record, Outcome outcome, sim::Instant asked) {
    if (outcome == Outcome::ok) {
        if (!record.failing_since || asked < *record.failing_since) return;
        dns_.failover_time_.record(asked - *record.failing_since);
        record.failing_since.reset();
    } else if (outcome == Outcome::unreachable || outcome == Outcome::timed_out) {
        if (!record.failing_since) record.failing_since = asked;
    }
}

}  // namespace archsim::models
