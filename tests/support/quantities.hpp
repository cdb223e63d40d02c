// Quantities that a text states as literals, such as "18 ms", and whether a document has them: so
// that a rule can ask for the name of a metric instead of a number that nobody checks.
#pragma once

#include "models/document.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace archsim::tests {

/// Appends every string and number of a scenario that is no prose (description, question, look_at
/// and pt are left out).
void collect_values(const models::Value& value, std::vector<std::string>& values);

/// The literal times, rates and shares of a text, written together: "18ms" for "18 ms". What stands
/// in braces or in a word with '=' (a setting of a command) is none.
[[nodiscard]] std::vector<std::string> literals_in(std::string_view text);

/// Whether one of the values has the quantity, not as the end of a longer number.
[[nodiscard]] bool is_stated(const std::string& quantity, const std::vector<std::string>& values);

}  // namespace archsim::tests
