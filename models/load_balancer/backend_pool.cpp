// Membership, health and bookkeeping of backends.
#include "models/load_balancer/backend_pool.hpp"

#include "sim/check.hpp"

#include <algorithm>
#include <string>

namespace archsim::models {

BackendPool::BackendPool(const PoolConfig& config, const BuildContext& context, const Node& from)
    : config_{config},
      context_{context},
      from_{from},
      health_{.simulation = context.simulation,
              .check = config.health_check,
              .ejection = config.ejection,
              .slow_start = config.slow_start,
              .rng = context.rng("health"),
              .tag = context.number,
              .changed = [this] { refresh_usable(); }},
      picks_{context.metrics.counter()},
      nobody_{context.metrics.counter()} {
    publish();
}

void BackendPool::publish() {
    sim::Metrics& metrics = context_.metrics;
    metrics.publish_ratio(context_.path("no_backend"), nobody_, {&picks_, &nobody_});
    metrics.derive(
        context_.path("imbalance"), "", [this](const sim::Stretch& s) -> std::optional<double> {
            std::uint64_t most = 0;
            std::uint64_t sharing = 0;
            for (const Slot& slot : slots_) {
                const std::uint64_t count = slot.picked->count(s.span);
                most = std::max(most, count);
                sharing += count > 0 || is_present(slot) ? 1 : 0;
            }
            if (most == 0) return std::nullopt;
            return static_cast<double>(most * sharing) / static_cast<double>(picks_.count(s.span));
        });
    metrics.derive(context_.path("ejections"), "count",
                   [this](const sim::Stretch& s) -> std::optional<double> {
                       if (s.span == sim::Span::window) return std::nullopt;
                       return static_cast<double>(health_.ejections);
                   });
    metrics.derive(context_.path("health_changes"), "count",
                   [this](const sim::Stretch& s) -> std::optional<double> {
                       if (s.span == sim::Span::window) return std::nullopt;
                       return static_cast<double>(health_.turns);
                   });
}

void BackendPool::connect() {
    for (const TargetConfig& target : config_.calls) {
        const Component* const component = context_.directory.component(target.to.name);
        ARCHSIM_CHECK_AT(context_.name, component != nullptr, "there is no node {}",
                         target.to.name);
        targets_.push_back({&target, component,
                            &context_.edges.between(context_.name, component->name()),
                            target.joined});
    }
    refresh_membership(false);
}

void BackendPool::start() {
    started_ = true;
    if (!config_.health_check) return;
    const auto count = static_cast<std::int64_t>(slots_.size());
    for (Slot& slot : slots_) {
        slot.health->start(config_.health_check->interval * slot.index / count);
    }
}

bool BackendPool::probes_succeed() const {
    return !config_.health_check || std::ranges::all_of(slots_, [this](const Slot& slot) {
        const double one_way = config_.health_check->timeout.in_seconds() / 2.0;
        return slot.link->delay == nullptr || slot.link->delay->cdf(one_way) >= 1.0;
    });
}

bool BackendPool::lists(std::string_view node) const {
    return std::ranges::any_of(
        config_.calls, [node](const TargetConfig& target) { return target.to.name == node; });
}

void BackendPool::set_joined(std::string_view node, bool joined) {
    bool changed = false;
    for (Target& target : targets_) {
        if (target.component->name() != node || target.joined == joined) continue;
        target.joined = joined;
        changed = true;
    }
    if (changed) refresh_membership(true);
}

void BackendPool::refresh_membership(bool fresh) {
    for (std::size_t i = 0; i < targets_.size(); ++i) {
        targets_[i].membership = targets_[i].component->membership();
        const auto& members = targets_[i].component->members();
        while (targets_[i].known < members.size()) add(i, *members[targets_[i].known++], fresh);
    }
    refresh_usable();
}

void BackendPool::add(std::size_t number, Node& node, bool fresh) {
    const Target& target = targets_[number];
    Slot& slot = slots_.emplace_back();
    slot.node = &node;
    slot.metrics = target.metrics;
    slot.link = &context_.network.connect(from_, node, *target.config);
    slot.link->awaited_for_ever = !config_.timeout;
    slot.index = static_cast<std::uint32_t>(slots_.size() - 1);
    slot.target = number;
    slot.weight = target.config->weight;
    slot.health = std::make_unique<BackendHealth>(health_, *slot.link, fresh);
    slot.picked = &context_.metrics.counter();
    // A service with one instance goes by its own name, as people call it.
    const bool single = target.component->members().size() == 1;
    Backend backend;
    backend.name = single ? target.component->name() : node.name();
    context_.metrics.publish_ratio(context_.path("backend/" + backend.name + "/share"),
                                   *slot.picked, {&picks_});
    backends_.push_back(std::move(backend));
    if (started_) {
        slot.health->start(config_.health_check ? config_.health_check->interval : sim::Duration{});
    }
}

void BackendPool::refresh_usable() {
    usable_.clear();
    std::size_t present = 0;
    for (Slot& slot : slots_) {
        Backend& backend = backends_[slot.index];
        backend.weight = slot.weight * slot.health->factor();
        backend.usable = is_present(slot) && slot.health->healthy();
        present += is_present(slot) ? 1 : 0;
        if (backend.usable) usable_.push_back(slot.index);
    }
    // Panic: with too few healthy ones left, better to trust none of the bad news.
    if (static_cast<double>(usable_.size()) <
        config_.panic_threshold.value() * static_cast<double>(present)) {
        usable_.clear();
        for (Slot& slot : slots_) {
            backends_[slot.index].usable = is_present(slot);
            if (backends_[slot.index].usable) usable_.push_back(slot.index);
        }
    }
    ++version_;
    regrouped(candidates());
}

void BackendPool::read_loads(sim::Duration max_age) {
    const sim::Instant now = context_.simulation.now();
    if (loads_read_ && now - *loads_read_ < max_age) return;
    loads_read_ = now;
    for (const Slot& slot : slots_) backends_[slot.index].load = slot.node->load();
}

Destination* BackendPool::pick(const Request& request) {
    for (const Target& target : targets_) {
        if (target.membership != target.component->membership()) [[unlikely]] {
            refresh_membership(true);
            break;
        }
    }
    const std::optional<std::uint32_t> chosen = choose(request, candidates());
    if (!chosen) {
        nobody_.add();
        return nullptr;
    }
    ARCHSIM_CHECK_AT(context_.name, backends_[*chosen].usable, "{} was picked, which is down",
                     backends_[*chosen].name);
    picks_.add();
    Slot& slot = slots_[*chosen];
    slot.picked->add();
    ++slot.open;
    ++backends_[*chosen].in_flight;
    return &slot;
}

void BackendPool::ended(Destination& destination, const Request&, std::optional<Outcome> outcome,
                        sim::Duration latency) {
    Slot& slot = static_cast<Slot&>(destination);
    Backend& backend = backends_[slot.index];
    --slot.open;
    --backend.in_flight;
    if (!outcome) return;
    slot.health->observe(*outcome == Outcome::ok);
    if (*outcome != Outcome::ok) return;
    // Smoothed like a TCP round-trip time (RFC 6298): an eighth of each new sample.
    const sim::Duration before = backend.response_time;
    backend.response_time = before == sim::Duration{} ? latency : before + (latency - before) / 8;
}

void BackendPool::check_end() const {
    for (const Slot& slot : slots_) {
        ARCHSIM_CHECK_AT(context_.name, slot.open == backends_[slot.index].in_flight,
                         "{} has {} requests in flight, the policy saw {}",
                         backends_[slot.index].name, slot.open, backends_[slot.index].in_flight);
    }
}

}  // namespace archsim::models
