// News of a new primary on their way to the callers.
#include "models/database/callers.hpp"

#include <optional>

namespace archsim::models {

Callers::Caller& Callers::add(const Node& node) {
    Caller& caller = callers_.emplace_back(*this, tag_);
    if (teller_ != nullptr) caller.link_ = &network_.connect(*teller_, node, plain_);
    return caller;
}

void Callers::told_by(const Node& teller, sim::Duration interval) {
    teller_ = &teller;
    interval_ = interval;
}

void Callers::announce(std::size_t primary, sim::Duration delay) {
    for (Caller& caller : callers_) {
        caller.cancel();
        caller.told_ = primary;
        caller.is_on_its_way_ = false;
        simulation_.schedule_in(caller, delay);
    }
}

void Callers::tell(Caller& caller) {
    std::optional<sim::Duration> delay;
    if (teller_->is_up())
        delay = send_over(*caller.link_, caller.link_->out, sim::Bytes{}, simulation_.now(), rng_);
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
