// Decimal numbers by integer arithmetic on their digits.
#include "sim/decimal.hpp"

#include <charconv>
#include <cstddef>
#include <limits>

namespace archsim::sim {

namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::size_t most_digits = 22;
constexpr int most_places = 30;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t count_digits(std::string_view text) {
    std::size_t n = 0;
    while (n < text.size() && is_digit(text[n])) ++n;
    return n;
}

Decimal normalised(std::string digits, int exponent) {
    const std::size_t first = digits.find_first_not_of('0');
    if (first == std::string::npos) return {};
    const std::size_t last = digits.find_last_not_of('0');
    exponent += static_cast<int>(digits.size() - 1 - last);
    return {digits.substr(first, last - first + 1), exponent};
}

}  // namespace

std::optional<Decimal> take_decimal(std::string_view& text) {
    const std::size_t whole = count_digits(text);
    if (whole == 0) return std::nullopt;
    std::string digits{text.substr(0, whole)};
    std::size_t end = whole;
    std::size_t places = 0;
    if (end < text.size() && text[end] == '.') {
        places = count_digits(text.substr(end + 1));
        if (places == 0) return std::nullopt;
        digits += text.substr(end + 1, places);
        end += 1 + places;
    }
    text.remove_prefix(end);
    return normalised(std::move(digits), -static_cast<int>(places));
}

std::optional<WholeNumber> whole_multiple(const Decimal& number, std::int64_t factor) {
    if (number.digits.size() > most_digits || number.exponent < -most_places) return std::nullopt;
    // 22 digits and a factor of 63 bits need 137 bits at worst, so both steps are checked.
    constexpr Wide highest = ~Wide{0};
    Wide product = 0;
    for (const char digit : number.digits) product = product * 10 + static_cast<Wide>(digit - '0');
    if (product > highest / static_cast<Wide>(factor)) return std::nullopt;
    product *= static_cast<Wide>(factor);
    for (int i = 0; i < number.exponent; ++i) {
        if (product > highest / 10) return std::nullopt;
        product *= 10;
    }
    Wide divisor = 1;
    for (int i = 0; i > number.exponent; --i) divisor *= 10;
    const Wide rest = product % divisor;
    Wide quotient = product / divisor;
    if (rest >= divisor - rest) ++quotient;
    if (quotient > static_cast<Wide>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
    return WholeNumber{static_cast<std::int64_t>(quotient), rest == 0};
}

double nearest_double(const Decimal& number, int power) {
    if (number.digits.empty()) return 0.0;
    const std::string text = number.digits + "e" + std::to_string(number.exponent + power);
    double value = 0.0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (result.ec == std::errc{}) return value;
    const bool small = static_cast<int>(number.digits.size()) + number.exponent + power < 0;
    return small ? 0.0 : std::numeric_limits<double>::infinity();
}

Decimal shortest_decimal(double value) {
    char buffer[40];
    const auto result =
        std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
    const std::string_view text{buffer, static_cast<std::size_t>(result.ptr - buffer)};
    const std::size_t mark = text.find('e');
    std::string digits{text.substr(0, 1)};
    if (mark > 1) digits += text.substr(2, mark - 2);
    int exponent = 0;
    const std::size_t sign = text[mark + 1] == '+' ? 2 : 1;  // from_chars knows no plus sign.
    std::from_chars(text.data() + mark + sign, text.data() + text.size(), exponent);
    const int places = static_cast<int>(digits.size()) - 1;
    return normalised(std::move(digits), exponent - places);
}

Decimal decimal_fraction(std::int64_t count, int places) {
    return normalised(std::to_string(count), -places);
}

std::string plain_text(const Decimal& number, int power) {
    if (number.digits.empty()) return "0";
    const int exponent = number.exponent + power;
    const int length = static_cast<int>(number.digits.size());
    if (exponent >= 0) return number.digits + std::string(static_cast<std::size_t>(exponent), '0');
    if (length + exponent <= 0)
        return "0." + std::string(static_cast<std::size_t>(-exponent - length), '0') +
               number.digits;
    const auto point = static_cast<std::size_t>(length + exponent);
    return number.digits.substr(0, point) + "." + number.digits.substr(point);
}

}  // namespace archsim::sim
