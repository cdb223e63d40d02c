// A load balancer: takes every request, chooses a backend by its policy and passes on the answer.
#include "models/balancer_config.hpp"
#include "models/catalog.hpp"
#include "models/connection.hpp"
#include "models/health/backend_health.hpp"
#include "sim/check.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

namespace archsim::models {

namespace {

/// Keeps the list of backends and asks the policy.
class Fleet final : public Router {
public:
    Fleet(const BalancerConfig& config, const BuildContext& context, const Node& from);

    void connect();
    void start();
    [[nodiscard]] Destination* pick(const Request& request) override;
    void ended(Destination& destination, const Request& request, std::optional<Outcome> outcome,
               sim::Duration latency) override;
    void check_end() const;
    [[nodiscard]] Spread spread() const { return policy_.spread(); }
    [[nodiscard]] std::optional<Problem> policy_problem(
        std::span<const BackendGroup> groups) const {
        return policy_.problem_with(groups);
    }
    /// Whether no health check can fail without a fault: none waits longer than its timeout.
    [[nodiscard]] bool probes_succeed() const {
        return !config_.health_check || std::ranges::all_of(slots_, [this](const Slot& slot) {
            const double one_way = config_.health_check->timeout.in_seconds() / 2.0;
            return slot.link->delay == nullptr || slot.link->delay->cdf(one_way) >= 1.0;
        });
    }

private:
    /// A backend with everything that the policy does not see.
    struct Slot : Destination {
        std::uint32_t index = 0;
        double weight = 1.0;
        std::unique_ptr<BackendHealth> health;
        sim::Counter* picked = nullptr;
        std::uint64_t open = 0;  // tries sent and not ended
    };
    struct Target {
        const TargetConfig* config;
        const Component* component;
        const EdgeMetrics* metrics;
        std::uint64_t membership = 0;
        std::size_t known = 0;
    };
    void refresh_membership(bool fresh);
    void add(const Target& target, Node& node, bool fresh);
    void refresh_usable();
    void read_loads();
    void publish();

    const BalancerConfig& config_;
    const BuildContext& context_;
    const Node& from_;
    AnyBalancingPolicy policy_;
    sim::Rng rng_;
    BackendHealth::Shared health_;
    std::vector<Target> targets_;
    std::deque<Slot> slots_;
    std::vector<Backend> backends_;
    std::vector<std::uint32_t> usable_;
    std::uint64_t version_ = 0;
    std::optional<sim::Instant> loads_read_;
    sim::Counter& picks_;
    sim::Counter& nobody_;
    bool started_ = false;
};

class LoadBalancer final : public Component {
public:
    using Config = BalancerConfig;
    LoadBalancer(Config config, const BuildContext& context)
        : Component{context.name, context.kind},
          config_{std::move(config)},
          edge_{edge_of(config_)},
          context_{context},
          node_{*this},
          fleet_{config_, context_, node_},
          port_{context_.simulation, edge_, fleet_, context_.rng("network")} {
        node_.set_region(context.region);
        context_.edges.add(port_);
        add_member(node_);
    }

    void connect(Directory&) override { fleet_.connect(); }
    void start() override { fleet_.start(); }
    void check_end() override { fleet_.check_end(); }
    [[nodiscard]] std::optional<Refusal> refusal(const MostInstances& most) const override {
        std::vector<BackendGroup> groups;
        for (const TargetConfig& target : config_.calls) {
            groups.push_back({target.weight, most(target.to.name)});
        }
        std::optional<Problem> problem = fleet_.policy_problem(groups);
        if (!problem) return std::nullopt;
        return Refusal{"policy", std::move(*problem)};
    }
    [[nodiscard]] Profile profile(std::uint32_t operation) const override {
        Profile profile;
        double weights = 0.0;
        for (const TargetConfig& target : config_.calls) weights += weight_of(target);
        for (const TargetConfig& target : config_.calls) {
            profile.calls.push_back(
                {.to = target.to.name,
                 .operation = operation,
                 .mean_calls = weight_of(target) / weights,
                 .one_of = true,
                 .plain = edge_.is_plain() && target.loss.value() == 0.0 && fleet_.probes_succeed(),
                 .spread = fleet_.spread(),
                 .delay = target.delay,
                 .limited = target.bandwidth.has_value()});
        }
        return profile;
    }

private:
    [[nodiscard]] double weight_of(const TargetConfig& target) const {
        const Component* const component = context_.directory.component(target.to.name);
        // Turns are given to backends, whatever their weight.
        const double weight = fleet_.spread() == Spread::in_turn ? 1.0 : target.weight;
        return weight * static_cast<double>(component->members().size());
    }
    class Front final : public Node {
    public:
        explicit Front(LoadBalancer& balancer)
            : Node{balancer, balancer.name()}, balancer_{balancer} {}
        sim::Task<Response> serve(Request request) override {
            const Response response = co_await balancer_.port_.call(request);
            co_return response;
        }

    private:
        LoadBalancer& balancer_;
    };

