// From text to a document: JSON with // and /* */ comments, strict in everything else.
// Limits are checked before memory is taken; every value and key knows where it stands.
#pragma once

#include "models/document.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace archsim::scenarios {

/// Levels of arrays and objects that a document may have.
inline constexpr std::size_t depth_limit = 64;
/// Bytes that a file may have: 64 MiB.
inline constexpr std::size_t size_limit = std::size_t{64} << 20;
/// Values that a document may have.
inline constexpr std::size_t value_limit = 1'000'000;

/// Parses a text whose spots shall name `source`. Refused, each with its place: bytes that are not
/// UTF-8, NUL, syntax errors, duplicate keys, and more than the limits allow. A byte order mark at
/// the start is passed over. Linear in the text, duplicate keys O(n log n).
[[nodiscard]] std::optional<models::Value> parse(std::string_view text, std::uint32_t source,
                                                 models::Diagnostics& diagnostics);

/// The same for a text that is part of a source: `start` is the spot of its first byte.
[[nodiscard]] std::optional<models::Value> parse(std::string_view text, models::Spot start,
                                                 models::Diagnostics& diagnostics);

}  // namespace archsim::scenarios
