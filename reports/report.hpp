// The list of reports: each turns a finished experiment into text of one form.
// A report is one function in one file and one line in reports.cpp; commands and help follow.
#pragma once

#include "reports/text.hpp"
#include "scenarios/result.hpp"

#include <span>
#include <string>
#include <string_view>

namespace archsim::reports {

/// One form of report.
struct Report {
    std::string_view name;         ///< As the command line knows it.
    std::string_view description;  ///< One line for the help.
    std::string (*write)(const scenarios::Result& result, const Style& style);
};

/// All reports, in the order of the help.
[[nodiscard]] std::span<const Report> all_reports();

/// The report called `name`, or nullptr.
[[nodiscard]] const Report* find_report(std::string_view name);

/// Verdicts, load, stations, theory and warnings for the terminal.
[[nodiscard]] std::string write_summary(const scenarios::Result& result, const Style& style);

/// The verdicts alone, with a line on how the run ended if it did not end well.
[[nodiscard]] std::string write_verdicts(const scenarios::Result& result, const Style& style);

/// The chapters of the result and its single points of failure, without anything else.
[[nodiscard]] std::string write_sections(const scenarios::Result& result, const Style& style);

/// One document of schema archsim.result/1 with a line break at the end. Keys are sorted and
/// numbers have the fewest digits that give the same value again. Requires: all numbers finite.
[[nodiscard]] std::string write_json(const scenarios::Result& result);

/// A header and one line a metric.
[[nodiscard]] std::string write_csv(const scenarios::Result& result);

/// One HTML document that needs no other file and no network (reports/html/).
[[nodiscard]] std::string write_html(const scenarios::Result& result, const Style& style);

/// JSON Schema (draft 7) of archsim.result/1.
[[nodiscard]] std::string result_schema();

}  // namespace archsim::reports
