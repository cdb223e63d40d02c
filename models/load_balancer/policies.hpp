// The one list of balancing policies. Adding one: write its header, add it to this list.
#pragma once

#include "models/choice.hpp"
#include "models/load_balancer/consistent_hash.hpp"
#include "models/load_balancer/first_usable.hpp"
#include "models/load_balancer/hash_choice.hpp"
#include "models/load_balancer/ip_hash.hpp"
#include "models/load_balancer/least_connections.hpp"
#include "models/load_balancer/least_loaded.hpp"
#include "models/load_balancer/least_response_time.hpp"
#include "models/load_balancer/maglev_hash.hpp"
#include "models/load_balancer/power_of_choices.hpp"
#include "models/load_balancer/random_choice.hpp"
#include "models/load_balancer/rendezvous_hash.hpp"
#include "models/load_balancer/round_robin.hpp"
#include "models/load_balancer/session.hpp"
#include "models/load_balancer/weighted_least_connections.hpp"
#include "models/load_balancer/weighted_round_robin.hpp"

#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace archsim::models {

/// A closed set of policies: the type that holds any of them and the type of their parameters.
template <BalancingPolicy... Policies>
struct PolicyList {
    using Any = std::variant<Policies...>;
    using Config = OneOf<typename Policies::Config...>;

    /// Calls `visit.template operator()<Policy>()` for each policy, in order.
    template <class Visitor>
    static void for_each(Visitor visit) {
        (visit.template operator()<Policies>(), ...);
    }

    /// The policy that a configuration describes.
    static Any make(const Config& config) {
        return make_from(config, std::index_sequence_for<Policies...>{});
    }

private:
    template <std::size_t... Is>
    static Any make_from(const Config& config, std::index_sequence<Is...>) {
        using Maker = Any (*)(const Config&);
        constexpr Maker makers[] = {+[](const Config& c) {
            return Any{std::in_place_index<Is>, std::get<Is>(c)};
        }...};
        return makers[config.index()](config);
    }
};

/// Any policy of a list as one copyable value.
template <class List>
class AnyPolicyOf {
public:
    explicit AnyPolicyOf(const typename List::Config& config) : policy_{List::make(config)} {}

    /// As a scenario writes it, such as "round_robin".
    [[nodiscard]] std::string_view name() const {
        return std::visit([](const auto& p) { return std::decay_t<decltype(p)>::name; }, policy_);
    }

    /// Whether the policy looks at Backend::load, which the balancer must then keep current.
    [[nodiscard]] bool uses_load() const {
        return std::visit(
            [](const auto& p) {
                return requires { std::decay_t<decltype(p)>::uses_load; };
            },
            policy_);
    }
    /// By which law calls are spread over equal backends, as far as theory can use it.
    [[nodiscard]] Spread spread() const {
        return std::visit(
            [](const auto& p) {
                using Policy = std::decay_t<decltype(p)>;
                if constexpr (requires { Policy::spread; }) {
                    return Policy::spread;
                } else {
                    return Spread::by_state;
                }
            },
            policy_);
    }

    /// The backend for a request; nothing when none can take it. See BalancingPolicy.
    std::optional<std::uint32_t> pick(const Request& request, const Candidates& candidates,
                                      sim::Rng& rng, Trace* trace) {
        return std::visit([&](auto& p) { return p.pick(request, candidates, rng, trace); },
                          policy_);
    }

    /// The probability of each backend in `all`; empty when the policy does not draw.
    [[nodiscard]] std::vector<double> chances(const Request& request,
                                              const Candidates& candidates) {
        return std::visit(
            [&](auto& p) -> std::vector<double> {
                if constexpr (requires { p.chances(request, candidates); }) {
                    return p.chances(request, candidates);
                } else {
                    return {};
                }
            },
            policy_);
    }

    /// Why the policy cannot work with so many backends; nothing if it can.
    [[nodiscard]] std::optional<Problem> problem_with(std::span<const BackendGroup> groups) const {
        return std::visit(
            [groups](const auto& p) -> std::optional<Problem> {
                if constexpr (requires { p.problem_with(groups); }) {
                    return p.problem_with(groups);
                } else {
                    return std::nullopt;
                }
            },
            policy_);
    }

    /// Whether the policy hashes a text, so that pick_identity can be asked.
    [[nodiscard]] bool hashes_text() const {
        return std::visit(
            [](const auto& p) {
                using Policy = std::decay_t<decltype(p)>;
                return requires(Policy & q, const Candidates& c) {
                    q.pick_identity(std::string_view{}, c, nullptr);
                };
            },
            policy_);
    }

    /// The backend for a text; nothing when none can take it or the policy does not hash text.
    std::optional<std::uint32_t> pick_identity(std::string_view text, const Candidates& candidates,
                                               Trace* trace) {
        return std::visit(
            [&](auto& p) -> std::optional<std::uint32_t> {
                if constexpr (requires { p.pick_identity(text, candidates, trace); }) {
                    return p.pick_identity(text, candidates, trace);
                } else {
                    return std::nullopt;
                }
            },
            policy_);
    }

private:
    typename List::Any policy_;
};

/// All policies, in the order in which they are documented.
using BalancingPolicies =
    PolicyList<RoundRobin, WeightedRoundRobin, RandomChoice, LeastConnections,
               WeightedLeastConnections, LeastLoaded, LeastResponseTime, PowerOfChoices, Session,
               IpHash, HashChoice, ConsistentHash, MaglevHash, RendezvousHash, FirstUsable>;

/// The parameters of any policy; the first alternative, round robin, is the default.
using BalancingConfig = BalancingPolicies::Config;

/// Any policy that a scenario can name.
using AnyBalancingPolicy = AnyPolicyOf<BalancingPolicies>;

}  // namespace archsim::models
