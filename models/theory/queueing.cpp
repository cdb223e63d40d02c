// Closed forms for single stations, evaluated so that large systems neither overflow nor cancel.
#include "models/theory/queueing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace archsim::models::theory {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double offered_load(const Station& station) { return station.arrival_rate / station.service_rate; }

/// The rate at which the queue of a busy station drains, or 0 when it does not.
double spare_rate(const Station& station) {
    return std::max(0.0, station.servers * station.service_rate - station.arrival_rate);
}

/// The root of `excess` in [low, high], where it goes from positive to negative.
template <typename F>
double bisect(double low, double high, F excess) {
    for (int step = 0; step < 200; ++step) {
        const double middle = low + (high - low) / 2.0;
        if (middle <= low || middle >= high) break;
        (excess(middle) > 0.0 ? low : high) = middle;
    }
    return low + (high - low) / 2.0;
}

/// Sums over the stationary distribution of a birth-death chain.
struct ChainSums {
    double weight = 0.0;   ///< Of all states.
    double number = 0.0;   ///< Weighted number in system.
    double waiting = 0.0;  ///< Weighted number that wait.
    double busy = 0.0;     ///< Weighted number of busy servers.
    double births = 0.0;   ///< Weighted birth rate.

    void add(double probability, int n, int servers, double birth) {
        weight += probability;
        number += probability * n;
        waiting += probability * std::max(0, n - servers);
        busy += probability * std::min(n, servers);
        births += probability * birth;
    }
};

/// Walks the chain outwards from its most likely state, so that nothing overflows, until states
/// no longer count. `birth(n)` leads from n to n + 1 and `death(n)` from n to n - 1.
template <typename Birth, typename Death>
ChainSums sum_chain(int limit, int servers, Birth birth, Death death) {
    constexpr double negligible = 1e-22;
    int mode = 0;
    while (mode < limit && birth(mode) > death(mode + 1)) ++mode;
    ChainSums sums;
    sums.add(1.0, mode, servers, birth(mode));
    double probability = 1.0;
    for (int n = mode; n > 0 && probability > negligible * sums.weight; --n) {
        probability *= death(n) / birth(n - 1);
        sums.add(probability, n - 1, servers, birth(n - 1));
    }
    probability = 1.0;
    for (int n = mode; n < limit && probability > negligible * sums.weight; ++n) {
        probability *= birth(n) / death(n + 1);
        sums.add(probability, n + 1, servers, birth(n + 1));
    }
    return sums;
}

/// `entering` customers a unit of time stay in the system for the times given by Little's law.
LossyStation summarise(const ChainSums& sums, double service_rate, double entering) {
    LossyStation result;
    result.throughput = service_rate * sums.busy / sums.weight;
    result.mean_in_system = sums.number / sums.weight;
    result.mean_in_queue = sums.waiting / sums.weight;
    if (entering > 0.0) {
        result.mean_sojourn = result.mean_in_system / entering;
        result.mean_waiting = result.mean_in_queue / entering;
    }
    return result;
}

}  // namespace

double utilisation(const Station& station) { return offered_load(station) / station.servers; }

double erlang_b(const Station& station) {
    const double load = offered_load(station);
    double blocked = 1.0;
    for (int n = 1; n <= station.servers; ++n) blocked = load * blocked / (n + load * blocked);
    return blocked;
}

double erlang_c(const Station& station) {
    const double rho = utilisation(station);
    if (rho >= 1.0) return 1.0;
    const double blocked = erlang_b(station);
    return blocked / (1.0 - rho * (1.0 - blocked));
}

double mean_waiting(const Station& station) {
    const double spare = spare_rate(station);
    return spare > 0.0 ? erlang_c(station) / spare : infinity;
}

double mean_sojourn(const Station& station) {
    return mean_waiting(station) + 1.0 / station.service_rate;
}

double mean_in_system(const Station& station) {
    if (station.arrival_rate == 0.0) return 0.0;
    return station.arrival_rate * mean_sojourn(station);
}

double waiting_quantile(const Station& station, double q) {
    const double spare = spare_rate(station);
    if (spare <= 0.0) return infinity;
    const double waits = erlang_c(station);
    return waits <= 1.0 - q ? 0.0 : std::log(waits / (1.0 - q)) / spare;
}

double sojourn_quantile(const Station& station, double q) {
    const double spare = spare_rate(station);
    if (spare <= 0.0) return infinity;
    if (station.servers == 1) return -std::log1p(-q) / spare;
    const double mu = station.service_rate;
    const double waits = erlang_c(station);
    const auto exceeds = [&](double t) {
        // Waiting (rate `spare`) plus service (rate mu); the quotient tends to t as they meet.
        const double gap = spare - mu;
        const double both = std::abs(gap * t) < 1e-9 ? t : -std::expm1(-gap * t) / gap;
        return std::exp(-mu * t) * (1.0 + waits * mu * both);
    };
    double high = 1.0 / mu;
    while (exceeds(high) > 1.0 - q) high *= 2.0;
    return bisect(0.0, high, [&](double t) { return exceeds(t) - (1.0 - q); });
}

