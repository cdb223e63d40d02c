// A load balancer: takes every request, chooses a backend by its policy and passes on the answer.
#include "models/balancer_config.hpp"
#include "models/load_balancer/backend_pool.hpp"
#include "models/load_balancer/roster.hpp"

#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace archsim::models {

namespace {

/// Backends chosen by a policy.
class PolicyPool final : public BackendPool {
public:
    PolicyPool(const BalancerConfig& config, const BuildContext& context, const Node& from)
        : BackendPool{config, context, from},
          policy_{config.policy},
          load_reports_{config.load_reports},
          rng_{context.rng("policy")} {}
    [[nodiscard]] Spread spread() const { return policy_.spread(); }
    [[nodiscard]] std::optional<Problem> problem_with(std::span<const BackendGroup> groups) const {
        return policy_.problem_with(groups);
    }

private:
    [[nodiscard]] std::optional<std::uint32_t> choose(const Request& request,
                                                      const Candidates& candidates) override {
        if (policy_.uses_load()) read_loads(load_reports_);
        return policy_.pick(request, candidates, rng_, nullptr);
    }

    AnyBalancingPolicy policy_;
    sim::Duration load_reports_;
    sim::Rng rng_;
};

class LoadBalancer final : public Component, public Roster {
public:
    using Config = BalancerConfig;
    LoadBalancer(Config config, const BuildContext& context)
        : Component{context.name, context.kind},
          config_{std::move(config)},
          edge_{config_.edge()},
          context_{context},
          node_{*this},
          pool_{config_, context_, node_},
          port_{context_.simulation, edge_, pool_, context_.rng("network")} {
        node_.set_region(context.region);
        context_.edges.add(port_);
        add_member(node_);
    }

    void connect(Directory&) override { pool_.connect(); }
    void start() override { pool_.start(); }
    void check_end() override { pool_.check_end(); }
    [[nodiscard]] std::optional<Refusal> refusal(const MostInstances& most) const override {
        std::vector<BackendGroup> groups;
        for (const TargetConfig& target : config_.calls) {
            groups.push_back({target.weight, most(target.to.name)});
        }
        std::optional<Problem> problem = pool_.problem_with(groups);
        if (!problem) return std::nullopt;
        return Refusal{"policy", std::move(*problem)};
    }
    [[nodiscard]] bool lists(std::string_view node) const override { return pool_.lists(node); }
    void set_joined(std::string_view node, bool joined) override { pool_.set_joined(node, joined); }
    [[nodiscard]] Profile profile(std::uint32_t operation) const override {
        Profile profile;
        profile.avoids_down = config_.health_check.has_value();
        double weights = 0.0;
        for (const TargetConfig& target : config_.calls) weights += weight_of(target);
        for (const TargetConfig& target : config_.calls) {
            profile.calls.push_back(
                {.to = target.to.name,
                 .operation = operation,
                 .mean_calls = weight_of(target) / weights,
                 .one_of = true,
                 .plain = edge_.is_plain() && target.loss.value() == 0.0 && pool_.probes_succeed(),
                 .spread = pool_.spread(),
                 .delay = target.delay,
                 .limited = target.bandwidth.has_value()});
        }
        return profile;
    }

private:
    [[nodiscard]] double weight_of(const TargetConfig& target) const {
        if (!target.joined) return 0.0;
        const Component* const component = context_.directory.component(target.to.name);
        // Turns are given to backends, whatever their weight.
        const double weight = pool_.spread() == Spread::in_turn ? 1.0 : target.weight;
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

    Config config_;
    EdgeConfig edge_;
    BuildContext context_;
    Front node_;
    PolicyPool pool_;
    Port port_;
};

}  // namespace

extern const NodeKind load_balancer_kind;
const NodeKind load_balancer_kind = NodeKind::of<LoadBalancer>();

}  // namespace archsim::models
