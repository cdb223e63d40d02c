// Experiments as pages: curves over the parameter that varies, designs by what they cost and what
// they are worth, and how far designs are from a reference.
#pragma once

#include "reports/sweep.hpp"
#include "reports/text.hpp"
#include "scenarios/compare.hpp"
#include "scenarios/optimize.hpp"

#include <string>

namespace archsim::reports {

/// A chart for each metric of the sweep (the headline ones without a choice): along x the values of
/// the first parameter that has quantities of one unit, else the first by name, one curve for each
/// combination of the others, then a table of all variants with intervals. Memory grows with
/// variants x metrics shown, not with results. False if it could not be written.
[[nodiscard]] bool write_sweep_html(const Sweep& sweep, const Style& style, const Write& write);

/// The cheapest design, a chart of every other objective over the cost with the front marked, and
/// a table of the designs.
[[nodiscard]] std::string write_optimum_html(const scenarios::OptimizeResult& result,
                                             const std::string& title, const Style& style);

/// For each design its verdict, the change of every headline metric in per cent with its interval
/// as a picture, and a table of all metrics.
[[nodiscard]] std::string write_comparison_html(const scenarios::ComparisonResult& comparison,
                                                const Style& style);

}  // namespace archsim::reports
