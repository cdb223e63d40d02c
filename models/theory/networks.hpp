// Closed forms for several stations: Jackson networks, closed networks, forks, many servers with
// choices, and how throughput grows with the number of servers. Conventions as in queueing.hpp.
#pragma once

#include "models/theory/queueing.hpp"

#include <span>
#include <vector>

namespace archsim::models::theory {

/// Mean time through M/M/c stations visited one after another, each fed at its own arrival rate.
/// Source: Burke 1956, Jackson 1957. O(stations * servers).
[[nodiscard]] double tandem_sojourn(std::span<const Station> stations);

/// Arrival rate at each station of an open network: solves rate = external + routing^T rate.
/// `routing[i][j]` is the probability to go from i to j. O(stations^3). Source: Jackson 1957.
/// Requires: every customer leaves at last, so that the equations have one solution.
[[nodiscard]] std::vector<double> jackson_rates(std::span<const double> external,
                                                const std::vector<std::vector<double>>& routing);

/// Mean time from entering to leaving an open Jackson network whose stations have the arrival
/// rates of `jackson_rates`: the mean number inside over `external_rate`. Source: Little's law.
[[nodiscard]] double jackson_sojourn(std::span<const Station> stations, double external_rate);

/// The state of a closed network.
struct ClosedNetwork {
    double throughput = 0.0;
    double response = 0.0;                ///< From the end of thinking to the answer.
    std::vector<double> queue_lengths{};  ///< Mean number at each station, in service included.
};

/// Closed network of `population` users who think for `think_time` and then use single-server
/// stations for the total `demands` of one visit. O(population * stations).
/// Source: exact mean value analysis (Reiser and Lavenberg 1980). Requires: population >= 1.
[[nodiscard]] ClosedNetwork mean_value_analysis(std::span<const double> demands, double think_time,
                                                int population);

/// Mean time of a fork to `branches` M/M/1 stations until all have answered; station.servers is 1.
/// Exact for 1 and 2 (Flatto and Hahn 1984); else the approximation of Nelson and Tantawi 1988,
/// within 5 % for up to 32 branches. Requires: branches >= 1.
[[nodiscard]] double fork_join_sojourn(const Station& station, int branches);

/// Mean time in a system of very many servers where each arrival joins the shortest of `choices`
/// random queues; the station is one server with its share of arrivals.
/// Source: Mitzenmacher 2001, Vvedenskaya, Dobrushin and Karpelevich 1996. Requires: choices >= 1.
[[nodiscard]] double power_of_choices_sojourn(const Station& station, int choices);

/// Contention and coherency of a system that is scaled out.
struct ScalabilityLaw {
    double contention = 0.0;  ///< sigma, 0 to 1: the share that cannot run in parallel.
    double coherency = 0.0;   ///< kappa, 0 or more: the cost of keeping a pair consistent.
};

/// Throughput of `size` servers over that of one.
/// Source: Gunther, "A General Theory of Computational Scalability", 2008. Requires: size >= 1.
[[nodiscard]] double relative_capacity(const ScalabilityLaw& law, double size);

/// The long-run behaviour of a station whose busy servers slow each other down.
struct ContendedQueue {
    double in_system = 0.0;  ///< Mean number waiting or in service.
    double in_queue = 0.0;   ///< Mean number waiting.
    double busy = 0.0;       ///< Mean number of servers at work.
};

/// M/M/c with n busy servers that together work relative_capacity(law, n) times as fast as one.
/// O(servers). Source: birth-death process with rates mu X(n) (Kleinrock, "Queueing Systems", 1975,
/// section 3.1). +infinity where the load is what all servers can do, or more.
[[nodiscard]] ContendedQueue contended_queue(const Station& station, const ScalabilityLaw& law);

/// The size with the largest throughput: sqrt((1 - sigma) / kappa), +infinity without coherency.
[[nodiscard]] double best_size(const ScalabilityLaw& law);

}  // namespace archsim::models::theory
