// Writing quantities so that reading gives the same value back.
#include "sim/decimal.hpp"
#include "sim/units_text.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace archsim::sim {

namespace {

/// A unit that is `factor` base units, or 10^places of them.
struct PrintUnit {
    std::string_view name;
    std::int64_t factor;
    int places = 0;
};

constexpr PrintUnit decimal_times[] = {
    {"s", 1'000'000'000, 9}, {"ms", 1'000'000, 6}, {"us", 1'000, 3}};
constexpr PrintUnit whole_times[] = {
    {"d", 86'400'000'000'000}, {"h", 3'600'000'000'000}, {"m", 60'000'000'000}};
constexpr PrintUnit printed_sizes[] = {{"TiB", 1LL << 40},
                                       {"GiB", 1LL << 30},
                                       {"MiB", 1LL << 20},
                                       {"KiB", 1LL << 10},
                                       {"TB", 1'000'000'000'000},
                                       {"GB", 1'000'000'000},
                                       {"MB", 1'000'000},
                                       {"kB", 1'000},
                                       {"B", 1}};
constexpr PrintUnit printed_bandwidths[] = {
    {"Gbps", 1'000'000'000, 9}, {"Mbps", 1'000'000, 6}, {"kbps", 1'000, 3}};

/// In the largest unit that is reached, with as many places as it takes.
std::string in_decimal_unit(std::int64_t count, std::span<const PrintUnit> units,
                            std::string_view base) {
    for (const PrintUnit& unit : units)
        if (count >= unit.factor)
            return plain_text(decimal_fraction(count, unit.places)) + std::string{unit.name};
    return std::to_string(count) + std::string{base};
}

/// "-" and the text of the opposite value, so that the rest sees nothing below zero. The one value
/// without an opposite is printed as its neighbour.
template <class Quantity>
std::string negated(std::int64_t count, Quantity (*make)(std::int64_t)) {
    constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
    return "-" + to_text(make(count == lowest ? -(count + 1) : -count));
}

}  // namespace

std::string to_text(Duration value) {
    const std::int64_t count = value.count();
    if (count < 0)
        return negated<Duration>(count, [](std::int64_t n) { return Duration::nanoseconds(n); });
    if (count == 0) return "0s";
    for (const PrintUnit& unit : whole_times)
        if (count % unit.factor == 0)
            return std::to_string(count / unit.factor) + std::string{unit.name};
    return in_decimal_unit(count, decimal_times, "ns");
}

std::string to_text(Bytes value) {
    const std::int64_t count = value.count();
    if (count < 0) return negated<Bytes>(count, [](std::int64_t n) { return Bytes{n}; });
    std::string shortest = std::to_string(count) + "B";
    if (count == 0) return shortest;
    for (const PrintUnit& unit : printed_sizes) {
        if (count % unit.factor != 0) continue;
        std::string text = std::to_string(count / unit.factor) + std::string{unit.name};
        if (text.size() < shortest.size()) shortest = std::move(text);
    }
    return shortest;
}

std::string to_text(Bandwidth value) {
    const std::int64_t count = value.bits_per_second();
    if (count < 0)
        return negated<Bandwidth>(count,
                                  [](std::int64_t n) { return Bandwidth::bits_per_second(n); });
    return in_decimal_unit(count, printed_bandwidths, "bps");
}

std::string to_text(Money value) {
    const std::int64_t count = value.nanodollars();
    if (count < 0)
        return negated<Money>(count, [](std::int64_t n) { return Money::nanodollars(n); });
    std::string text = "$" + plain_text(decimal_fraction(count, 9));
    // Twelve dollars fifty are not $12.5.
    const std::size_t point = text.find('.');
    if (point != std::string::npos && text.size() - point == 2) text += '0';
    return text;
}

std::string to_text(Rate value) {
    const double number = value.per_second();
    if (number < 0.0) return "-" + to_text(Rate::per_second(-number));
    return plain_text(shortest_decimal(number)) + "/s";
}

std::string to_text(Probability value) {
    return plain_text(shortest_decimal(value.value()), 2) + "%";
}

std::string to_text(PriceOfTime value) {
    const std::int64_t month = value.per_month().nanodollars();
    const bool hourly = month % 730 == 0 && month != 0;
    return to_text(Money::nanodollars(hourly ? month / 730 : month)) + (hourly ? "/h" : "/month");
}

std::string to_text(PriceOfData value) {
    const std::string per = to_text(value.per());
    const bool one = per.starts_with("1") && (per[1] < '0' || per[1] > '9');
    return to_text(value.price()) + "/" + (one ? per.substr(1) : per);
}

std::string to_text(PriceOfRequests value) {
    const std::int64_t per = value.per();
    const std::string count = per % 1'000'000 == 0 ? std::to_string(per / 1'000'000) + "M"
                              : per % 1'000 == 0   ? std::to_string(per / 1'000) + "k"
                                                   : std::to_string(per);
    return to_text(value.price()) + "/" + count;
}

}  // namespace archsim::sim
