// The order in which the policies of an edge are asked, and what each try gives back.
#include "models/resilience/edge_guard.hpp"

namespace archsim::models {

bool EdgeGuard::is_needed(const EdgeConfig& config) {
    return config.circuit_breaker || config.rate_limit || config.concurrency_limit ||
           config.bulkhead;
}

EdgeGuard::EdgeGuard(const EdgeConfig& config, PolicyMetrics& metrics)
    : config_{config}, metrics_{metrics} {
    if (config_.circuit_breaker) breaker_.emplace(*config_.circuit_breaker);
    if (config_.rate_limit) limiter_.emplace(*config_.rate_limit);
    if (config_.bulkhead) bulkhead_.emplace(*config_.bulkhead);
    if (!config_.concurrency_limit) return;
    concurrency_.emplace(*config_.concurrency_limit);
    metrics_.concurrency.change(sim::Instant::origin(), concurrency_->whole_limit());
}

std::optional<EdgeGuard::Admitted> EdgeGuard::admit(sim::Instant now, sim::Duration longest_wait) {
    Admitted admission;
    if (breaker_) {
        const std::optional<CircuitBreaker::Spell> spell = breaker_->ask(now);
        if (!spell) {
            metrics_.short_circuited->add();
            return std::nullopt;
        }
        admission.pass.spell = *spell;
        admission.pass.breaker = true;
    }
    if (!limiter_) return admission;
    const std::optional<sim::Duration> wait = limiter_->ask(now, longest_wait);
    if (!wait) {
        metrics_.limited->add();
        static_cast<void>(leave(admission.pass, now, std::nullopt, {}));
        return std::nullopt;
    }
    admission.wait = *wait;
    return admission;
}

Bulkhead::Entry EdgeGuard::enter(Pass& pass) {
    if (concurrency_ && !concurrency_->enter()) {
        metrics_.crowded->add();
        return Bulkhead::Entry::full;
    }
    pass.concurrency = concurrency_.has_value();
    if (!bulkhead_) return Bulkhead::Entry::in;
    const Bulkhead::Entry entry = bulkhead_->enter();
    pass.bulkhead = entry == Bulkhead::Entry::in;
    if (entry == Bulkhead::Entry::full) metrics_.crowded->add();
    return entry;
}

std::optional<EdgeGuard::Pass> EdgeGuard::admit_at_once(sim::Instant now) {
    std::optional<Admitted> admission = admit(now, sim::Duration{});
    if (!admission) return std::nullopt;
    const Bulkhead::Entry entry = enter(admission->pass);
    if (entry == Bulkhead::Entry::in) return admission->pass;
    if (entry == Bulkhead::Entry::wait) bulkhead_->leave_line();
    static_cast<void>(leave(admission->pass, now, std::nullopt, {}));
    return std::nullopt;
}

bool EdgeGuard::leave(Pass& pass, sim::Instant now, std::optional<Outcome> outcome,
                      sim::Duration latency) {
    const std::optional<bool> good =
        outcome ? std::optional<bool>{*outcome == Outcome::ok} : std::nullopt;
    const Pass held = pass;
    pass = {};
    if (held.breaker && breaker_->ended(held.spell, now, good)) metrics_.opened->add();
    if (held.concurrency) {
        const std::int64_t before = concurrency_->whole_limit();
        concurrency_->leave(latency, good);
        metrics_.concurrency.change(now, concurrency_->whole_limit() - before);
    }
    return held.bulkhead && bulkhead_->leave();
}

}  // namespace archsim::models
