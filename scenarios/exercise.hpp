// An exercise of the guide as data: its question, the scenarios that answer it, what they show, the
// worked answer, and what is asked of the student. A file of scenarios/exercises/ declares one.
#pragma once

#include "models/language.hpp"
#include "models/spec.hpp"
#include "scenarios/given_answer.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/statement.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace archsim::scenarios {

/// A text in both languages. "{alone:users/latency/p99}" in it becomes the value of that metric in
/// the run called "alone".
struct Wording {
    std::string en;
    std::string pt;
    static const models::Spec<Wording>& spec();

    [[nodiscard]] const std::string& in(models::Language language) const {
        return language == models::Language::portuguese ? pt : en;
    }
};

/// A scenario that answers the exercise.
struct ExerciseRun {
    std::string name;              ///< In statements and texts.
    std::string file;              ///< Relative to the exercise.
    std::vector<std::string> set;  ///< Changes as with --set.
    static const models::Spec<ExerciseRun>& spec();
};

/// What the runs show, with the statements that must hold for it to be true.
struct Claim {
    std::string en;
    std::string pt;
    std::vector<Statement> holds;
    static const models::Spec<Claim>& spec();

    [[nodiscard]] Wording wording() const { return {en, pt}; }
};

/// Accepted is one of the words.
struct ChoiceRule {
    models::InOrder<Wording> options;
    std::vector<std::string> accepted;
    static const models::Spec<ChoiceRule>& spec();
};

/// Accepted is what comes near enough to a metric of a run.
struct NumberRule {
    models::Reference run;
    std::string metric;
    sim::Probability tolerance{0.1};
    static const models::Spec<NumberRule>& spec();
};

/// Which end of an ordering comes first.
enum class OrderFrom : std::uint8_t { lowest, highest };

/// Accepted are the runs in the order of a metric; neighbours whose intervals overlap may change
/// places.
struct OrderRule {
    std::vector<models::Reference> runs;
    std::string metric;
    OrderFrom from = OrderFrom::lowest;
    static const models::Spec<OrderRule>& spec();
};

/// Accepted are the single points of failure of a run, in any order.
struct SpofRule {
    models::Reference run;
    static const models::Spec<SpofRule>& spec();
};

/// A column of the load-balancing table.
enum class BalancingStep : std::uint8_t { t1, t2, t3, t3_without_s3, t3_with_s5 };

/// Accepted is the server that a balancing policy chooses, or any that it may draw.
struct DecisionRule {
    std::string algorithm;
    std::int64_t row = 0;  ///< Among the rows of this algorithm.
    BalancingStep step = BalancingStep::t1;
    static const models::Spec<DecisionRule>& spec();
};

using AnswerRule = models::OneOf<ChoiceRule, NumberRule, OrderRule, SpofRule, DecisionRule>;

/// One thing that the student is asked.
struct ExerciseQuestion {
    std::string id;
    Wording ask;
    AnswerRule accept;
    GivenAnswer answer;  ///< What a student would write who knows.
    Wording reason;
    std::vector<Statement> holds;  ///< What the reason stands on.
    static const models::Spec<ExerciseQuestion>& spec();
};

/// A table that the program works out besides the runs.
enum class WorkedTable : std::uint8_t { none, load_balancing };

/// The whole file.
struct Exercise {
    std::string name;
    std::string guide;
    Wording title;
    Wording question;
    WorkedTable table = WorkedTable::none;
    std::vector<ExerciseRun> runs;
    std::vector<Claim> claims;
    std::vector<Wording> answer;  ///< Paragraphs.
    std::vector<ExerciseQuestion> questions;
    std::string folder{};  ///< Where the files of the runs are; filled by the loader.
    static const models::Spec<Exercise>& spec();

    /// The position of a run, or nothing. O(runs).
    [[nodiscard]] std::optional<std::size_t> run_called(std::string_view run) const;
    /// The path of a run's scenario, as a command would name it.
    [[nodiscard]] std::string path_of(const ExerciseRun& run) const;
};

/// Loads the exercise at `path`; nothing if there was an error. All problems are in `diagnostics`.
[[nodiscard]] std::optional<Exercise> load_exercise(const std::string& path,
                                                    models::Sources& sources,
                                                    models::Diagnostics& diagnostics);

/// Loads the scenarios of its runs, in order, each with its own changes and then `settings`.
[[nodiscard]] std::optional<std::vector<Scenario>> load_runs(const Exercise& exercise,
                                                             std::span<const std::string> settings,
                                                             models::Sources& sources,
                                                             models::Diagnostics& diagnostics);

/// A student's answers, one for each question of the exercise, in order; nothing if the file at
/// `path` is not a sheet of answers to this exercise. Its shape is checked, not its truth.
[[nodiscard]] std::optional<std::vector<GivenAnswer>> load_answers(
    const std::string& path, const Exercise& exercise, models::Sources& sources,
    models::Diagnostics& diagnostics);

}  // namespace archsim::scenarios

namespace archsim::models {

template <>
struct EnumNames<scenarios::OrderFrom> {
    static constexpr std::array<EnumName<scenarios::OrderFrom>, 2> names = {
        {{scenarios::OrderFrom::lowest, "lowest"}, {scenarios::OrderFrom::highest, "highest"}}};
};

template <>
struct EnumNames<scenarios::BalancingStep> {
    static constexpr std::array<EnumName<scenarios::BalancingStep>, 5> names = {
        {{scenarios::BalancingStep::t1, "t1"},
         {scenarios::BalancingStep::t2, "t2"},
         {scenarios::BalancingStep::t3, "t3"},
         {scenarios::BalancingStep::t3_without_s3, "t3_without_s3"},
         {scenarios::BalancingStep::t3_with_s5, "t3_with_s5"}}};
};

template <>
struct EnumNames<scenarios::WorkedTable> {
    static constexpr std::array<EnumName<scenarios::WorkedTable>, 2> names = {
        {{scenarios::WorkedTable::none, "none"},
         {scenarios::WorkedTable::load_balancing, "load_balancing"}}};
};

}  // namespace archsim::models
