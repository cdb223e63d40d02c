// Reading and judging statements about runs. The bound of a statement is that of an expectation.
#include "scenarios/statement.hpp"

#include "models/reader.hpp"

#include <charconv>
#include <system_error>
#include <utility>

namespace archsim::scenarios {

namespace {

constexpr std::string_view form =
    "write RUN:METRIC, a comparison, and a bound or another RUN:METRIC, with blanks between";

ExpectProblem problem(std::string message) {
    return {.message = std::move(message), .hint = std::string(form)};
}

/// "run:metric" in its two parts; nothing where one is missing.
std::optional<std::pair<std::string_view, std::string_view>> parts_of(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return {};
    return std::pair{text.substr(0, colon), text.substr(colon + 1)};
}

/// Reads "[FACTOR *] RUN:METRIC" into the statement; false if it is not that.
bool read_other(std::string_view text, Statement& statement) {
    if (const std::size_t star = text.find(" * "); star != std::string_view::npos) {
        const auto [end, error] =
            std::from_chars(text.data(), text.data() + star, statement.factor);
        if (error != std::errc{} || end != text.data() + star || statement.factor <= 0.0) {
            return false;
        }
        text.remove_prefix(star + 3);
    }
    const auto parts = parts_of(text);
    if (!parts) return false;
    statement.other_run = parts->first;
    statement.other_metric = parts->second;
    return true;
}

Interval interval_of(const MetricResult& metric, double factor) {
    const Interval whole = metric.ci95.value_or(Interval{*metric.value, *metric.value});
    return {factor * whole.low, factor * whole.high};
}

bool is_below(double a, double b, bool or_equal) { return or_equal ? a <= b : a < b; }

Verdict compared(Comparison comparison, const Interval& left, const Interval& right) {
    const bool upwards = comparison == Comparison::at_least || comparison == Comparison::more;
    const bool or_equal = comparison == Comparison::at_least || comparison == Comparison::at_most;
    const Interval& small = upwards ? right : left;
    const Interval& large = upwards ? left : right;
    if (is_below(small.high, large.low, or_equal)) return Verdict::pass;
    return is_below(small.low, large.high, or_equal) ? Verdict::undecided : Verdict::fail;
}

}  // namespace

std::variant<Statement, ExpectProblem> parse_statement(std::string_view text) {
    const std::size_t left_end = text.find(' ');
    const std::size_t sign_end = text.find(' ', std::min(text.size(), left_end) + 1);
    const auto left = parts_of(text.substr(0, left_end));
    if (left_end == std::string_view::npos || sign_end == std::string_view::npos) {
        return problem("a statement has three parts");
    }
    if (!left) return problem("a statement begins with a run and its metric");
    Statement statement;
    statement.expr = text;
    statement.run = left->first;
    const std::string_view right = text.substr(sign_end + 1);
    const bool has_other = right.find(':') != std::string_view::npos;
    if (has_other && !read_other(right, statement)) {
        return problem("the right side is no run with its metric");
    }
    const std::string start =
        std::string(left->second) + std::string(text.substr(left_end, sign_end - left_end)) + " ";
    auto parsed = parse_expectation(start + (has_other ? "0" : std::string(right)));
    if (auto* found = std::get_if<ExpectProblem>(&parsed)) return std::move(*found);
    statement.expectation = std::get<Expectation>(std::move(parsed));
    return statement;
}

StatementResult judge(const Statement& statement, const Result& result, const Result* other) {
    StatementResult finding;
    const MetricResult* const metric = find_metric(result, statement.expectation.metric);
    if (metric == nullptr || !metric->value) return finding;
    finding.value = metric->value;
    finding.unit = metric->unit;
    if (statement.other_run.empty()) {
        finding.verdict = judge(statement.expectation, result).verdict;
        return finding;
    }
    const MetricResult* const bound =
        other == nullptr ? nullptr : find_metric(*other, statement.other_metric);
    if (bound == nullptr || !bound->value) return finding;
    finding.other = bound->value;
    finding.other_unit = bound->unit;
    if (statement.expectation.comparison == Comparison::equal) {
        const bool same = *metric->value == statement.factor * *bound->value;
        finding.verdict = same ? Verdict::pass : Verdict::fail;
        return finding;
    }
    finding.verdict = compared(statement.expectation.comparison, interval_of(*metric, 1.0),
                               interval_of(*bound, statement.factor));
    return finding;
}

}  // namespace archsim::scenarios

namespace archsim::models {

using scenarios::Statement;

std::optional<Statement> Codec<Statement>::read(const Value& value, Reader& reader) {
    if (!value.is_string()) {
        reader.fail_type(value, type());
        return std::nullopt;
    }
    auto parsed = scenarios::parse_statement(value.text());
    if (auto* problem = std::get_if<scenarios::ExpectProblem>(&parsed)) {
        reader.fail(value.spot(), {.code = problem->code,
                                   .message = std::move(problem->message),
                                   .hint = std::move(problem->hint)});
        return std::nullopt;
    }
    Statement statement = std::get<Statement>(std::move(parsed));
    reader.refer(statement.run, value.spot());
    if (!statement.other_run.empty()) reader.refer(statement.other_run, value.spot());
    return statement;
}
Value Codec<Statement>::write(const Statement& statement) { return Value::string(statement.expr); }
Value Codec<Statement>::schema(SchemaBuilder&) {
    return Value::object({{"type", Value::string("string")}});
}
std::string Codec<Statement>::type() { return "statement about a run"; }

}  // namespace archsim::models
