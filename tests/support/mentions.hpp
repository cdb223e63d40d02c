// What most tests of texts ask.
#pragma once

#include <string_view>

namespace archsim::tests {

/// Whether `part` stands somewhere in `text`.
[[nodiscard]] inline bool mentions(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace archsim::tests
