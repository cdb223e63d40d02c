// Reading and judging expectations.
#include "scenarios/expect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

namespace archsim::scenarios {

namespace {

using models::Code;

/// What stands behind the number of a bound: 10^exponent * times / over base units each. The power
/// of ten joins the digits before they become binary, so that "99.9%" is the same number as 0.999.
struct BoundUnit {
    std::string_view suffix;
    std::string_view unit;
    int exponent = 0;
    double times = 1.0;
    double over = 1.0;
};

constexpr BoundUnit bound_units[] = {
    {"", ""},
    {"%", "ratio", -2},
    {"ns", "s", -9},
    {"us", "s", -6},
    {"ms", "s", -3},
    {"s", "s"},
    {"min", "s", 0, 60},
    {"h", "s", 0, 3'600},
    {"d", "s", 0, 86'400},
    {"/s", "1/s"},
    {"k/s", "1/s", 3},
    {"M/s", "1/s", 6},
    {"/min", "1/s", 0, 1, 60},
    {"/h", "1/s", 0, 1, 3'600},
    {"/d", "1/s", 0, 1, 86'400},
    {"B", "bytes"},
    {"kB", "bytes", 3},
    {"MB", "bytes", 6},
    {"GB", "bytes", 9},
    {"TB", "bytes", 12},
    {"KiB", "bytes", 0, 1024.0},
    {"MiB", "bytes", 0, 1024.0 * 1024},
    {"GiB", "bytes", 0, 1024.0 * 1024 * 1024},
    {"TiB", "bytes", 0, 1024.0 * 1024 * 1024 * 1024},
    {"B/s", "bytes/s"},
    {"kB/s", "bytes/s", 3},
    {"MB/s", "bytes/s", 6},
    {"GB/s", "bytes/s", 9},
    {"TB/s", "bytes/s", 12},
    {"KiB/s", "bytes/s", 0, 1024.0},
    {"MiB/s", "bytes/s", 0, 1024.0 * 1024},
    {"GiB/s", "bytes/s", 0, 1024.0 * 1024 * 1024},
    {"TiB/s", "bytes/s", 0, 1024.0 * 1024 * 1024 * 1024},
    {"bps", "bytes/s", 0, 1, 8},
    {"kbps", "bytes/s", 3, 1, 8},
    {"Mbps", "bytes/s", 6, 1, 8},
    {"Gbps", "bytes/s", 9, 1, 8},
};

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

/// A number at the start of a text, and how many bytes of it.
struct Number {
    double value = 0.0;
    std::size_t length = 0;
};

/// The number that `text` starts with, times 10^shift; nothing if there is none or it is too large.
std::optional<Number> parse_number(std::string_view text, int shift = 0) {
    const std::size_t begin = text.starts_with('-') ? 1 : 0;
    if (begin == text.size() || text[begin] < '0' || text[begin] > '9') return std::nullopt;
    const char* const last = text.data() + text.size();
    Number number;
    const auto [end, error] = std::from_chars(text.data(), last, number.value);
    number.length = static_cast<std::size_t>(end - text.data());
    if (error != std::errc{}) return std::nullopt;
    if (shift == 0) return number;
    const std::string_view digits = text.substr(0, number.length);
    const std::size_t mark = std::min(digits.find_first_of("eE"), digits.size());
    int exponent = 0;
    if (mark < digits.size()) {
        const std::size_t sign = digits[mark + 1] == '+' ? 2 : 1;
        std::from_chars(digits.data() + mark + sign, digits.data() + digits.size(), exponent);
    }
    const std::string shifted = fmt::format("{}e{}", digits.substr(0, mark), exponent + shift);
    const auto again =
        std::from_chars(shifted.data(), shifted.data() + shifted.size(), number.value);
    return again.ec == std::errc{} ? std::optional{number} : std::nullopt;
}

std::variant<Bound, ExpectProblem> parse_bound(std::string_view text, std::size_t offset) {
    if (text == "true" || text == "false") return Bound{text == "true" ? 1.0 : 0.0, ""};
    const bool money = text.starts_with('$');
    const std::string_view digits = text.substr(money ? 1 : 0);
    const std::optional<Number> number = parse_number(digits);
    if (!number)
        return ExpectProblem{Code::bad_expectation, offset,
                             fmt::format("'{}' is not a bound", text),
                             "write a number with its unit, such as 40ms, 70%, 500/s or 64KiB"};
    const std::string_view suffix = trimmed(digits.substr(number->length));
    if (money) {
        if (suffix.empty() || suffix == "/month") return Bound{number->value, "usd"};
        return ExpectProblem{Code::unit_wrong, offset,
                             fmt::format("unknown unit '{}' of an amount of money", suffix),
                             "costs are per month: write \"$100\" or \"$100/month\""};
    }
    const auto* const unit = std::ranges::find(bound_units, suffix, &BoundUnit::suffix);
    if (unit == std::end(bound_units))
        return ExpectProblem{Code::unit_wrong, offset, fmt::format("unknown unit '{}'", suffix),
                             "known: ns us ms s min h d, %, /s k/s M/s /min /h /d, B KiB MiB GiB "
                             "kB MB GB, B/s MiB/s Mbps, $"};
    const std::optional<Number> shifted = parse_number(digits, unit->exponent);
    const double bound = shifted ? shifted->value * unit->times / unit->over : 0.0;
    if (!shifted || !std::isfinite(bound))
        return ExpectProblem{Code::out_of_range, offset, fmt::format("'{}' is too large", text)};
    return Bound{bound, unit->unit};
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
        {"s", "40ms"},      {"1/s", "500/s"},      {"ratio", "70%"},
        {"bytes", "64KiB"}, {"bytes/s", "10MB/s"}, {"usd", "$100"}};
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
