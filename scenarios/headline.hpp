// Which metrics people decide by, and which direction of each is better.
#pragma once

#include "scenarios/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::scenarios {

/// Which way a metric should go.
enum class Better : std::uint8_t {
    lower,
    higher,
    unknown,  ///< Such as utilisation: more may be waste saved or headroom lost.
};

/// "lower", "higher" or "unknown".
[[nodiscard]] constexpr std::string_view name_of(Better better) {
    constexpr std::string_view names[] = {"lower", "higher", "unknown"};
    return names[static_cast<int>(better)];
}

/// The direction of a metric, told from the words of its path. O(length).
[[nodiscard]] Better better_of(std::string_view metric);

/// The load sources: the nodes that have a metric "offered". Requires: metrics sorted by name.
[[nodiscard]] std::vector<std::string> sources_in(const Result& result);

/// The metrics that `expect` names, then mean and p99 of the latency, availability and throughput
/// of each load source, then staleness and cost where they are measured; each once.
/// Requires: metrics sorted by name.
[[nodiscard]] std::vector<std::string> headline_metrics(const Result& result);

}  // namespace archsim::scenarios
