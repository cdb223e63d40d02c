// Reading and judging expectations.
#include "scenarios/expect.hpp"

#include "sim/units_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace archsim::scenarios {

namespace {

using models::Code;

struct Sign {
    std::string_view text;
    Comparison comparison;
};

/// The longer signs come before those that they begin with.
constexpr Sign signs[] = {{"<=", Comparison::at_most},
                          {">=", Comparison::at_least},
                          {"==", Comparison::equal},
                          {"<", Comparison::less},
                          {">", Comparison::more}};

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Where the comparison starts; the arrow of an edge, as in "web->db/retries", is none.
std::size_t find_sign(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool arrow = text[at] == '>' && at > 0 && text[at - 1] == '-';
        if (std::string_view{"<>=!"}.find(text[at]) != std::string_view::npos && !arrow) return at;
    }
    return std::string_view::npos;
}

bool is_path(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view{"_./->"}.find(c) != std::string_view::npos;
    };
    return !text.empty() && std::ranges::all_of(text, allowed) && text.front() != '/' &&
           text.back() != '/' && text.find("//") == std::string_view::npos;
}

struct Bound {
    double value = 0.0;
    std::string_view unit;
};

/// Quantities as metrics give them.
Bound bound_of(sim::Duration time) { return {time.in_seconds(), "s"}; }
Bound bound_of(sim::Rate rate) { return {rate.per_second(), "1/s"}; }
Bound bound_of(sim::Probability ratio) { return {ratio.value(), "ratio"}; }
Bound bound_of(sim::Money money) { return {money.dollars(), "usd"}; }
Bound bound_of(sim::Bytes size) { return {static_cast<double>(size.count()), "bytes"}; }
Bound bound_of(sim::Bandwidth width) {
    return {static_cast<double>(width.bits_per_second()) / 8.0, "bytes/s"};
}

/// What came of reading a text as one quantity after another.
struct Reading {
    std::optional<Bound> bound{};
    std::optional<sim::TextError> out_of_range{};  ///< Its unit was known, its size was not.
};

template <class Quantity>
void read_as(std::string_view text, Reading& reading) {
    if (reading.bound) return;
    const sim::Parsed<Quantity> parsed = sim::parse_quantity<Quantity>(text);
    if (parsed) {
        reading.bound = bound_of(*parsed);
    } else if (parsed.error().fault == sim::TextFault::out_of_range) {
        reading.out_of_range = parsed.error();
    }
}

Reading read_quantity(std::string_view text) {
    Reading reading;
    read_as<sim::Duration>(text, reading);
    read_as<sim::Rate>(text, reading);
    read_as<sim::Probability>(text, reading);
    read_as<sim::Money>(text, reading);
    read_as<sim::Bytes>(text, reading);
    read_as<sim::Bandwidth>(text, reading);
    return reading;
}

/// The whole text as a plain number, maybe with sign and exponent.
std::optional<double> plain_number(std::string_view text) {
    const std::size_t begin = text.starts_with('-') ? 1 : 0;
    if (begin == text.size() || text[begin] < '0' || text[begin] > '9') return std::nullopt;
    double number = 0.0;
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    return error == std::errc{} && end == last ? std::optional{number} : std::nullopt;
}

std::variant<Bound, ExpectProblem> parse_bound(std::string_view text, std::size_t offset) {
    if (text == "true" || text == "false") return Bound{text == "true" ? 1.0 : 0.0, ""};
    if (const auto number = plain_number(text)) return Bound{*number, ""};
    const Reading reading = read_quantity(text);
    if (reading.bound) return *reading.bound;
    if (reading.out_of_range)
        return ExpectProblem{Code::out_of_range, offset, reading.out_of_range->message,
                             reading.out_of_range->hint};
    return ExpectProblem{Code::bad_expectation, offset, fmt::format("'{}' is not a bound", text),
                         "write a number with its unit, such as 40ms, 70%, 500/s, 64KiB or $100"};
}

bool meets(double value, Comparison comparison, double bound) {
    switch (comparison) {
        case Comparison::at_most:
            return value <= bound;
        case Comparison::less:
            return value < bound;
        case Comparison::at_least:
            return value >= bound;
        case Comparison::more:
            return value > bound;
        case Comparison::equal:
            break;
    }
    return value == bound;
}

/// A bound of the dimension of `unit`, as an example for a hint.
std::string_view example_of(std::string_view unit) {
    constexpr std::pair<std::string_view, std::string_view> examples[] = {
        {"s", "40ms"},      {"1/s", "500/s"},       {"ratio", "70%"},
        {"bytes", "64KiB"}, {"bytes/s", "100Mbps"}, {"usd", "$100"}};
    for (const auto& [name, example] : examples)
        if (name == unit) return example;
    return "3";
}

}  // namespace