double mm1_probability_of(const Station& station, int n) {
    const double rho = utilisation(station);
    return (1.0 - rho) * std::pow(rho, n);
}

LossyStation finite_queue(const Station& station, int places) {
    if (station.arrival_rate == 0.0) return {};
    const auto birth = [&](int n) { return n < places ? station.arrival_rate : 0.0; };
    const auto death = [&](int n) { return station.service_rate * std::min(n, station.servers); };
    const ChainSums sums = sum_chain(places, station.servers, birth, death);
    const double accepted = sums.births / sums.weight;
    LossyStation result = summarise(sums, station.service_rate, accepted);
    result.loss = std::max(0.0, 1.0 - accepted / station.arrival_rate);
    return result;
}

LossyStation abandoning_queue(const Station& station, double abandonment_rate) {
    if (station.arrival_rate == 0.0) return {};
    const auto birth = [&](int) { return station.arrival_rate; };
    const auto death = [&](int n) {
        return station.service_rate * std::min(n, station.servers) +
               abandonment_rate * std::max(0, n - station.servers);
    };
    const ChainSums sums =
        sum_chain(std::numeric_limits<int>::max() - 1, station.servers, birth, death);
    LossyStation result = summarise(sums, station.service_rate, station.arrival_rate);
    result.loss = abandonment_rate * result.mean_in_queue / station.arrival_rate;
    return result;
}

LossyStation closed_loop(int population, double think_rate, double service_rate, int servers) {
    const auto birth = [&](int n) { return think_rate * (population - n); };
    const auto death = [&](int n) { return service_rate * std::min(n, servers); };
    const ChainSums sums = sum_chain(population, servers, birth, death);
    return summarise(sums, service_rate, sums.births / sums.weight);
}

double mg1_mean_waiting(double arrival_rate, const ServiceTime& service) {
    const double rho = arrival_rate * service.mean;
    if (rho >= 1.0) return infinity;
    return rho * (1.0 + service.scv) / (2.0 * (1.0 - rho)) * service.mean;
}

double ps_mean_sojourn(double arrival_rate, double mean_service) {
    return ps_mean_sojourn_of(mean_service, arrival_rate, mean_service);
}

double ps_mean_sojourn_of(double work, double arrival_rate, double mean_service) {
    const double rho = arrival_rate * mean_service;
    return rho < 1.0 ? work / (1.0 - rho) : infinity;
}

namespace {

/// The rate at which a class brings in half the second moment of its service time.
double residual_rate(const PriorityClass& one) {
    return one.arrival_rate * one.service.mean * one.service.mean * (1.0 + one.service.scv) / 2.0;
}

}  // namespace

std::vector<double> priority_waiting(std::span<const PriorityClass> classes) {
    double residual = 0.0;
    for (const auto& one : classes) residual += residual_rate(one);
    std::vector<double> waiting;
    double more_urgent = 0.0;
    for (const auto& one : classes) {
        const double as_urgent = more_urgent + one.arrival_rate * one.service.mean;
        const double free = (1.0 - more_urgent) * (1.0 - as_urgent);
        waiting.push_back(as_urgent < 1.0 ? residual / free : infinity);
        more_urgent = as_urgent;
    }
    return waiting;
}

std::vector<double> preemptive_sojourn(std::span<const PriorityClass> classes) {
    std::vector<double> sojourn;
    double more_urgent = 0.0;
    double residual = 0.0;
    for (const auto& one : classes) {
        residual += residual_rate(one);
        const double as_urgent = more_urgent + one.arrival_rate * one.service.mean;
        const double queueing = residual / ((1.0 - more_urgent) * (1.0 - as_urgent));
        sojourn.push_back(as_urgent < 1.0 ? one.service.mean / (1.0 - more_urgent) + queueing
                                          : infinity);
        more_urgent = as_urgent;
    }
    return sojourn;
}

Renewal erlang_arrivals(double rate, int stages) {
    return {rate, [rate, stages](double s) {
                const double stage_rate = rate * stages;
                return std::pow(stage_rate / (stage_rate + s), stages);
            }};
}

Renewal constant_arrivals(double rate) {
    return {rate, [rate](double s) { return std::exp(-s / rate); }};
}

double gim1_sigma(const Renewal& arrivals, double service_rate) {
    if (arrivals.rate >= service_rate) return 1.0;
    const auto excess = [&](double sigma) {
        return arrivals.transform(service_rate * (1.0 - sigma)) - sigma;
    };
    // The function is convex with a second root at 1: step back from there to below zero.
    double gap = 0.5;
    while (gap > 1e-12 && excess(1.0 - gap) >= 0.0) gap /= 2.0;
    return bisect(0.0, 1.0 - gap, excess);
}

double gim1_mean_sojourn(const Renewal& arrivals, double service_rate) {
    const double sigma = gim1_sigma(arrivals, service_rate);
    return sigma < 1.0 ? 1.0 / (service_rate * (1.0 - sigma)) : infinity;
}

double gim1_sojourn_quantile(const Renewal& arrivals, double service_rate, double q) {
    return -std::log1p(-q) * gim1_mean_sojourn(arrivals, service_rate);
}

}  // namespace archsim::models::theory
