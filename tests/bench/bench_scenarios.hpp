// The scenarios that the benchmarks run, from their text, as `archsim run` does.
#pragma once

#include "scenarios/scenario.hpp"
#include "tests/bench/measure.hpp"

#include <cstdint>
#include <string>

namespace archsim::bench {

/// Two servers behind a balancer in turn: Poisson 100/s, exponential work of 10 ms.
[[nodiscard]] std::string two_servers_text(std::int64_t seconds);

/// Five services of eight servers in a row, exponential work of 10 ms, Poisson 640/s, exponential
/// network delay of 1 ms each way.
[[nodiscard]] std::string path_text(std::int64_t seconds);

/// Five services in a row of which the last one keeps all `requests`, which come in one second.
[[nodiscard]] std::string in_flight_text(std::int64_t requests);

/// Parses, reads and checks; a mistake in the text ends the program with the diagnostics.
[[nodiscard]] scenarios::Scenario scenario_of(const std::string& text);

/// The whole of replication 0, reported: requests are those of "users", all of them measured.
[[nodiscard]] Workload run_scenario(const scenarios::Scenario& scenario);

}  // namespace archsim::bench
