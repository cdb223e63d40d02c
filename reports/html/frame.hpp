// What every HTML page of the reports begins and ends with: its policy, style and script.
#pragma once

#include "reports/html/words.hpp"

#include <string>
#include <string_view>

namespace archsim::reports {

/// Everything up to and with the opening body tag. The policy lets the page load nothing and run
/// nothing but its own style and script.
[[nodiscard]] std::string page_head(std::string_view title, const Words& words);
/// A footer with `text`, the script, and the closing tags.
[[nodiscard]] std::string page_end(std::string_view text);

}  // namespace archsim::reports
