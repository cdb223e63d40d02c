// A ring: sends every request to the member that its key belongs to, and measures what becomes of
// the keys when members come and go.
#include "models/load_balancer/backend_pool.hpp"
#include "models/load_balancer/identity.hpp"
#include "models/load_balancer/membership.hpp"
#include "models/load_balancer/roster.hpp"
#include "models/ring/placement.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace archsim::models {

namespace {

struct HashRouterConfig : PoolConfig {
    PlacementConfig placement;
    HashBy by = HashBy::key;
    std::int64_t keys = 65536;
    static const Spec<HashRouterConfig>& spec();
};

/// Members chosen by placement.
class PlacedPool final : public BackendPool {
public:
    PlacedPool(const HashRouterConfig& config, const BuildContext& context, const Node& from)
        : BackendPool{config, context, from}, config_{config} {
        publish();
    }

private:
    [[nodiscard]] std::optional<std::uint32_t> choose(const Request& request,
                                                      const Candidates& candidates) override {
        const IdentityText text{request, config_.by};
        if (!placement_.is_bounded()) return placement_.owner(text.view());
        std::uint64_t total = 1;
        for (const std::uint32_t i : candidates.usable) total += candidates.all[i].in_flight;
        return placement_.owner_with_room(
            text.view(), total,
            [all = candidates.all](std::uint32_t i) -> std::uint64_t { return all[i].in_flight; });
    }

    void regrouped(const Candidates& candidates) override {
        const auto present = candidates.usable;
        if (built_ && std::ranges::equal(present, placement_.members(), {}, {}, &RingMember::id)) {
            return;
        }
        Placement next{config_.placement, usable_members(candidates)};
        if (built_) {
            moved_ = share_moved(placement_, next, static_cast<std::uint64_t>(config_.keys),
                                 [this](std::uint64_t key) { return text_of(key); });
            moved_in_total_ += *moved_;
            ++changes_;
        }
        placement_ = std::move(next);
        built_ = true;
    }

    /// Identity number `key`, written the way those of requests are.
    std::string_view text_of(std::uint64_t key) {
        Request request;
        request.key = key;
        request.session = key;
        request.address = first_address + static_cast<std::uint32_t>(key);
        sample_ = IdentityText{request, config_.by};
        return sample_.view();
    }

    void publish() {
        sim::Metrics& metrics = context().metrics;
        metrics.derive(context().path("keys_moved"), "ratio",
                       [this](const sim::Stretch& s) -> std::optional<double> {
                           if (s.span == sim::Span::window) return std::nullopt;
                           return moved_;
                       });
        metrics.derive(context().path("keys_moved_in_total"), "ratio",
                       [this](const sim::Stretch& s) -> std::optional<double> {
                           if (s.span == sim::Span::window) return std::nullopt;
                           return moved_in_total_;
                       });
        metrics.derive(context().path("membership_changes"), "count",
                       [this](const sim::Stretch& s) -> std::optional<double> {
                           if (s.span == sim::Span::window) return std::nullopt;
                           return static_cast<double>(changes_);
                       });
    }

    static constexpr std::uint32_t first_address = 10U << 24U;  // as load sources number them
    const HashRouterConfig& config_;
    Placement placement_;
    IdentityText sample_{Request{}, HashBy::key};
    bool built_ = false;
    std::optional<double> moved_;
    double moved_in_total_ = 0.0;
    std::uint64_t changes_ = 0;
};

class HashRouter final : public Component, public Roster {
public:
    using Config = HashRouterConfig;
    HashRouter(Config config, const BuildContext& context)
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
        double members = 0.0;
        double weights = 0.0;
        for (const TargetConfig& target : config_.calls) {
            members += static_cast<double>(most(target.to.name));
            weights = std::max(weights, target.weight);
        }
        std::optional<Problem> problem = problem_with(config_.placement, members, weights);
        if (!problem) return std::nullopt;
        return Refusal{"placement", std::move(*problem)};
    }
    [[nodiscard]] bool lists(std::string_view node) const override { return pool_.lists(node); }
    void set_joined(std::string_view node, bool joined) override { pool_.set_joined(node, joined); }
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
                 .plain = edge_.is_plain() && target.loss.value() == 0.0 && pool_.probes_succeed(),
                 .spread = Spread::by_state,
                 .delay = target.delay,
                 .limited = target.bandwidth.has_value()});
        }
        return profile;
    }

private:
    [[nodiscard]] double weight_of(const TargetConfig& target) const {
        if (!target.joined) return 0.0;
        const Component* const component = context_.directory.component(target.to.name);
        return target.weight * static_cast<double>(component->members().size());
    }
    class Front final : public Node {
    public:
        explicit Front(HashRouter& router) : Node{router, router.name()}, router_{router} {}
        sim::Task<Response> serve(Request request) override {
            const Response response = co_await router_.port_.call(request);
            co_return response;
        }

    private:
        HashRouter& router_;
    };

    Config config_;
    EdgeConfig edge_;
    BuildContext context_;
    Front node_;
    PlacedPool pool_;
    Port port_;
};

const Spec<HashRouterConfig>& HashRouterConfig::spec() {
    static const auto declared =
        with_pool_fields(
            Spec<HashRouterConfig>{"ring",
                                   "Sends each request to the member that its key belongs to."}
                .alias("hash_router")
                .guide("Princípios Fundamentais de System Design, 2. Consistent Hashing")
                .optional("placement", &HashRouterConfig::placement, "Which key belongs to whom.")
                .optional("by", &HashRouterConfig::by,
                          "What decides: all requests with the same one go together.")
                .optional(
                    "keys", &HashRouterConfig::keys,
                    "Over how many keys, numbered from 0, keys_moved is taken: exact if there "
                    "are just as many, else a sample.")
                .at_least(1)
                .at_most(100'000'000))
            .metric("keys_moved", "ratio",
                    "Share of the keys that the last change of membership gave to another member; "
                    "absent before the first change.")
            .metric("keys_moved_in_total", "ratio", "The same, summed over all changes of the run.")
            .metric("membership_changes", "count", "Changes of membership since the start.")
            .check([](const HashRouterConfig& config, const Place& place) {
                if (!ignores_weights(config.placement)) return;
                for (const TargetConfig& target : config.calls) {
                    if (target.weight == config.calls.front().weight) continue;
                    place.fail("placement",
                               {Code::bad_value, "jump hashing gives all members the same share",
                                "leave the weights out, or use ring, rendezvous or maglev"});
                    return;
                }
            })
            .assume("The router itself takes no time and never crashes by itself.")
            .assume(
                "A member that crashes stays and its keys fail, unless health_check or ejection "
                "notice it: then it leaves, and joins again when it is well.")
            .assume("Changes take effect with the first request after them; data does not follow.");
    return declared;
}

}  // namespace

extern const NodeKind ring_kind;
const NodeKind ring_kind = NodeKind::of<HashRouter>();

}  // namespace archsim::models
