// Closed forms for single stations: what a simulated queue must come to in the long run.
// Pure functions of plain numbers. Rates are per unit of time and times are in that same unit, so
// the caller chooses the unit. A mean that does not exist (load of 1 or more) is +infinity.
#pragma once

#include <functional>
#include <span>
#include <vector>

namespace archsim::models::theory {

/// A station with exponential service. Requires: arrival_rate >= 0, service_rate > 0, servers >= 1.
struct Station {
    double arrival_rate = 0.0;
    double service_rate = 1.0;  ///< Of one server.
    int servers = 1;
};

/// A service time by its first two moments. Requires: mean > 0, scv >= 0.
struct ServiceTime {
    double mean = 1.0;
    double scv = 1.0;  ///< Variance over the squared mean: 0 constant, 1 exponential.
};

/// arrival_rate / (servers * service_rate).
[[nodiscard]] double utilisation(const Station& station);

/// Probability that all servers are busy and none may wait, M/G/c/c. O(servers).
/// Source: Erlang B recursion (Erlang 1917); insensitive to the service distribution.
[[nodiscard]] double erlang_b(const Station& station);

/// Probability that an arrival waits, M/M/c; 1 when the load is 1 or more. O(servers).
/// Source: Erlang C from B (Cooper, "Introduction to Queueing Theory", 1981); rho for one server.
[[nodiscard]] double erlang_c(const Station& station);

/// Mean time waiting in M/M/c. O(servers). Source: C / (c mu - lambda).
[[nodiscard]] double mean_waiting(const Station& station);

/// Mean time in system of M/M/c. O(servers).
[[nodiscard]] double mean_sojourn(const Station& station);

/// Mean number in system of M/M/c. O(servers). Source: Little's law (Little 1961).
[[nodiscard]] double mean_in_system(const Station& station);

/// Quantile of the waiting time of M/M/c, first come first served. O(servers).
/// Source: P(Wq > t) = C exp(-(c mu - lambda) t). Requires: 0 <= q < 1.
[[nodiscard]] double waiting_quantile(const Station& station, double q);

/// Quantile of the time in system of M/M/c, first come first served. O(servers).
/// Source: exponential for c = 1, else the sum of a waiting and a service time, inverted by
/// bisection. Requires: 0 <= q < 1.
[[nodiscard]] double sojourn_quantile(const Station& station, double q);

/// Probability of n in an M/M/1 system: (1 - rho) rho^n. Requires: load < 1, n >= 0.
[[nodiscard]] double mm1_probability_of(const Station& station, int n);

/// The long-run behaviour of a station that loses some of its arrivals.
struct LossyStation {
    double loss = 0.0;        ///< Ratio of arrivals that are turned away or give up.
    double throughput = 0.0;  ///< Served per unit of time.
    double mean_in_system = 0.0;
    double mean_in_queue = 0.0;
    double mean_sojourn = 0.0;  ///< Of those accepted.
    double mean_waiting = 0.0;  ///< Of those accepted.
};

/// M/M/c/K: `places` counts those in service too. O(servers + places).
/// Source: birth-death chain (Kleinrock, "Queueing Systems" vol. 1, 1975, ch. 3).
/// Requires: places >= servers.
[[nodiscard]] LossyStation finite_queue(const Station& station, int places);

/// M/M/c+M: each waiting customer leaves at rate `abandonment_rate` > 0. Sojourn and waiting are
/// those of all customers, whether served or not. Source: Palm 1957 (Erlang A), birth-death chain.
[[nodiscard]] LossyStation abandoning_queue(const Station& station, double abandonment_rate);

/// M/M/c//N: `population` users who think at rate `think_rate`, then wait for an answer; no loss.
/// Source: machine-repair birth-death chain (Takacs 1962). Requires: population >= 1, rates > 0.
[[nodiscard]] LossyStation closed_loop(int population, double think_rate, double service_rate,
                                       int servers = 1);

/// Mean waiting time of M/G/1, first come first served.
/// Source: Pollaczek 1930, Khinchine 1932: rho (1 + scv) / (2 (1 - rho)) E[S].
[[nodiscard]] double mg1_mean_waiting(double arrival_rate, const ServiceTime& service);

/// Mean time in system of M/G/1 with processor sharing; insensitive to the distribution.
/// Source: Sakata, Noguchi and Oizumi 1971.
[[nodiscard]] double ps_mean_sojourn(double arrival_rate, double mean_service);

/// Mean time in an M/G/1-PS system of a job that needs `work`: work / (1 - rho).
[[nodiscard]] double ps_mean_sojourn_of(double work, double arrival_rate, double mean_service);

/// A class of customers; the most urgent class comes first in a list of them.
struct PriorityClass {
    double arrival_rate = 0.0;
    ServiceTime service{};
};

/// Mean waiting time of each class of M/G/1 with non-preemptive priorities.
/// Source: Cobham 1954, "Priority Assignment in Waiting Line Problems". O(classes).
[[nodiscard]] std::vector<double> priority_waiting(std::span<const PriorityClass> classes);

/// Mean time in system of each class of M/G/1 with preemptive-resume priorities.
/// Source: Kleinrock, "Queueing Systems" vol. 2, 1976, section 3.4. O(classes).
[[nodiscard]] std::vector<double> preemptive_sojourn(std::span<const PriorityClass> classes);

/// A renewal arrival process by the Laplace-Stieltjes transform of its inter-arrival time.
struct Renewal {
    double rate = 0.0;
    std::function<double(double)> transform;  ///< E[exp(-s A)] for s >= 0.
};

/// Erlang-k inter-arrival times: what each of k servers sees of Poisson arrivals that are dealt out
/// in turn. Requires: rate > 0, stages >= 1.
[[nodiscard]] Renewal erlang_arrivals(double rate, int stages);

/// Constant inter-arrival times. Requires: rate > 0.
[[nodiscard]] Renewal constant_arrivals(double rate);

/// The probability that an arrival at GI/M/1 waits: the root in (0, 1) of sigma = A*(mu - mu
/// sigma). 1 when the load is 1 or more. Source: Kleinrock vol. 1, 1975, section 6.4; found by
/// bisection.
[[nodiscard]] double gim1_sigma(const Renewal& arrivals, double service_rate);

/// Mean time in system of GI/M/1: 1 / (mu (1 - sigma)).
[[nodiscard]] double gim1_mean_sojourn(const Renewal& arrivals, double service_rate);

/// Quantile of the time in system of GI/M/1, which is exponential. Requires: 0 <= q < 1.
[[nodiscard]] double gim1_sojourn_quantile(const Renewal& arrivals, double service_rate, double q);

}  // namespace archsim::models::theory
