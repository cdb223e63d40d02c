// What a balancing policy is: what it may see of the backends, and the one question it answers.
// A policy knows neither connections nor health checks; the balancer keeps those and tells it.
#pragma once

#include "models/profile.hpp"
#include "models/request.hpp"
#include "models/spec.hpp"
#include "sim/rng.hpp"
#include "sim/units.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace archsim::models {

class Trace;

/// All that a policy may see of one backend.
struct Backend {
    std::string name;             ///< Its address such as "web/2": its identity for hashing.
    double weight = 1.0;          ///< Configured weight times the slow-start factor; above 0.
    std::uint32_t in_flight = 0;  ///< Sent by this balancer and not yet answered: in transit,
                                  ///< queued and in service.
    double load = 0.0;            ///< As last reported by the backend: requests present per server.
    sim::Duration response_time;  ///< Exponentially weighted mean of its answers; zero before the
                                  ///< first.
    bool usable = true;           ///< Healthy, present and not draining.
};

/// The backends at one moment. Indices never shift: new backends are appended, and removed ones
/// stay in `all` as unusable.
struct Candidates {
    std::span<const Backend> all;
    std::span<const std::uint32_t> usable;  ///< Indices into `all` of the usable ones, ascending.
    std::uint64_t version = 0;  ///< Changes with membership, health or weight, and only then;
                                ///< policies rebuild their tables when it does. Never repeats.
    sim::Instant now;           ///< The moment of the decision; sessions expire by it.
};

/// Backends of one weight, as many as there are at most at one moment of a run.
struct BackendGroup {
    double weight = 1.0;
    std::uint64_t count = 0;
};

/// A way to choose a backend. `name` is how a scenario writes it, `summary` is one sentence for
/// people; `Config` holds its parameters. `pick` gives an index into `all`, or nothing when no
/// backend can take the request; it draws only from `rng`, and tells `trace` (unless null) why.
/// Further members are optional:
/// - `std::vector<double> chances(const Request&, const Candidates&)`: the exact probability of
///   each backend in `all`, for policies that draw.
/// - `static constexpr bool uses_load = true`, for policies that look at Backend::load.
/// - `static constexpr Spread spread`, for policies that follow a simple law (models/profile.hpp).
/// - `std::optional<std::uint32_t> pick_identity(std::string_view, const Candidates&, Trace*)`:
///   the choice for a given text, for policies that hash one.
/// - `std::optional<Problem> problem_with(std::span<const BackendGroup>) const`: why it cannot work
///   with so many backends, for policies whose tables have bounds.
template <class P>
concept BalancingPolicy = std::copyable<P> && HasSpec<typename P::Config> &&
    std::constructible_from<P, const typename P::Config&> &&
    requires(P policy, const Request& request, const Candidates& candidates, sim::Rng& rng,
             Trace* trace) {
    { P::name } -> std::convertible_to<std::string_view>;
    { P::summary } -> std::convertible_to<std::string_view>;
    { policy.pick(request, candidates, rng, trace) } -> std::same_as<std::optional<std::uint32_t>>;
};

}  // namespace archsim::models
