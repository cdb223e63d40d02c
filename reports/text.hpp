// Turning names and numbers into text for people: width of UTF-8, safety of foreign text,
// numbers with a fitting unit. Independent of the locale, so the same everywhere.
#pragma once

#include "models/language.hpp"
#include "scenarios/result.hpp"
#include "sim/statistics.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace archsim::reports {

/// How text for a terminal may look. The caller finds out what the terminal can show.
struct Style {
    bool colour = false;  ///< ANSI colours; never the only bearer of a meaning.
    bool unicode = true;  ///< Else only ASCII signs are used.
    /// Of the headings, where a report has them in several languages.
    models::Language language = models::Language::english;
};

/// Signs of a style, for messages that have an ASCII form.
struct Signs {
    std::string_view pass, fail, undecided, no_data, plus_minus, sigma, rule;
};

/// The signs for `style`.
[[nodiscard]] const Signs& signs_of(const Style& style);

enum class Colour { none, green, red, yellow, bold, dim };

/// `text` in a colour, or as it is where the style has none or the text is empty.
[[nodiscard]] std::string painted(std::string_view text, Colour colour, const Style& style);

/// Columns that the text takes on a terminal: wide characters count two, combining ones none.
/// Source: the ranges of Unicode Standard Annex 11, coarsely. O(length).
[[nodiscard]] std::size_t display_width(std::string_view text);

/// The text with malformed UTF-8 replaced by U+FFFD and control characters (line breaks and
/// terminal escapes among them) by spaces, so that no scenario can steer a terminal. O(length).
[[nodiscard]] std::string printable(std::string_view text);

/// A number to `digits` significant digits, without exponent between 0.0001 and 10^15.
/// Requires: finite, 1 <= digits <= 15.
[[nodiscard]] std::string significant(double value, int digits = 4);

/// A value with the unit that suits its size: 0.0381 "s" is "38.1 ms", 0.7 "ratio" is "70 %".
/// Units: s, 1/s, ratio, bytes, bytes/s, usd, count; another one is written behind the number.
[[nodiscard]] std::string humanised(double value, std::string_view unit, int digits = 4);

/// Why a result is partial: the reason, or what its status is called where none was given.
[[nodiscard]] std::string why_partial(scenarios::Status status, const std::string& reason);

/// The half width of an interval relative to its value, such as "±2.1 %"; "" without either or
/// with a value of zero. Shows at least 0.1 %.
[[nodiscard]] std::string relative_error(std::optional<double> value,
                                         const std::optional<sim::Interval>& interval,
                                         const Style& style);

}  // namespace archsim::reports
