// Which delay a link has and which impairments touch it.
#include "models/network/network.hpp"

#include <algorithm>
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

Link& Network::connect(const Node& from, const Node& to, const sim::Distribution* delay,
                       double loss) {
    Link& link = links_.emplace_back();
    link.from = &from;
    link.to = &to;
    link.loss = loss;
    if (delay != nullptr) {
        link.delay = delay;
    } else if (from.region() == to.region()) {
        link.delay = within_.has_value() ? &*within_ : nullptr;
    } else {
        const auto found = between_.find(std::minmax(from.region(), to.region()));
        link.unknown_delay = found == between_.end();  // the loader refuses such a scenario
        if (!link.unknown_delay) link.delay = &found->second;
    }
    apply(link);
    return link;
}

bool Network::disturbs(const Impairment& impairment, const Link& link) {
    return goes_forward(impairment, link) || goes_backward(impairment, link);
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
    link.out = link.back = Disturbance{};
    link.disturbed = link.loss > 0.0;
    for (const auto& [number, impairment] : impairments_) {
        const bool forward = goes_forward(impairment, link);
        const bool backward = goes_backward(impairment, link);
        if (forward) {
            add(link.out, impairment.a_to_b);
            add(link.back, impairment.b_to_a);
        }
        if (backward) {
            add(link.out, impairment.b_to_a);
            add(link.back, impairment.a_to_b);
        }
        link.disturbed = link.disturbed || forward || backward;
    }
}

}  // namespace archsim::models
