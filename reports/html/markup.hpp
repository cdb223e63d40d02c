// Writing HTML and SVG so that no name from a scenario can become markup.
#pragma once

#include <string>
#include <string_view>

namespace archsim::reports {

/// `text` made printable and with the five characters that mean something in markup escaped; safe
/// between tags and inside double-quoted attributes, in XML as well.
[[nodiscard]] std::string escaped(std::string_view text);

/// The same in single quotes, as an attribute may be: double quotes, of which JSON has many, stay.
[[nodiscard]] std::string single_quoted(std::string_view text);

/// JSON text made safe inside a script element: no "<", ">", "&" and no line separators.
[[nodiscard]] std::string script_safe(std::string_view json);

/// A number for SVG coordinates: two decimals at most, no exponent, the same everywhere.
[[nodiscard]] std::string coordinate(double value);

/// `<tag attributes>escaped text</tag>`; `attributes` is trusted and may be empty.
[[nodiscard]] std::string element(std::string_view tag, std::string_view attributes,
                                  std::string_view text);

/// A hash source of a Content-Security-Policy, 'sha256-...', from the SHA-256 digest in
/// hexadecimal. Source: W3C Content Security Policy Level 3.
[[nodiscard]] std::string csp_hash(std::string_view sha256_hex);

}  // namespace archsim::reports
