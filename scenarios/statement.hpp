// Statements about the runs of an exercise: "pair:users/availability >= 99%" holds a metric of the
// run "pair" to a bound, "alone:users/latency/p99 > 5 * pair:users/latency/p99" to another run.
#pragma once

#include "models/codec.hpp"
#include "scenarios/expect.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace archsim::scenarios {

/// One statement, understood.
struct Statement {
    std::string expr;         ///< As written.
    std::string run;          ///< Whose metric is judged.
    Expectation expectation;  ///< The metric, the comparison, and the bound unless `other_run`.
    std::string other_run{};  ///< Whose metric is the bound; "" if there is none.
    std::string other_metric{};
    double factor = 1.0;  ///< Times the other metric.
};

/// Reads RUN:METRIC COMPARISON BOUND or RUN:METRIC COMPARISON [FACTOR *] RUN:METRIC, with blanks
/// around the comparison. O(length).
[[nodiscard]] std::variant<Statement, ExpectProblem> parse_statement(std::string_view text);

/// What a statement came to.
struct StatementResult {
    Verdict verdict = Verdict::no_data;
    std::optional<double> value{};  ///< Of the metric.
    std::string unit{};
    std::optional<double> other{};  ///< Of the other metric, without the factor.
    std::string other_unit{};
};

/// Judges a statement by the results of its runs; `other` is null unless it has another run. Two
/// metrics are compared by their intervals: undecided where they overlap. Equality is of values.
[[nodiscard]] StatementResult judge(const Statement& statement, const Result& result,
                                    const Result* other);

}  // namespace archsim::scenarios

namespace archsim::models {

ARCHSIM_DECLARE_CODEC(scenarios::Statement);

}  // namespace archsim::models
