// News of a new primary on their way to the callers.
#include "models/database/callers.hpp"

#include <optional>

namespace archsim::models {

Callers::Caller& Callers::add(const Node& node) {
    Caller& caller = callers_.emplace_back(*this, tag_);
    for (const Node* const teller : tellers_) {
        caller.links_.push_back(&network_.connect(*teller, node, plain_));
    }
    return caller;
}

void Callers::told_by(const Node& teller, sim::Duration interval) {
    tellers_.push_back(&teller);
    interval_ = interval;
}

void Callers::announce(std::size_t primary, sim::Duration delay, std::size_t teller) {
    for (Caller& caller : callers_) {
        caller.cancel();
        caller.told_ = primary;
        caller.teller_ = teller;
        caller.is_on_its_way_ = false;
        simulation_.schedule_in(caller, delay);
    }
}

void Callers::tell(Caller& caller) {
    std::optional<sim::Duration> delay;
    if (tellers_[caller.teller_]->is_up()) {
        const Link& link = *caller.links_[caller.teller_];
        delay = send_over(link, link.out, sim::Bytes{}, simulation_.now(), rng_);
    }
    caller.is_on_its_way_ = delay.has_value();
    simulation_.schedule_in(caller, delay.value_or(interval_));
}

void Callers::Caller::next_stage(sim::Event& event) {
    Caller& caller = static_cast<Caller&>(event);
    if (caller.is_on_its_way_) {
        caller.primary_ = caller.told_;
    } else {
        caller.callers_.tell(caller);
    }
}

}  // namespace archsim::models
