// A worked exercise of the guide as text for the terminal.
#pragma once

#include "models/language.hpp"
#include "models/load_balancer/exercise.hpp"
#include "reports/text.hpp"

#include <string>

namespace archsim::reports {

/// Questions, assumptions, the table of answers and, with `trace`, the reasons for each row.
[[nodiscard]] std::string write_exercise(const models::ExerciseSolution& solution,
                                         models::Language language, const Style& style, bool trace);

}  // namespace archsim::reports
