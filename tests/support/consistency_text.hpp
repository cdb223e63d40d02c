// Everything that a monitor finds in a history as text, to compare two results in every number.
#pragma once

#include "models/consistency/result.hpp"

#include <string>

namespace archsim::tests {

/// One line for each number or list of the result; attempts of operations are left out.
[[nodiscard]] std::string text_of(const models::ConsistencyResult& result);

}  // namespace archsim::tests
