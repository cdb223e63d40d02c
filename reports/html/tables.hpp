// The parts of the HTML report that are tables.
#pragma once

#include "reports/html/words.hpp"
#include "scenarios/result.hpp"

#include <optional>
#include <string>

namespace archsim::reports {

/// A banner with the overall verdict, and a row for each expectation.
[[nodiscard]] std::string verdicts_html(const scenarios::Result& result, const Words& words);
/// What sources offered and got, and their latencies with intervals.
[[nodiscard]] std::string load_html(const scenarios::Result& result, const Words& words);
/// Utilisation, waiting, queue and rejections of each station, the busiest first.
[[nodiscard]] std::string stations_html(const scenarios::Result& result, const Words& words);
/// Closed forms beside measured values.
[[nodiscard]] std::string theory_html(const scenarios::Result& result, const Words& words);
/// A chapter of its own: facts and tables.
[[nodiscard]] std::string section_html(const scenarios::Section& section, const Words& words);
/// A table cell with the sign and the word of a verdict; an empty one without a verdict.
[[nodiscard]] std::string verdict_cell(std::optional<scenarios::Verdict> verdict,
                                       const Words& words);
/// Cost lines, single points of failure, warnings, assumptions and the list of all metrics.
[[nodiscard]] std::string closing_html(const scenarios::Result& result, const Words& words);

}  // namespace archsim::reports