std::string_view sign_of(Comparison comparison) {
    for (const auto& sign : signs)
        if (sign.comparison == comparison) return sign.text;
    return "";
}

std::variant<Expectation, ExpectProblem> parse_expectation(std::string_view text) {
    const std::size_t at = find_sign(text);
    if (at == std::string_view::npos)
        return ExpectProblem{Code::bad_expectation, 0, "an expectation needs a comparison",
                             "write METRIC <= BOUND, such as \"users/latency/p99 <= 40ms\""};
    const std::string_view metric = trimmed(text.substr(0, at));
    if (!is_path(metric))
        return ExpectProblem{Code::bad_expectation, 0,
                             fmt::format("'{}' is not the path of a metric", metric),
                             "a path is NODE/METRIC or NODE/METRIC/STATISTIC"};
    const auto* const sign = std::ranges::find_if(
        signs, [&](const Sign& one) { return text.substr(at).starts_with(one.text); });
    if (sign == std::end(signs))
        return ExpectProblem{Code::bad_expectation, at, "unknown comparison",
                             "comparisons are <= < >= > =="};
    const std::string_view rest = text.substr(at + sign->text.size());
    const std::string_view bound_text = trimmed(rest);
    const std::size_t offset = bound_text.empty()
                                   ? text.size()
                                   : static_cast<std::size_t>(bound_text.data() - text.data());
    auto bound = parse_bound(bound_text, offset);
    if (auto* problem = std::get_if<ExpectProblem>(&bound)) return std::move(*problem);
    const Bound& parsed = std::get<Bound>(bound);
    return Expectation{.expr = std::string{text},
                       .metric = std::string{metric},
                       .comparison = sign->comparison,
                       .bound = parsed.value,
                       .unit = std::string{parsed.unit}};
}

std::string unit_problem(const Expectation& expectation, std::string_view metric_unit) {
    const std::string_view unit = expectation.unit;
    const bool plain = metric_unit.empty() || metric_unit == "count" || metric_unit == "ratio";
    if (unit == metric_unit || (unit.empty() && plain)) return "";
    return fmt::format("{} is measured in {}: write the bound like {}", expectation.metric,
                       metric_unit.empty() ? "plain numbers" : metric_unit,
                       example_of(metric_unit));
}

Verdict judge_interval(const Interval& interval, Comparison comparison, double bound) {
    const bool low = meets(interval.low, comparison, bound);
    const bool high = meets(interval.high, comparison, bound);
    if (low && high) return Verdict::pass;
    if (low || high) return Verdict::undecided;
    // Only for equality can the middle meet a bound that neither end meets.
    const bool inside = interval.low < bound && bound < interval.high;
    return comparison == Comparison::equal && inside ? Verdict::undecided : Verdict::fail;
}

ExpectResult judge(const Expectation& expectation, const Result& result) {
    ExpectResult judged{.expr = expectation.expr,
                        .metric = expectation.metric,
                        .comparison = std::string{sign_of(expectation.comparison)},
                        .bound = expectation.bound};
    const MetricResult* metric = find_metric(result, expectation.metric);
    if (metric == nullptr) {
        judged.note = "there is no such metric in this run";
        return judged;
    }
    judged.note = unit_problem(expectation, metric->unit);
    if (!judged.note.empty()) return judged;
    if (!metric->value) {
        judged.note = metric->reason;
        return judged;
    }
    judged.observed = metric->value;
    if (metric->ci95) {
        judged.verdict = judge_interval(*metric->ci95, expectation.comparison, expectation.bound);
        return judged;
    }
    const Interval point = {*metric->value, *metric->value};
    judged.verdict = judge_interval(point, expectation.comparison, expectation.bound);
    judged.note = metric->reason.empty()
                      ? "decided by one value without an interval"
                      : fmt::format("decided by one value without an interval: {}", metric->reason);
    return judged;
}

void judge_all(std::span<const Expectation> expectations, Result& result) {
    result.expect.clear();
    for (const auto& expectation : expectations)
        result.expect.push_back(judge(expectation, result));
}

bool all_hold(const Result& result, bool allow_undecided) {
    return std::ranges::all_of(result.expect, [&](const ExpectResult& expect) {
        return expect.verdict == Verdict::pass ||
               (allow_undecided && expect.verdict == Verdict::undecided);
    });
}

}  // namespace archsim::scenarios
