// Random small histories of one register, to compare the zone check with exhaustive search.
#pragma once

#include "models/consistency/zones.hpp"
#include "models/history.hpp"

#include <cstdint>
#include <random>
#include <vector>

namespace archsim::tests {

/// What kinds of small histories to draw.
enum class HistoryShape : std::uint8_t {
    uniform,     ///< Any read may return any version, written before, after or concurrently.
    near_valid,  ///< Reads return the true value at some instant in their interval; now and then
                 ///< one returns another version.
    tied,        ///< Like near_valid, on a time axis so coarse that events touch.
};

/// Draws 1 to `operations_max` operations; about one in eight is without an answer or has failed.
[[nodiscard]] std::vector<models::Operation> random_history(std::mt19937_64& random,
                                                            HistoryShape shape, int operations_max);

/// What a comparison of the checks with the search came to.
struct Comparison {
    std::int64_t histories = 0;
    std::int64_t linearizable = 0;
    std::int64_t disagreements = 0;        ///< Streaming check against search.
    std::int64_t batch_disagreements = 0;  ///< Batch check against search.
    std::int64_t bad_witnesses = 0;  ///< Witness linearizable by search, or over six operations.
    std::int64_t violations[models::violation_count] = {};  ///< By kind of violation.
};

/// Judges `count` histories of each shape in all three ways. Deterministic in `seed`.
[[nodiscard]] Comparison compare_with_search(std::uint64_t seed, std::int64_t count,
                                             int operations_max);

}  // namespace archsim::tests
