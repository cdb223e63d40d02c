// Which delay a link has and which impairments touch it.
#include "models/network/network.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace archsim::models {

namespace {

bool names(const std::vector<std::string>& addresses, const Node& node) {
    return std::any_of(addresses.begin(), addresses.end(),
                       [&node](const std::string& address) { return node.answers_to(address); });
}

bool in_b(const Impairment& impairment, const Node& node) {
    return impairment.b.empty() ? !names(impairment.a, node) : names(impairment.b, node);
}

bool goes_forward(const Impairment& impairment, const Link& link) {
    return names(impairment.a, *link.from) && in_b(impairment, *link.to);
}

bool goes_backward(const Impairment& impairment, const Link& link) {
    return names(impairment.a, *link.to) && in_b(impairment, *link.from);
}

void add(Disturbance& sum, const Disturbance& other) {
    sum.cut = sum.cut || other.cut;
    sum.loss = 1.0 - (1.0 - sum.loss) * (1.0 - other.loss);
    sum.slower += other.slower;
}

}  // namespace

void Network::set_between(std::uint32_t region_a, std::uint32_t region_b, sim::Distribution delay) {
    between_.insert_or_assign(std::minmax(region_a, region_b), std::move(delay));
}

void Network::set_bandwidth_between(std::uint32_t region_a, std::uint32_t region_b,
                                    sim::Bandwidth bandwidth, bool shared) {
    if (!shared) {
        bandwidth_between_.insert_or_assign(std::minmax(region_a, region_b), bandwidth);
        return;
    }
    lines_.insert_or_assign({region_a, region_b}, Line{bandwidth});
    lines_.insert_or_assign({region_b, region_a}, Line{bandwidth});
}

Link& Network::connect(const Node& from, const Node& to, const LinkConfig& edge) {
    Link& link = links_.emplace_back();
    link.from = &from;
    link.to = &to;
    link.loss = edge.loss.value();
    if (edge.delay) {
        link.delay = &*edge.delay;
    } else if (!to.is_beside_callers()) {
        set_delay(link);
    }
    if (edge.bandwidth) {
        link.bandwidth = *edge.bandwidth;
    } else if (!to.is_beside_callers()) {
        set_bandwidth(link);
    }
    apply(link);
    return link;
}

bool Network::disturbs(const Impairment& impairment, const Link& link) {
    return goes_forward(impairment, link) || goes_backward(impairment, link);
}

void Network::set_delay(Link& link) {
    const std::uint32_t a = link.from->region();
    const std::uint32_t b = link.to->region();
    if (a == b) {
        link.delay = within_.has_value() ? &*within_ : nullptr;
    } else if (const auto found = between_.find(std::minmax(a, b)); found != between_.end()) {
        link.delay = &found->second;
    } else {
        link.unknown_delay = true;  // the loader refuses such a scenario
    }
}

void Network::set_bandwidth(Link& link) {
    const std::uint32_t a = link.from->region();
    const std::uint32_t b = link.to->region();
    if (a == b) {
        link.bandwidth = bandwidth_within_;
        return;
    }
    const auto limit = bandwidth_between_.find(std::minmax(a, b));
    if (limit != bandwidth_between_.end()) link.bandwidth = limit->second;
    if (const auto line = lines_.find({a, b}); line != lines_.end()) link.out.line = &line->second;
    if (const auto line = lines_.find({b, a}); line != lines_.end()) link.back.line = &line->second;
}

double Network::mean_delay(std::uint32_t region_a, std::uint32_t region_b) const {
    if (region_a == region_b) return within_ ? within_->mean_seconds() : 0.0;
    const auto found = between_.find(std::minmax(region_a, region_b));
    return found == between_.end() ? std::numeric_limits<double>::infinity()
                                   : found->second.mean_seconds();
}

std::size_t Network::impair(Impairment impairment) {
    const std::size_t number = next_number_++;
    impairments_.emplace(number, std::move(impairment));
    for (Link& link : links_) apply(link);
    return number;
}

void Network::heal(std::size_t number) {
    impairments_.erase(number);
    for (Link& link : links_) apply(link);
}

void Network::apply(Link& link) const {
    Disturbance out;
    Disturbance back;
    link.special = link.loss > 0.0 || link.bandwidth > sim::Bandwidth{} ||
                   link.out.line != nullptr || link.back.line != nullptr;
    for (const auto& [number, impairment] : impairments_) {
        const bool forward = goes_forward(impairment, link);
        const bool backward = goes_backward(impairment, link);
        if (forward) {
            add(out, impairment.a_to_b);
            add(back, impairment.b_to_a);
        }
        if (backward) {
            add(out, impairment.b_to_a);
            add(back, impairment.a_to_b);
        }
        link.special = link.special || forward || backward;
    }
    link.out.disturbance = out;
    link.back.disturbance = back;
}

std::optional<sim::Duration> send_specially(const Link& link, const Way& way, sim::Duration delay,
                                            sim::Bytes size, sim::Instant now, sim::Rng& rng) {
    const Disturbance& disturbance = way.disturbance;
    if (disturbance.cut) return std::nullopt;
    // What gets lost gets lost on the way: its sender and the line were busy with it all the same.
    if (way.line != nullptr) delay += way.line->pass(size, now);
    if (link.bandwidth > sim::Bandwidth{}) delay += link.bandwidth.time_to_send(size);
    if (link.loss > 0.0 && rng.chance(link.loss)) return std::nullopt;
    if (disturbance.loss > 0.0 && rng.chance(disturbance.loss)) return std::nullopt;
    return delay + disturbance.slower;
}

}  // namespace archsim::models
