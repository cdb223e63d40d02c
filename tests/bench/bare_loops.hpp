// Yardsticks: the same systems written by hand, with nothing that a simulator adds. Each draws from
// sim::Rng through Boost's exponential distribution, as archsim does, and keeps time in doubles.
#pragma once

#include "tests/bench/measure.hpp"

#include <cstdint>

namespace archsim::bench {

/// Mean rates and times of a path of queues. Times in seconds.
struct PathShape {
    double arrival_rate = 0.0;
    double mean_service = 0.0;
    double mean_delay = 0.0;  ///< Of the network, each way, between two neighbours.
    std::uint32_t hops = 0;
    std::uint32_t servers = 1;  ///< Of each hop.
};

/// M/M/1 until `customers` have left: two scalar event times and a ring of arrival times. Arrival
/// gaps and service times come from streams of their own, in order of arrival.
[[nodiscard]] Workload bare_single_queue(double arrival_rate, double mean_service,
                                         std::uint64_t customers, std::uint64_t seed);

/// Poisson arrivals in turn to two servers, each with its queue, until `customers` have left: a
/// binary heap of pending events.
[[nodiscard]] Workload bare_two_servers(double arrival_rate, double mean_service,
                                        std::uint64_t customers, std::uint64_t seed);

/// Poisson requests through all hops and back, until `requests` are answered: a
/// std::priority_queue of pending events, arrival instants in a table by request.
[[nodiscard]] Workload bare_path(const PathShape& shape, std::uint64_t requests,
                                 std::uint64_t seed);

}  // namespace archsim::bench
