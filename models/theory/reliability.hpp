// Closed forms for redundancy and for requests tried more than once: availability of series,
// parallel and k-of-n designs, order statistics (quorums, fan-out), retries and hedging.
#pragma once

#include "sim/units.hpp"

#include <span>

namespace archsim::models::theory {

/// The n-th harmonic number 1 + 1/2 + ... + 1/n. O(n). Requires: n >= 0.
[[nodiscard]] double harmonic(int n);

/// Share of time up of a unit: up / (up + down). Requires: a positive sum.
[[nodiscard]] double availability(sim::Duration mean_up_time, sim::Duration mean_down_time);

/// All of independent units must be up: the product.
[[nodiscard]] double series_availability(std::span<const double> units);

/// One of independent units must be up: 1 - product(1 - a).
[[nodiscard]] double parallel_availability(std::span<const double> units);

/// At least `needed` of `units` equal and independent units are up: binomial tail. O(units).
/// Requires: 1 <= needed <= units, 0 <= unit <= 1.
[[nodiscard]] double k_of_n_availability(int needed, int units, double unit);

/// The same for units that differ. O(units^2). Requires: 1 <= needed, 0 <= each <= 1.
/// Source: the number up, one unit after another (Barlow and Heidtmann, "Computing k-out-of-n
/// System Reliability", 1984).
[[nodiscard]] double k_of_n_availability(int needed, std::span<const double> units);

/// Equal units that fail at one rate and are mended at another by a number of crews.
struct RepairableUnits {
    int needed = 1;  ///< Requires: 1 <= needed <= units.
    int units = 1;
    double failure_rate = 0.0;  ///< Of one unit that is up.
    double repair_rate = 1.0;   ///< Of one crew; > 0.
    int crews = 1;              ///< `units` of them make the repairs independent.
};

/// Share of time in which enough units are up. O(units). Source: birth-death chain of the number
/// that are down (Barlow and Proschan, "Mathematical Theory of Reliability", 1965).
[[nodiscard]] double repairable_availability(const RepairableUnits& system);

/// Mean time from all units up to the first time too few are. O(units).
/// Source: first passage time of the same chain. +infinity if nothing fails.
[[nodiscard]] double repairable_time_to_failure(const RepairableUnits& system);

/// The same without any repair: sum of 1 / (i * rate) for i from needed to units.
[[nodiscard]] double time_to_failure(int needed, int units, double failure_rate);

/// Time down in a year of 365 days.
[[nodiscard]] sim::Duration down_time_per_year(double availability);

/// Mean of the k-th fastest of n exponential times of mean 1: H_n - H_(n-k). O(n).
/// Source: Renyi 1953. Requires: 1 <= k <= n.
[[nodiscard]] double order_statistic_mean(int k, int n);

/// Probability that one of `calls` independent calls is slow: 1 - (1 - slow)^calls.
/// Source: Dean and Barroso, "The Tail at Scale", 2013.
[[nodiscard]] double fan_out_slow(double slow, int calls);

/// Mean number of attempts of a call that fails with probability `failure` each time and is tried
/// again at most `retries` times: (1 - p^(r+1)) / (1 - p). O(retries).
[[nodiscard]] double mean_attempts(double failure, int retries);

/// Probability that such a call fails at last: p^(r+1).
[[nodiscard]] double call_failure(double failure, int retries);

/// Attempts at the lowest layer for one call at the top when every layer retries and all fail.
/// Source: Beyer et al., "Site Reliability Engineering", 2016, chapter 22.
[[nodiscard]] double retry_amplification(int layers, int attempts);

/// Below this arrival rate an overload cannot sustain itself by time-out retries: mu / (1 + r).
/// Source: Bronson et al., "Metastable Failures in Distributed Systems", 2021.
[[nodiscard]] double self_sustaining_rate(double service_rate, int retries);

/// Latency of exponential service (mean 1, no queueing) with a second request sent once the first
/// has taken longer than its `after` quantile. Source: minimum of two exponentials after the delay.
[[nodiscard]] double hedged_mean(double after);

/// Quantile q of that latency. Requires: 0 <= q < 1, 0 <= after < 1.
[[nodiscard]] double hedged_quantile(double after, double q);

}  // namespace archsim::models::theory
