// The cheapest of many designs that meets what its scenario expects, the designs that no other one
// beats in every respect, and which parameter matters most.
#pragma once

#include "models/document.hpp"
#include "scenarios/compare.hpp"
#include "scenarios/trial.hpp"
#include "scenarios/variation.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace archsim::scenarios {

/// One term of what is to be small: a factor times a metric of the run, or times the number that a
/// pointer leads to in the scenario, such as "nodes/web/instances".
struct CostTerm {
    double factor = 1.0;
    std::string name;
};

/// Reads "NAME" or "FACTOR*NAME"; else the sentence that says what is wrong.
[[nodiscard]] std::variant<CostTerm, std::string> parse_cost_term(std::string_view text);

/// What an objective is called, and whether less of it is better.
struct Objective {
    std::string name;
    std::string unit;
    bool less_is_better = true;
};

/// One design.
struct Candidate {
    std::int64_t variant = 0;
    std::vector<std::string> settings{};
    double cost = 0.0;
    Verdict verdict = Verdict::no_data;
    bool decided = false;
    int replications = 0;
    std::vector<std::optional<double>> objectives{};  ///< As OptimizeResult::objectives.
    bool on_front = false;                            ///< No other design is better in everything.
};

/// The answer.
struct OptimizeResult {
    std::optional<std::size_t> best{};  ///< Index of the cheapest candidate that meets all.
    std::string cost_unit{};
    std::vector<Objective> objectives{};  ///< Cost, latency, availability, staleness.
    std::vector<Candidate> candidates{};  ///< By cost, then by variant.
    std::string reason{};                 ///< Why there is none.
    Status status = Status::complete;
};

/// What is asked.
struct OptimizeQuestion {
    models::Value document;
    std::string folder = ".";
    VariantSpace choices{{}};
    std::vector<CostTerm> cost;
    TrialOptions trial;
};

/// A design with its settings in place.
struct BuiltDesign {
    models::Value document;
    Scenario scenario;
    std::vector<Expectation> goals{};  ///< What it expects.
};

/// The design of a variant; nothing if it is no valid scenario.
[[nodiscard]] std::optional<BuiltDesign> design_of(const OptimizeQuestion& question,
                                                   std::int64_t variant);

/// Looks at every design once (trial.first replications), then tries them in the order of their
/// cost with as many as it takes, up to the first that meets every expectation: nothing after that
/// can be cheaper. Equal costs: the first in the order of the choices.
[[nodiscard]] OptimizeResult optimize(const OptimizeQuestion& question);

/// Marks who is on the front: nobody else is at least as good in every objective and better in one.
/// A missing value is worse than any. O(n^2).
void mark_front(std::span<const Objective> objectives, std::span<Candidate> candidates);

/// One parameter of a sensitivity analysis at both ends of its range, others as they are.
struct SensitivityRow {
    std::string pointer;
    std::string low;  ///< The values.
    std::string high;
    std::optional<double> at_low{};  ///< The metric there.
    std::optional<double> at_high{};
    std::optional<Interval> low_difference{};  ///< From the base, pairs of replications, 95 %.
    std::optional<Interval> high_difference{};
    double span = 0.0;  ///< Distance between the largest and smallest of low, base and high.
};

/// Parameters ordered by how much they move a metric.
struct Sensitivity {
    std::string metric;
    std::string unit{};
    std::optional<double> base{};
    int replications = 0;
    std::vector<SensitivityRow> rows{};
    std::vector<std::string> left_out{};  ///< Parameters whose ends are no valid scenario, and why.
    Status status = Status::complete;
};

/// Every number and quantity below "nodes", with values `swing` below and above it; whole numbers
/// move by at least 1. Requires: 0 < swing < 1.
[[nodiscard]] std::vector<Variation> parameters_of(const models::Value& document, double swing);

/// Runs the base and both ends of each variation (its first and last value) under the same random
/// numbers. O(variations) runs.
[[nodiscard]] Sensitivity find_sensitivity(const models::Value& document, const std::string& folder,
                                           const std::string& metric,
                                           std::span<const Variation> variations,
                                           const RunOptions& options);

}  // namespace archsim::scenarios
