// The rows of the load-balancing exercise: which policy, in which starting state.
#pragma once

#include "models/language.hpp"
#include "models/load_balancer/policies.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace archsim::models {

/// Which requests are still open when the next one is decided.
enum class OpenRequests : std::uint8_t {
    none,        ///< Each ends before the next.
    last_of_u1,  ///< The one that u1 had on s3 before t1.
    all,         ///< Every request, those before t1 included.
    uneven,      ///< 1, 1, 0 and 2 on s1 to s4; those from t1 on end before the next.
};

/// What happened before t1, as far as the policy's own state is concerned.
enum class Before : std::uint8_t {
    rotation,  ///< Two other users went to s1 and s2, then u1 to s3, all decided by the policy.
    nothing,   ///< The policy has just been started.
};

/// One row to be answered. Arrays hold a value for each of s1 to s5.
struct ExerciseCase {
    BalancingConfig config;
    std::string variant;  ///< For the reader, in the language asked for.
    Before before = Before::nothing;
    OpenRequests open = OpenRequests::none;
    std::array<double, 5> weights = {1, 1, 1, 1, 1};
    std::array<double, 5> loads = {};                ///< As reported by the servers.
    std::array<std::int64_t, 5> mean_times_ms = {};  ///< Mean response times; 0 is unknown.
    bool restarted_on_change = false;  ///< Whether the policy forgets its state after t2.
};

/// All rows, every policy at least once.
[[nodiscard]] std::vector<ExerciseCase> exercise_cases(Language language);

/// What the guide leaves open and all rows share, as sentences.
[[nodiscard]] std::vector<std::string> exercise_assumptions(Language language, std::uint64_t seed);

/// The four questions, each with the columns that answer it.
[[nodiscard]] std::vector<std::string> exercise_questions(Language language);

}  // namespace archsim::models
