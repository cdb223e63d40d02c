// Long sentences as lines that fit a terminal.
#pragma once

#include <cstddef>
#include <string>

namespace archsim::reports {

/// Columns of a line, if its words allow that.
inline constexpr std::size_t wrapped_width = 92;

/// The text in lines, each after `indent` blanks, the first after `first` instead. A number and the
/// unit behind it stay on one line. O(length).
[[nodiscard]] std::string wrapped(const std::string& text, std::string first, std::size_t indent);

}  // namespace archsim::reports
