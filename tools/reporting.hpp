// What commands share that end in a result: one option for each report, and where each goes.
#pragma once

#include "reports/text.hpp"
#include "scenarios/result.hpp"
#include "tools/command.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace archsim::tools {

/// --NAME FILE for every report.
[[nodiscard]] std::vector<OptionSpec> report_options();

/// Whether some report or history goes to standard output, so that nothing else may.
[[nodiscard]] bool stdout_is_taken(const Arguments& arguments);

/// Whether at most one of these options, such as "json" and "html", names standard output; else
/// complains, because a reader could not tell where one ends.
[[nodiscard]] bool leaves_one_stdout(const Arguments& arguments,
                                     std::span<const std::string_view> options);
/// The same of every report and the history.
[[nodiscard]] bool leaves_one_stdout(const Arguments& arguments);

/// Writes each report that was asked for; files never have colour. Complains and returns io if one
/// could not be written.
[[nodiscard]] Exit write_reports(const Arguments& arguments, const scenarios::Result& result,
                                 const reports::Style& style);

}  // namespace archsim::tools
