// Closed forms for redundancy, retries and hedging.
#include "models/theory/reliability.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace archsim::models::theory {

double harmonic(int n) {
    double sum = 0.0;
    for (int i = n; i >= 1; --i) sum += 1.0 / i;  // Small terms first lose least.
    return sum;
}

double availability(sim::Duration mean_up_time, sim::Duration mean_down_time) {
    const double up = mean_up_time.in_seconds();
    return up / (up + mean_down_time.in_seconds());
}

double series_availability(std::span<const double> units) {
    double all = 1.0;
    for (const double unit : units) all *= unit;
    return all;
}

double parallel_availability(std::span<const double> units) {
    double none = 1.0;
    for (const double unit : units) none *= 1.0 - unit;
    return 1.0 - none;
}

double k_of_n_availability(int needed, int units, double unit) {
    if (unit >= 1.0) return 1.0;
    if (unit <= 0.0) return 0.0;
    // From all up downwards, in logarithms, so that hundreds of units neither under- nor overflow.
    double log_ways = 0.0;
    double enough = 0.0;
    for (int up = units; up >= needed; --up) {
        const int down = units - up;
        enough += std::exp(log_ways + up * std::log(unit) + down * std::log1p(-unit));
        log_ways += std::log(up) - std::log(down + 1);
    }
    return std::min(1.0, enough);
}

double k_of_n_availability(int needed, std::span<const double> units) {
    std::vector<double> up(units.size() + 1, 0.0);  // probability of so many up
    up[0] = 1.0;
    for (std::size_t i = 0; i < units.size(); ++i) {
        for (std::size_t n = i + 1; n > 0; --n) {
            up[n] = up[n] * (1.0 - units[i]) + up[n - 1] * units[i];
        }
        up[0] *= 1.0 - units[i];
    }
    double enough = 0.0;
    for (auto n = static_cast<std::size_t>(needed); n < up.size(); ++n) enough += up[n];
    return std::min(1.0, enough);
}

double repairable_availability(const RepairableUnits& system) {
    double weight = 1.0;
    double total = 0.0;
    double enough = 0.0;
    for (int down = 0; down <= system.units; ++down) {
        total += weight;
        if (system.units - down >= system.needed) enough += weight;
        const double failures = (system.units - down) * system.failure_rate;
        weight *= failures / (system.repair_rate * std::min(down + 1, system.crews));
    }
    return enough / total;
}

double repairable_time_to_failure(const RepairableUnits& system) {
    if (system.failure_rate <= 0.0) return std::numeric_limits<double>::infinity();
    double total = 0.0;
    double step = 0.0;  // Mean time from `down` to `down + 1` units down.
    for (int down = 0; down <= system.units - system.needed; ++down) {
        const double failures = (system.units - down) * system.failure_rate;
        const double repairs = system.repair_rate * std::min(down, system.crews);
        step = (1.0 + repairs * step) / failures;
        total += step;
    }
    return total;
}

double time_to_failure(int needed, int units, double failure_rate) {
    double total = 0.0;
    for (int up = needed; up <= units; ++up) total += 1.0 / (up * failure_rate);
    return total;
}

sim::Duration down_time_per_year(double availability) {
    return sim::Duration::days(365).scaled(1.0 - availability);
}

double order_statistic_mean(int k, int n) {
    double sum = 0.0;
    for (int i = n; i > n - k; --i) sum += 1.0 / i;
    return sum;
}

double fan_out_slow(double slow, int calls) { return -std::expm1(calls * std::log1p(-slow)); }

double mean_attempts(double failure, int retries) {
    double attempts = 0.0;
    double reached = 1.0;
    for (int i = 0; i <= retries; ++i) {
        attempts += reached;
        reached *= failure;
    }
    return attempts;
}

double call_failure(double failure, int retries) { return std::pow(failure, retries + 1); }

double retry_amplification(int layers, int attempts) { return std::pow(attempts, layers); }

double self_sustaining_rate(double service_rate, int retries) {
    return service_rate / (1.0 + retries);
}

double hedged_mean(double after) { return 1.0 - (1.0 - after) / 2.0; }

double hedged_quantile(double after, double q) {
    if (q <= after) return -std::log1p(-q);
    return (-std::log1p(-after) - std::log1p(-q)) / 2.0;
}

}  // namespace archsim::models::theory
