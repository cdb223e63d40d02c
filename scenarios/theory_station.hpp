// The closed form that holds at one station, as far as its arrivals and its work allow one.
#pragma once

#include "scenarios/flow.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace archsim::scenarios {

/// A summand of the tail of a random time: P(T > t) = sum of (weight + slope t) exp(-rate t).
struct TailTerm {
    double weight = 1.0;
    double slope = 0.0;
    double rate = 1.0;
};

/// A random time that takes `shift` at least, with the tail of its rest; constant if it has none.
struct TimePart {
    double share = 1.0;  ///< Probability that the time is of this part.
    double shift = 0.0;
    std::vector<TailTerm> rest{};
};

/// Quantile of a mixture of times, by bisection. Requires: not empty, shares add up to 1,
/// 0 <= q < 1.
[[nodiscard]] double quantile(std::span<const TimePart> parts, double q);

/// What theory says of a component's stations, all of which behave alike. Seconds.
struct StationTheory {
    std::string formula{};
    std::optional<double> utilisation{};
    std::optional<double> rejected{};
    std::optional<double> waiting{};       ///< Mean; absent where all share and nobody waits.
    std::optional<double> sojourn{};       ///< Mean.
    std::optional<double> queue_length{};  ///< Mean number waiting, all instances together.
    std::vector<TailTerm> waiting_tail{};  ///< Empty if the law is not known.
    std::vector<TailTerm> sojourn_tail{};
    /// Mean sojourn of each stream of the component, in its order; empty if not known.
    std::vector<double> sojourn_of{};
};

/// The closed form for the stations of `component`; nothing where none holds. In all cases the
/// rates are exact and the load is even over the instances and below the capacity, unless the
/// queue is finite. Further conditions:
/// - M/M/1, M/M/c (Erlang C): Poisson arrivals, exponential work of one mean; quantiles only first
///   come first served, means in any order that does not look at the work;
/// - M/D/1, M/G/1 (Pollaczek-Khinchine): Poisson arrivals, one server, not shared;
/// - M/G/1 with priorities (Cobham): the same with operations of several priorities;
/// - M/G/c with processor sharing: Poisson arrivals;
/// - E_k/M/1: every k-th of Poisson arrivals, one server, exponential work;
/// - M/M/c/K: Poisson arrivals, exponential work, a finite queue;
/// - M/G/c/c (Erlang B): Poisson arrivals, no place to wait;
/// - M/M/c whose busy servers slow each other down: means only, a queue without limit.
[[nodiscard]] std::optional<StationTheory> station_theory(const Flow& flow,
                                                          const ComponentFlow& component);

}  // namespace archsim::scenarios
