// Expectations such as "users/latency/p99 <= 40ms": reading them and judging a result by them.
#pragma once

#include "models/diagnostic_codes.hpp"
#include "scenarios/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace archsim::scenarios {

enum class Comparison : std::uint8_t { at_most, less, at_least, more, equal };

/// "<=", "<", ">=", ">" or "==".
[[nodiscard]] std::string_view sign_of(Comparison comparison);

/// One expectation, understood.
struct Expectation {
    std::string expr;    ///< As written.
    std::string metric;  ///< Path of the metric.
    Comparison comparison = Comparison::at_most;
    double bound = 0.0;  ///< In `unit`; finite.
    std::string unit{};  ///< "s", "1/s", "ratio", "bytes", "bytes/s", "usd", or "" for a number.
};

/// Why an expectation cannot be understood.
struct ExpectProblem {
    models::Code code = models::Code::bad_expectation;
    std::size_t offset = 0;  ///< Byte in the expression where the trouble starts.
    std::string message;
    std::string hint{};
};

/// Reads METRIC COMPARISON BOUND, where blanks around the comparison are optional and the bound is
/// a number, a quantity with a unit, an amount in "$", `true` or `false`. O(length).
[[nodiscard]] std::variant<Expectation, ExpectProblem> parse_expectation(std::string_view text);

/// Why the bound cannot be compared with a metric of `metric_unit`, or "" if it can. A ratio takes
/// "70%" as well as 0.7; any other dimension needs its unit.
[[nodiscard]] std::string unit_problem(const Expectation& expectation,
                                       std::string_view metric_unit);

/// Whether all, none or part of the interval meets the bound: pass, fail or undecided.
[[nodiscard]] Verdict judge_interval(const Interval& interval, Comparison comparison, double bound);

/// Judges one expectation by the metric of its path. Without an interval the value alone decides
/// and the note says so. O(log metrics). Requires: metrics sorted by name.
[[nodiscard]] ExpectResult judge(const Expectation& expectation, const Result& result);

/// Judges each expectation and puts the verdicts into `result.expect`, in order.
void judge_all(std::span<const Expectation> expectations, Result& result);

/// Whether every expectation passed, with undecided ones counted as `allow_undecided` says.
[[nodiscard]] bool all_hold(const Result& result, bool allow_undecided);

}  // namespace archsim::scenarios