    static EdgeConfig edge_of(const Config& config) {
        EdgeConfig edge;
        edge.timeout = config.timeout;
        edge.retry = config.retry;
        edge.hedge = config.hedge;
        return edge;
    }

    Config config_;
    EdgeConfig edge_;
    BuildContext context_;
    Front node_;
    Fleet fleet_;
    Port port_;
};

Fleet::Fleet(const BalancerConfig& config, const BuildContext& context, const Node& from)
    : config_{config},
      context_{context},
      from_{from},
      policy_{config.policy},
      rng_{context.rng("policy")},
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

void Fleet::publish() {
    sim::Metrics& metrics = context_.metrics;
    metrics.publish_ratio(context_.path("no_backend"), nobody_, {&picks_, &nobody_});
    metrics.derive(context_.path("imbalance"), "ratio",
                   [this](const sim::Stretch& s) -> std::optional<double> {
                       std::uint64_t most = 0;
                       for (const Slot& slot : slots_) {
                           most = std::max(most, slot.picked->count(s.span));
                       }
                       if (most == 0) return std::nullopt;
                       return static_cast<double>(most * slots_.size()) /
                              static_cast<double>(picks_.count(s.span));
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

void Fleet::connect() {
    for (const TargetConfig& target : config_.calls) {
        const Component* const component = context_.directory.component(target.to.name);
        ARCHSIM_CHECK_AT(context_.name, component != nullptr, "there is no node {}",
                         target.to.name);
        targets_.push_back(
            {&target, component, &context_.edges.between(context_.name, component->name())});
    }
    refresh_membership(false);
}

void Fleet::start() {
    started_ = true;
    if (!config_.health_check) return;
    const auto count = static_cast<std::int64_t>(slots_.size());
    for (Slot& slot : slots_) {
        slot.health->start(config_.health_check->interval * slot.index / count);
    }
}

void Fleet::refresh_membership(bool fresh) {
    for (Target& target : targets_) {
        target.membership = target.component->membership();
        const auto& members = target.component->members();
        while (target.known < members.size()) add(target, *members[target.known++], fresh);
    }
    refresh_usable();
}

void Fleet::add(const Target& target, Node& node, bool fresh) {
    Slot& slot = slots_.emplace_back();
    slot.node = &node;
    slot.metrics = target.metrics;
    slot.link = &context_.network.connect(from_, node, *target.config);
    slot.link->awaited_for_ever = !config_.timeout;
    slot.index = static_cast<std::uint32_t>(slots_.size() - 1);
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

void Fleet::refresh_usable() {
    usable_.clear();
    std::size_t present = 0;
    for (Slot& slot : slots_) {
        Backend& backend = backends_[slot.index];
        backend.weight = slot.weight * slot.health->factor();
        backend.usable = !slot.node->is_retired() && slot.health->healthy();
        present += slot.node->is_retired() ? 0 : 1;
        if (backend.usable) usable_.push_back(slot.index);
    }
    // Panic: with too few healthy ones left, better to trust none of the bad news.
    if (static_cast<double>(usable_.size()) <
        config_.panic_threshold.value() * static_cast<double>(present)) {
        usable_.clear();
        for (Slot& slot : slots_) {
            backends_[slot.index].usable = !slot.node->is_retired();
            if (backends_[slot.index].usable) usable_.push_back(slot.index);
        }
    }
    ++version_;
}

void Fleet::read_loads() {
    const sim::Instant now = context_.simulation.now();
    if (loads_read_ && now - *loads_read_ < config_.load_reports) return;
    loads_read_ = now;
    for (const Slot& slot : slots_) backends_[slot.index].load = slot.node->load();
}

Destination* Fleet::pick(const Request& request) {
    for (const Target& target : targets_) {
        if (target.membership != target.component->membership()) [[unlikely]] {
            refresh_membership(true);
            break;
        }
    }
    if (policy_.uses_load()) read_loads();
    const Candidates candidates{backends_, usable_, version_, context_.simulation.now()};
    const std::optional<std::uint32_t> chosen = policy_.pick(request, candidates, rng_, nullptr);
    if (!chosen) {
        nobody_.add();
        return nullptr;
    }
    ARCHSIM_CHECK_AT(context_.name, backends_[*chosen].usable, "policy {} picked {}, which is down",
                     policy_.name(), backends_[*chosen].name);
    picks_.add();
    Slot& slot = slots_[*chosen];
    slot.picked->add();
    ++slot.open;
    ++backends_[*chosen].in_flight;
    return &slot;
}

void Fleet::ended(Destination& destination, const Request&, std::optional<Outcome> outcome,
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

void Fleet::check_end() const {
    for (const Slot& slot : slots_) {
        ARCHSIM_CHECK_AT(context_.name, slot.open == backends_[slot.index].in_flight,
                         "{} has {} requests in flight, the policy saw {}",
                         backends_[slot.index].name, slot.open, backends_[slot.index].in_flight);
    }
}

}  // namespace

extern const NodeKind load_balancer_kind;
const NodeKind load_balancer_kind = NodeKind::of<LoadBalancer>();

}  // namespace archsim::models
