// Reading quantities. Every quantity is a table of units; the code below is common to them.
#include "sim/units_text.hpp"

#include "sim/decimal.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <span>
#include <utility>

namespace archsim::sim {

namespace {

constexpr std::size_t longest_text = 60;

/// A unit: its value is number x factor in the base unit.
struct Unit {
    std::string_view name;
    std::int64_t factor;
};

/// A unit of a real number: number x 10^power / divisor.
struct RealUnit {
    std::string_view name;
    int power;
    double divisor;
};

/// What sets one quantity of whole base units apart from another.
struct Scale {
    const QuantityForm& form;
    std::span<const Unit> units;
    std::string_view prefix;     ///< "$" or nothing.
    std::string_view smallest;   ///< The base unit as text.
    std::int64_t most;           ///< The greatest value in base units...
    std::string_view most_text;  ///< ...and as text.
};

constexpr Unit times[] = {{"ns", 1},
                          {"us", 1'000},
                          {"\u00b5s", 1'000},  // The micro sign...
                          {"\u03bcs", 1'000},  // ...and the Greek letter that looks like it.
                          {"ms", 1'000'000},
                          {"s", 1'000'000'000},
                          {"m", 60'000'000'000},
                          {"h", 3'600'000'000'000},
                          {"d", 86'400'000'000'000}};
constexpr Unit sizes[] = {{"B", 1},
                          {"kB", 1'000},
                          {"MB", 1'000'000},
                          {"GB", 1'000'000'000},
                          {"TB", 1'000'000'000'000},
                          {"KiB", 1LL << 10},
                          {"MiB", 1LL << 20},
                          {"GiB", 1LL << 30},
                          {"TiB", 1LL << 40}};
constexpr Unit bandwidths[] = {
    {"bps", 1}, {"kbps", 1'000}, {"Mbps", 1'000'000}, {"Gbps", 1'000'000'000}};
constexpr Unit dollars[] = {{"", 1'000'000'000}};
constexpr Unit billed_times[] = {{"/h", 730'000'000'000}, {"/month", 1'000'000'000}};
constexpr Unit billed_sizes[] = {
    {"/kB", 1'000},      {"/MB", 1'000'000},  {"/GB", 1'000'000'000}, {"/TB", 1'000'000'000'000},
    {"/KiB", 1LL << 10}, {"/MiB", 1LL << 20}, {"/GiB", 1LL << 30},    {"/TiB", 1LL << 40}};
constexpr Unit billed_counts[] = {{"/1", 1}, {"/1k", 1'000}, {"/1M", 1'000'000}};
constexpr RealUnit rates[] = {{"/s", 0, 1},  {"/m", 0, 60},  {"/h", 0, 3'600},
                              {"k/s", 3, 1}, {"k/m", 3, 60}, {"k/h", 3, 3'600},
                              {"M/s", 6, 1}, {"M/m", 6, 60}, {"M/h", 6, 3'600}};
constexpr RealUnit shares[] = {{"%", -2, 1}};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_letters(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (lower(a[i]) != lower(b[i])) return false;
    return true;
}

/// Foreign text in a message: cut, and with nothing that could steer a terminal.
std::string quoted(std::string_view text) {
    std::string result = "'";
    for (const char c : text.substr(0, longest_text)) result += c >= ' ' && c <= '~' ? c : '?';
    return result + (text.size() > longest_text ? "...'" : "'");
}

std::string advice(const QuantityForm& form) {
    return fmt::format("valid units: {}; for example \"{}\"", form.units, form.example);
}

/// Spellings of time units that other programs accept.
std::string_view short_for(std::string_view unit) {
    constexpr std::pair<std::string_view, std::string_view> words[] = {
        {"sec", "s"},  {"secs", "s"},  {"second", "s"},  {"seconds", "s"},
        {"min", "m"},  {"mins", "m"},  {"minute", "m"},  {"minutes", "m"},
        {"hr", "h"},   {"hour", "h"},  {"hours", "h"},   {"day", "d"},
        {"days", "d"}, {"msec", "ms"}, {"millis", "ms"}, {"usec", "us"}};
    for (const auto& [word, symbol] : words)
        if (same_letters(unit, word)) return symbol;
    return {};
}

/// The unit that `unit` seems to mean: other case, blanks between, or written out.
template <class Units>
std::optional<std::string_view> meant(std::string_view unit, const Units& units) {
    std::string folded;
    for (const char c : unit)
        if (c != ' ' && c != '\t') folded += c;
    for (const auto& known : units)
        if (known.name == folded) return known.name;
    for (const auto& known : units)
        if (same_letters(known.name, folded)) return known.name;
    const std::string_view symbol = short_for(folded);
    for (const auto& known : units)
        if (!symbol.empty() && known.name == symbol) return known.name;
    const std::string_view per = folded.starts_with("/") ? short_for(folded.substr(1)) : "";
    for (const auto& known : units)
        if (!per.empty() && known.name.starts_with("/") && known.name.substr(1) == per)
            return known.name;
    return std::nullopt;
}

TextError malformed(std::string_view text, const QuantityForm& form, std::string hint = {}) {
    return {TextFault::malformed, fmt::format("{} is not a {}", quoted(text), form.name),
            hint.empty() ? advice(form) : std::move(hint)};
}

/// A text taken apart: its number and the row of its unit.
template <class Row>
struct Parts {
    Decimal number;
    const Row* unit = nullptr;
};

/// The hint for a text whose number cannot be read.
std::string number_hint(std::string_view rest, std::string_view prefix) {
    if (rest.starts_with(".")) return fmt::format("did you mean \"{}0{}\"?", prefix, rest);
    if (rest.starts_with("+")) return "write it without the plus sign";
    return {};
}

/// One number and one unit of the table, behind the prefix.
template <class Row>
std::variant<Parts<Row>, TextError> take_apart(std::string_view text, const QuantityForm& form,
                                               std::span<const Row> units,
                                               std::string_view prefix = {}) {
    if (text.size() > longest_text) return malformed(text, form);
    std::string_view rest = text;
    if (rest.starts_with("-"))
        return TextError{TextFault::out_of_range, fmt::format("{} is below zero", quoted(text)),
                         fmt::format("a {} is zero or more", form.name)};
    if (!rest.starts_with(prefix)) {
        const bool number = take_decimal(rest).has_value() && rest.empty();
        if (!number) return malformed(text, form);
        return TextError{TextFault::unit_missing, fmt::format("{} has no unit", quoted(text)),
                         advice(form)};
    }
    rest.remove_prefix(prefix.size());
    const std::string_view written = rest;
    std::optional<Decimal> number = take_decimal(rest);
    if (!number) {
        const bool plain = quoted(rest) == fmt::format("'{}'", rest);
        return malformed(text, form, plain ? number_hint(rest, prefix) : "");
    }
    for (const Row& unit : units)
        if (unit.name == rest) return Parts<Row>{std::move(*number), &unit};
    if (rest.empty())
        return TextError{TextFault::unit_missing, fmt::format("{} has no unit", quoted(text)),
                         advice(form)};
    if (rest.starts_with(",")) return malformed(text, form, "write fractions with a point");
    const std::string_view digits = written.substr(0, written.size() - rest.size());
    if (const auto unit = meant(rest, units))
        return TextError{
            TextFault::unit_wrong,
            fmt::format("{} has an unknown unit {}", quoted(text), quoted(rest)),
            fmt::format("did you mean \"{}{}{}\"? {}", prefix, digits, *unit, advice(form))};
    return TextError{TextFault::unit_wrong,
                     fmt::format("{} has no unit of a {}", quoted(text), form.name), advice(form)};
}

TextError too_large(std::string_view text, std::string_view most) {
    return {TextFault::out_of_range, fmt::format("{} is too large", quoted(text)),
            fmt::format("the greatest is {}", most)};
}

/// number x factor in whole base units within the range of the scale.
Parsed<std::int64_t> whole(std::string_view text, const Decimal& number, std::int64_t factor,
                           const Scale& scale) {
    const std::optional<WholeNumber> amount = whole_multiple(number, factor);
    if (!amount && number.exponent < 0 && number.digits.size() > 15)
        return TextError{TextFault::out_of_range,
                         fmt::format("{} has more digits than can be held", quoted(text)),
                         fmt::format("the finest step is {}", scale.smallest)};
    if (!amount || amount->value > scale.most) return too_large(text, scale.most_text);
    const bool lost = !amount->exact && (factor == 1 || amount->value == 0);
    if (lost)
        return TextError{TextFault::out_of_range,
                         fmt::format("{} is finer than can be held", quoted(text)),
                         fmt::format("the finest step is {}", scale.smallest)};
    return amount->value;
}

/// Reads a quantity of whole base units and makes it from their number.
template <class Quantity>
Parsed<Quantity> parse_whole(std::string_view text, const Scale& scale,
                             Quantity (*make)(std::int64_t)) {
    const auto parts = take_apart(text, scale.form, scale.units, scale.prefix);
    if (parts.index() == 1) return std::get<1>(parts);
    const auto& [number, unit] = std::get<0>(parts);
    const Parsed<std::int64_t> amount = whole(text, number, unit->factor, scale);
    if (!amount) return amount.error();
    return make(*amount);
}

/// Reads an amount of money and what it buys.
std::variant<std::pair<Money, std::int64_t>, TextError> parse_ratio(std::string_view text,
                                                                    const Scale& scale) {
    const auto parts = take_apart(text, scale.form, scale.units, scale.prefix);
    if (parts.index() == 1) return std::get<1>(parts);
    const auto& [number, unit] = std::get<0>(parts);
    const Parsed<std::int64_t> amount = whole(text, number, dollars[0].factor, scale);
    if (!amount) return amount.error();
    return std::pair{Money::nanodollars(*amount), unit->factor};
}

/// Reads a real number with its unit, 0 to `most`.
std::variant<double, TextError> parse_real(std::string_view text, const QuantityForm& form,
                                           std::span<const RealUnit> units, double most,
                                           std::string_view most_text) {
    const auto parts = take_apart(text, form, units);
    if (parts.index() == 1) return std::get<1>(parts);
    const auto& [number, unit] = std::get<0>(parts);
    const double value = nearest_double(number, unit->power) / unit->divisor;
    if (value > most) return too_large(text, most_text);
    return value;
}

constexpr std::int64_t most_money = 1'000'000'000'000'000'000;

}  // namespace

template <>
const QuantityForm& quantity_form<Duration>() {
    static constexpr QuantityForm form{"duration", "ns, us, ms, s, m, h, d", "5ms",
                                       "^[0-9]+(\\.[0-9]+)?(ns|us|\u00b5s|\u03bcs|ms|s|m|h|d)$"};
    return form;
}
template <>
const QuantityForm& quantity_form<Bytes>() {
    static constexpr QuantityForm form{"size", "B, kB, MB, GB, TB, KiB, MiB, GiB, TiB", "64KiB",
                                       "^[0-9]+(\\.[0-9]+)?([kMGT]?B|[KMGT]iB)$"};
    return form;
}
template <>
const QuantityForm& quantity_form<Rate>() {
    static constexpr QuantityForm form{"rate", "/s, /m (minute), /h, each also with k or M before",
                                       "1500/s", "^[0-9]+(\\.[0-9]+)?[kM]?/[smh]$"};
    return form;
}
template <>
const QuantityForm& quantity_form<Bandwidth>() {
    static constexpr QuantityForm form{"bandwidth", "bps, kbps, Mbps, Gbps (bits per second)",
                                       "100Mbps", "^[0-9]+(\\.[0-9]+)?[kMG]?bps$"};
    return form;
}
template <>
const QuantityForm& quantity_form<Money>() {
    static constexpr QuantityForm form{"price", "$ before the number", "$12.50",
                                       "^\\$[0-9]+(\\.[0-9]+)?$"};
    return form;
}
template <>
const QuantityForm& quantity_form<Probability>() {
    static constexpr QuantityForm form{"probability", "%", "1%", "^[0-9]+(\\.[0-9]+)?%$"};
    return form;
}
template <>
const QuantityForm& quantity_form<PriceOfTime>() {
    static constexpr QuantityForm form{"price of time", "$ before the number, then /h or /month",
                                       "$0.12/h", "^\\$[0-9]+(\\.[0-9]+)?/(h|month)$"};
    return form;
}
template <>
const QuantityForm& quantity_form<PriceOfData>() {
    static constexpr QuantityForm form{
        "price of data", "$ before the number, then /kB, /MB, /GB, /TB, /KiB, /MiB, /GiB or /TiB",
        "$0.09/GiB", "^\\$[0-9]+(\\.[0-9]+)?/([kMGT]B|[KMGT]iB)$"};
    return form;
}
template <>
const QuantityForm& quantity_form<PriceOfRequests>() {
    static constexpr QuantityForm form{"price of requests",
                                       "$ before the number, then /1, /1k or /1M requests",
                                       "$0.40/1M", "^\\$[0-9]+(\\.[0-9]+)?/1[kM]?$"};
    return form;
}

template <>
Parsed<Duration> parse_quantity<Duration>(std::string_view text) {
    const Scale scale{quantity_form<Duration>(), times, "", "1ns", Duration::longest().count(),
                      "100 years (36500d)"};
    return parse_whole<Duration>(text, scale,
                                 [](std::int64_t n) { return Duration::nanoseconds(n); });
}
template <>
Parsed<Bytes> parse_quantity<Bytes>(std::string_view text) {
    const Scale scale{quantity_form<Bytes>(), sizes, "", "1B", 1LL << 60, "1048576TiB"};
    return parse_whole<Bytes>(text, scale, [](std::int64_t n) { return Bytes{n}; });
}
template <>
Parsed<Bandwidth> parse_quantity<Bandwidth>(std::string_view text) {
    const Scale scale{quantity_form<Bandwidth>(), bandwidths,   "", "1bps",
                      1'000'000'000'000'000,      "1000000Gbps"};
    return parse_whole<Bandwidth>(text, scale,
                                  [](std::int64_t n) { return Bandwidth::bits_per_second(n); });
}
template <>
Parsed<Money> parse_quantity<Money>(std::string_view text) {
    const Scale scale{quantity_form<Money>(), dollars,    "$",
                      "$0.000000001",         most_money, "$1000000000"};
    return parse_whole<Money>(text, scale, [](std::int64_t n) { return Money::nanodollars(n); });
}
template <>
Parsed<PriceOfTime> parse_quantity<PriceOfTime>(std::string_view text) {
    const Scale scale{quantity_form<PriceOfTime>(), billed_times, "$",
                      "$0.000000001/month",         most_money,   "$1000000000/month"};
    return parse_whole<PriceOfTime>(
        text, scale, [](std::int64_t n) { return PriceOfTime::per_month(Money::nanodollars(n)); });
}
template <>
Parsed<PriceOfData> parse_quantity<PriceOfData>(std::string_view text) {
    const Scale scale{
        quantity_form<PriceOfData>(), billed_sizes, "$", "$0.000000001", most_money, "$1000000000"};
    const auto ratio = parse_ratio(text, scale);
    if (ratio.index() == 1) return std::get<1>(ratio);
    return PriceOfData{std::get<0>(ratio).first, Bytes{std::get<0>(ratio).second}};
}
template <>
Parsed<PriceOfRequests> parse_quantity<PriceOfRequests>(std::string_view text) {
    const Scale scale{quantity_form<PriceOfRequests>(),
                      billed_counts,
                      "$",
                      "$0.000000001",
                      most_money,
                      "$1000000000"};
    const auto ratio = parse_ratio(text, scale);
    if (ratio.index() == 1) return std::get<1>(ratio);
    return PriceOfRequests{std::get<0>(ratio).first, std::get<0>(ratio).second};
}
template <>
Parsed<Rate> parse_quantity<Rate>(std::string_view text) {
    const auto value = parse_real(text, quantity_form<Rate>(), rates, 1e12, "1000000M/s");
    if (value.index() == 1) return std::get<1>(value);
    return Rate::per_second(std::get<0>(value));
}
template <>
Parsed<Probability> parse_quantity<Probability>(std::string_view text) {
    const auto value = parse_real(text, quantity_form<Probability>(), shares, 1.0, "100%");
    if (value.index() == 1) return std::get<1>(value);
    return Probability{std::get<0>(value)};
}

}  // namespace archsim::sim
