// Grading: a student's answers held against what the runs of an exercise measured.
#pragma once

#include "models/load_balancer/exercise.hpp"
#include "scenarios/exercise.hpp"
#include "scenarios/result.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace archsim::scenarios {

/// What an exercise came to when it was run.
struct WorkedExercise {
    std::vector<Result> results;  ///< One a run, in order.
    /// The load-balancing table, if the exercise has it.
    std::optional<models::ExerciseSolution> table{};
};

/// What an answer came to.
enum class Mark : std::uint8_t { right, wrong, unanswered, not_measured };

/// One graded answer.
struct Grade {
    Mark mark = Mark::unanswered;
    std::vector<std::string> given{};
    std::vector<std::string> expected{};  ///< The right words; empty for a number.
    std::optional<double> observed{};     ///< The right number.
    std::string unit{};
};

/// Grades one answer for each question of the exercise. A quantity in a unit that its metric does
/// not have is a problem, with its place. Requires: answers as load_answers gives them, or the
/// exercise's own; one result a run.
[[nodiscard]] std::vector<Grade> grade(const Exercise& exercise, const WorkedExercise& worked,
                                       std::span<const GivenAnswer> answers,
                                       models::Diagnostics& diagnostics);

/// The exercise's own answers, in the order of its questions.
[[nodiscard]] std::vector<GivenAnswer> own_answers(const Exercise& exercise);

/// Judges a statement of the exercise by its runs.
[[nodiscard]] StatementResult judge(const Statement& statement, const Exercise& exercise,
                                    const WorkedExercise& worked);

}  // namespace archsim::scenarios
