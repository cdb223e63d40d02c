// UTF-8, one code point at a time: enough to reject bad input and to count columns.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace archsim::models {

/// One decoded step through a text.
struct CodePoint {
    char32_t value = 0;      ///< The code point, or the raw byte if it is not valid UTF-8.
    std::size_t length = 1;  ///< Bytes taken, at least 1.
    bool valid = true;       ///< False for a byte that does not begin a well-formed sequence.
};

/// Decodes the code point that starts at `at`. Overlong forms, surrogates and values above
/// U+10FFFF are not valid (The Unicode Standard, table 3-7). Requires: at < text.size().
[[nodiscard]] CodePoint decode(std::string_view text, std::size_t at);

/// Offset of the first byte that is not part of well-formed UTF-8, if there is one. O(n).
[[nodiscard]] std::optional<std::size_t> first_invalid(std::string_view text);

/// True for characters that a terminal must not receive from a file: C0 and C1 controls, DEL, and
/// those that reorder or hide text (bidirectional controls, zero-width marks, line separators).
[[nodiscard]] bool is_unprintable(char32_t c);

/// Appends a code point in UTF-8. Requires: c is a Unicode scalar value.
void append(std::string& text, char32_t c);

/// The byte order mark, U+FEFF in UTF-8.
inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

}  // namespace archsim::models
