// The guide's load-balancing exercise (section 3.1), answered by the policies themselves.
// Four servers, u1 was last served by s3: who gets u1 at t1, u2 at t2 and u1 at t3, and what does
// t3 become when s3 is down or s5 has joined? No simulation: just the decisions, with their
// reasons.
#pragma once

#include "models/language.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace archsim::models {

/// Where one request goes.
struct ExerciseAnswer {
    std::string server;           ///< "s4"; for policies that draw, the draw for the seed.
    std::vector<double> chances;  ///< Probability of s1, s2, ...; empty when nothing is drawn.
};

/// The answers of one policy under one set of assumptions.
struct ExerciseRow {
    std::string algorithm;   ///< As a scenario writes it, such as "round_robin".
    std::string variant;     ///< What this row assumes beyond the common assumptions; may be empty.
    std::string identities;  ///< Who u1 and u2 are, for policies that hash; else empty.
    ExerciseAnswer t1;       ///< u1.
    ExerciseAnswer t2;       ///< u2.
    ExerciseAnswer t3;       ///< u1 again.
    ExerciseAnswer t3_down;  ///< t3 when s3 is known to be down since after t2.
    ExerciseAnswer t3_added;         ///< t3 when s5 has been added after t2.
    std::vector<std::string> trace;  ///< Why, step by step.
};

/// The worked exercise.
struct ExerciseSolution {
    std::string title;
    std::vector<std::string> questions;    ///< The four questions and the columns that answer them.
    std::vector<std::string> assumptions;  ///< The state that the guide leaves open.
    std::vector<ExerciseRow> rows;
};

/// Answers the exercise for every policy. All text is in `language`; `seed` decides the draws of
/// random policies and nothing else. Deterministic. The answers that nginx and HAProxy gave to the
/// same questions are the tests of this function.
[[nodiscard]] ExerciseSolution solve_load_balancing_exercise(Language language, std::uint64_t seed);

}  // namespace archsim::models
