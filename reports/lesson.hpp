// An exercise that has been run, as text for the terminal: question, commands, what the runs show,
// worked answer, graded answers; and the sheet for a student's answers.
#pragma once

#include "models/language.hpp"
#include "reports/text.hpp"
#include "scenarios/grading.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::reports {

/// `text` with "{run:metric}" replaced by the value of that metric in that run, or by "-".
[[nodiscard]] std::string filled(std::string_view text, const scenarios::Exercise& exercise,
                                 const scenarios::WorkedExercise& worked);

/// What the texts of the exercise, in either language, name and the runs have not measured, and the
/// statements that do not hold, one line each. Empty for an exercise that is in order.
[[nodiscard]] std::vector<std::string> unfounded(const scenarios::Exercise& exercise,
                                                 const scenarios::WorkedExercise& worked);

/// The question, and what the student is asked.
[[nodiscard]] std::string write_exercise_question(const scenarios::Exercise& exercise,
                                                  models::Language language, const Style& style);

/// The commands, what the runs show, and the worked answer.
[[nodiscard]] std::string write_exercise_answer(const scenarios::Exercise& exercise,
                                                const scenarios::WorkedExercise& worked,
                                                models::Language language, const Style& style);

/// Each question with its mark, what was given, what is right, and the reason.
[[nodiscard]] std::string write_grades(const scenarios::Exercise& exercise,
                                       const scenarios::WorkedExercise& worked,
                                       std::span<const scenarios::Grade> grades,
                                       models::Language language, const Style& style);

/// A sheet of answers to be filled in: JSON with the questions as comments, every answer null.
[[nodiscard]] std::string write_answer_sheet(const scenarios::Exercise& exercise,
                                             models::Language language);

}  // namespace archsim::reports
