// The WARS cases of Bailis et al., "Probabilistically Bounded Staleness for Practical Partial
// Quorums", 2012, as scenarios: what production systems took for each of the four messages, put
// into the work and the answers of the replicas.
#pragma once

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <string>

namespace archsim::tests {

/// What is known of one row: the delays of one system and a choice of R and W among three replicas.
/// The figures are recomputed from the fitted delays in 20,000,000 trials of an independent
/// program (fresh reads and times of ymmr and wan in 1,500,000 of another); the times until reads
/// are fresh that were published are too short, for they are those at which a noisy estimate was
/// first high enough.
struct WarsCase {
    const char* system;
    int read_quorum;
    int write_quorum;
    double read_latency;   ///< 99.9th percentile in seconds; 0 where nothing is known.
    double write_latency;  ///< Likewise.
    double fresh;          ///< Of the reads sent at the acknowledgement; 0 where nothing is known.
    double until_fresh;    ///< Seconds after it from which on 99.9 % are; 0 likewise.
};

inline constexpr std::array wars_cases{
    WarsCase{"ssd", 1, 1, 0.655e-3, 0.655e-3, 0.9736, 1.97e-3},
    WarsCase{"ssd", 1, 2, 0.655e-3, 1.633e-3, 0.0, 1.86e-3},
    WarsCase{"ssd", 2, 1, 1.633e-3, 0.655e-3, 0.0, 0.0},
    WarsCase{"disk", 1, 1, 0.655e-3, 10.94e-3, 0.4367, 51.7e-3},
    WarsCase{"disk", 1, 2, 0.655e-3, 20.92e-3, 0.0, 47.7e-3},
    WarsCase{"disk", 2, 1, 1.633e-3, 10.94e-3, 0.0, 14.1e-3},
    WarsCase{"disk", 1, 3, 0.655e-3, 112.0e-3, 1.0, 0.0},
    WarsCase{"ymmr", 1, 1, 0.0, 10.76e-3, 0.8930, 1469e-3},
    WarsCase{"ymmr", 1, 2, 0.0, 433.3e-3, 0.0, 0.0},
    WarsCase{"ymmr", 1, 3, 0.0, 1863e-3, 1.0, 0.0},
    WarsCase{"wan", 1, 1, 3.43e-3, 54.8e-3, 0.3337, 115.6e-3},
    WarsCase{"wan", 2, 2, 151.3e-3, 167.6e-3, 1.0, 0.0},
    WarsCase{"wan", 3, 3, 153.8e-3, 242.6e-3, 1.0, 0.0},
};

/// A delay: mostly Pareto, else exponential.
inline std::string wars_law(double share, const char* minimum, double alpha, const char* mean) {
    return fmt::format(R"({{"kind": "mixture", "parts": [
        {{"weight": {}, "distribution": {{"kind": "pareto", "minimum": "{}", "alpha": {}}}}},
        {{"weight": {}, "distribution": {{"kind": "exponential", "mean": "{}"}}}}]}})",
                       share, minimum, alpha, 1.0 - share, mean);
}

/// How many coordinators a case needs: one in each data centre.
inline std::uint64_t wars_coordinators(const WarsCase& one) {
    return std::string{one.system} == "wan" ? 3 : 1;
}

/// The members of a scenario file whose database "db" is asked directly.
inline std::string wars_text(const WarsCase& one) {
    const std::string system = one.system;
    const std::string ssd = wars_law(0.9122, "235us", 10.0, "602410ns");
    std::string write = ssd;
    std::string rest = ssd;
    if (system == "disk" || system == "wan") write = wars_law(0.38, "1050us", 1.51, "5464481ns");
    if (system == "ymmr") {
        write = wars_law(0.939, "3ms", 3.5, "357142857ns");
        rest = wars_law(0.982, "1500us", 3.8, "46082949ns");
    }
    // Far away is 75 ms more for each message; a replica stands beside each coordinator.
    const bool is_far = system == "wan";
    const std::string regions = R"("regions": ["a", "b", "c"], "network": {"between": [
        ["a", "b", "75ms"], ["a", "c", "75ms"], ["b", "c", "75ms"]]}, )";
    const std::string everywhere = R"("region": "a", "replica_regions": ["a", "b", "c"],
        "coordinator_regions": ["a", "b", "c"], )";
    return fmt::format(R"("duration": "10s", "seed": 21, "history": false, {} "nodes": {{
        "users": {{"kind": "open_loop", {} "calls": [{{"to": "db", "timeout": "1s"}}],
                  "arrivals": {{"kind": "constant", "rate": "0.0001/s"}}}},
        "db": {{"kind": "quorum", {} "read_quorum": {}, "write_quorum": {}, "coordinators": {},
               "servers": 1000000, "timeout": "1h", "write_time": {}, "read_time": {},
               "answer_time": {}}}}})",
                       is_far ? regions : "", is_far ? R"("region": "a",)" : "",
                       is_far ? everywhere : "", one.read_quorum, one.write_quorum,
                       wars_coordinators(one), write, rest, rest);
}

}  // namespace archsim::tests
