// The parts of the HTML report that are pictures, made of the sections for drawing.
#pragma once

#include "reports/html/words.hpp"
#include "scenarios/result.hpp"

#include <string>

namespace archsim::reports {

/// The architecture with the utilisation of its stations; "" where the result has no topology.
[[nodiscard]] std::string topology_html(const scenarios::Result& result, const Words& words);
/// Cumulative distribution and log-log tail of the sources' latencies.
[[nodiscard]] std::string distributions_html(const scenarios::Result& result, const Words& words);
/// What the slowest requests of each source spent their time on, hop by hop; "" where the result
/// has no such section.
[[nodiscard]] std::string tail_html(const scenarios::Result& result);
/// The operations that prove a store not linearizable, as bars over time on a lane per session; ""
/// without a witness.
[[nodiscard]] std::string witness_html(const scenarios::Result& result, const Words& words);
/// The main numbers over time, faults shaded.
[[nodiscard]] std::string series_html(const scenarios::Result& result, const Words& words);

}  // namespace archsim::reports
