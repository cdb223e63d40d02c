// Baselines: what the headline metrics of scenarios were, with their errors, and whether they are
// still the same. Kept as JSON beside the scenarios (archsim.baseline/1).
#pragma once

#include "models/document.hpp"
#include "scenarios/compare.hpp"
#include "scenarios/result.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::scenarios {

/// One metric as it was.
struct BaselineMetric {
    std::string unit;
    double value = 0.0;
    std::optional<double> standard_error{};  ///< Absent where there was no interval.
    int n = 1;                               ///< Replications (or batches) behind it.
};

/// The headline metrics of one scenario, by name.
using BaselineMetrics = std::map<std::string, BaselineMetric>;

/// Scenarios by the path of their file below the folder that is tested.
using Baseline = std::map<std::string, BaselineMetrics>;

/// What a baseline keeps of a result. Requires: metrics sorted by name.
[[nodiscard]] BaselineMetrics baseline_of(const Result& result);

/// The baseline as JSON text that ends with a line break, sorted.
[[nodiscard]] std::string write_baseline(const Baseline& baseline);
/// The baseline in a document; nothing if it is none.
[[nodiscard]] std::optional<Baseline> read_baseline(const models::Value& document);

/// One metric then and now.
struct BaselineChange {
    std::string metric;
    std::string unit;
    double before = 0.0;
    std::optional<double> now{};
    Change change = Change::no_data;  ///< Improved, regressed, changed, no_difference or no_data.
};

/// Judges every metric of the baseline by Welch's t, at 5 % for all together after Holm; without an
/// error on both sides any difference counts.
/// Source: Welch 1947, "The Generalization of 'Student's' Problem when Several Different Population
/// Variances are Involved".
[[nodiscard]] std::vector<BaselineChange> against_baseline(const BaselineMetrics& before,
                                                           const Result& now);

}  // namespace archsim::scenarios
