// Decimal numbers as people write them, kept as digits and a power of ten, so that "0.1s" is
// exactly 100 ms. Written by hand because the functions of the C library follow the locale.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace archsim::sim {

/// digits x 10^exponent, zero or more.
struct Decimal {
    std::string digits;  ///< Without leading or trailing zeros; empty for zero.
    int exponent = 0;    ///< 0 for zero.
};

/// A whole number that came from a decimal, and whether nothing was rounded off.
struct WholeNumber {
    std::int64_t value = 0;
    bool exact = true;
};

/// Reads "12", "12.5" or "0.5" from the front of `text` and moves the view behind it. Nothing (and
/// `text` unmoved) without a digit before the point or after it. No sign, no exponent.
[[nodiscard]] std::optional<Decimal> take_decimal(std::string_view& text);

/// number x factor, rounded to the nearest whole number, halves up. Nothing if it has more than 22
/// significant digits, or more than 30 places after the point, or does not fit in 63 bits.
/// Requires: factor > 0. O(digits).
[[nodiscard]] std::optional<WholeNumber> whole_multiple(const Decimal& number, std::int64_t factor);

/// The double nearest to number x 10^power; infinity where there is none.
[[nodiscard]] double nearest_double(const Decimal& number, int power = 0);

/// The fewest digits that identify the value. Requires: value finite and not negative.
[[nodiscard]] Decimal shortest_decimal(double value);

/// count / 10^places as a decimal. Requires: count >= 0, places >= 0.
[[nodiscard]] Decimal decimal_fraction(std::int64_t count, int places);

/// number x 10^power without an exponent, such as "0.0015"; "0" for zero.
[[nodiscard]] std::string plain_text(const Decimal& number, int power = 0);

}  // namespace archsim::sim
