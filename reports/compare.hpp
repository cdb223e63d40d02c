// A comparison of designs as text for the terminal, Markdown for pull requests, and JSON
// (archsim.compare/1).
#pragma once

#include "reports/text.hpp"
#include "scenarios/compare.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace archsim::reports {

/// What a table says of one metric.
struct ComparisonCells {
    std::string sign, verdict, reference, design, difference, ratio;
};

/// The words for a metric, for every form of the table.
[[nodiscard]] ComparisonCells cells_of(const scenarios::MetricComparison& one, const Signs& signs);

/// "WHAT: a, b, c and 5 more", of names that may be foreign text; "" without names.
[[nodiscard]] std::string names_line(std::string_view what, const std::vector<std::string>& names);

/// The metrics that only one of both has, in a line for each of them if there are any.
[[nodiscard]] std::vector<std::string> lines_of_names(const scenarios::DesignComparison& design);

/// How the comparison was made and what its verdicts mean, in two sentences.
[[nodiscard]] std::string method_of(const scenarios::ComparisonResult& comparison);

/// Verdicts of the headline metrics, then whatever else is different; `all` shows every metric.
[[nodiscard]] std::string write_comparison(const scenarios::ComparisonResult& comparison,
                                           const Style& style, bool all);

/// The headline metrics as a table in Markdown, the rest folded away.
[[nodiscard]] std::string write_comparison_markdown(const scenarios::ComparisonResult& comparison);

/// One document of schema archsim.compare/1 with a line break at the end, keys sorted.
[[nodiscard]] std::string write_comparison_json(const scenarios::ComparisonResult& comparison);

/// Text made safe inside a cell of a Markdown table.
[[nodiscard]] std::string markdown_text(std::string_view text);

}  // namespace archsim::reports
