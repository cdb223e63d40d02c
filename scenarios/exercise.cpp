// How an exercise is written.
#include "scenarios/exercise.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

namespace archsim::scenarios {

namespace {

using models::Code;
using models::Place;
using models::Spec;

/// The names that occur twice, each once.
std::set<std::string> twice(const std::vector<std::string>& names) {
    std::set<std::string> seen;
    std::set<std::string> again;
    for (const std::string& name : names) {
        if (!seen.insert(name).second) again.insert(name);
    }
    return again;
}

void check_accepted(const ChoiceRule& rule, const Place& place) {
    for (const std::string& word : rule.accepted) {
        const bool is_known = std::ranges::any_of(
            rule.options.entries, [&word](const auto& entry) { return entry.first == word; });
        if (is_known) continue;
        place.fail("accepted", {.code = Code::unknown_name,
                                .message = "there is no option " + models::quoted(word),
                                .hint = "name one of the options"});
    }
    if (rule.accepted.empty()) {
        place.fail("accepted", {.code = Code::bad_value, .message = "no option is accepted"});
    }
}

void check_names(const Exercise& exercise, const Place& place) {
    std::vector<std::string> runs;
    for (const ExerciseRun& run : exercise.runs) runs.push_back(run.name);
    for (const std::string& name : twice(runs)) {
        place.fail("runs", {.code = Code::duplicate_name,
                            .message = "two runs are called " + models::quoted(name)});
    }
    std::vector<std::string> ids;
    for (const ExerciseQuestion& question : exercise.questions) ids.push_back(question.id);
    for (const std::string& id : twice(ids)) {
        place.fail("questions", {.code = Code::duplicate_name,
                                 .message = "two questions are called " + models::quoted(id)});
    }
    if (exercise.questions.empty()) {
        place.fail("questions", {.code = Code::bad_value, .message = "nothing is asked"});
    }
}

}  // namespace

const Spec<Wording>& Wording::spec() {
    static const auto declared = Spec<Wording>{"wording", "A text in both languages."}
                                     .required("en", &Wording::en, "English.")
                                     .required("pt", &Wording::pt, "Portuguese.");
    return declared;
}

const Spec<ExerciseRun>& ExerciseRun::spec() {
    static const auto declared =
        Spec<ExerciseRun>{"run", "A scenario that answers the exercise."}
            .required("name", &ExerciseRun::name, "A short name, for statements and texts.")
            .required("scenario", &ExerciseRun::file, "Its file, relative to the exercise.")
            .optional("set", &ExerciseRun::set, "Changes such as \"nodes/web/instances=4\".");
    return declared;
}

const Spec<Claim>& Claim::spec() {
    static const auto declared =
        Spec<Claim>{"claim", "What the runs show."}
            .required("en", &Claim::en, "English.")
            .required("pt", &Claim::pt, "Portuguese.")
            .required("holds", &Claim::holds,
                      "What must hold for it, such as \"pair:users/availability >= 99%\".");
    return declared;
}

const Spec<ChoiceRule>& ChoiceRule::spec() {
    static const auto declared =
        Spec<ChoiceRule>{"choice", "One of the options."}
            .required("options", &ChoiceRule::options, "The words, each with its text.")
            .required("accepted", &ChoiceRule::accepted, "The words that are right.")
            .check(check_accepted);
    return declared;
}

const Spec<NumberRule>& NumberRule::spec() {
    static const auto declared =
        Spec<NumberRule>{"number", "A metric of a run, roughly."}
            .required("run", &NumberRule::run, "Whose metric it is.")
            .required("metric", &NumberRule::metric, "Its path, such as users/latency/p99.")
            .optional("tolerance", &NumberRule::tolerance,
                      "How far off an answer may be, as a share of the value.");
    return declared;
}

const Spec<OrderRule>& OrderRule::spec() {
    static const auto declared = Spec<OrderRule>{"order", "Runs in the order of a metric."}
                                     .required("runs", &OrderRule::runs, "Those to be ordered.")
                                     .required("metric", &OrderRule::metric, "By what.")
                                     .optional("from", &OrderRule::from, "Which comes first.");
    return declared;
}

const Spec<SpofRule>& SpofRule::spec() {
    static const auto declared =
        Spec<SpofRule>{"spof", "The single points of failure of a run, as a list in any order."}
            .required("run", &SpofRule::run, "Whose graph it is.");
    return declared;
}

const Spec<DecisionRule>& DecisionRule::spec() {
    static const auto declared =
        Spec<DecisionRule>{"decision", "The server that a balancing policy chooses."}
            .required("algorithm", &DecisionRule::algorithm, "The policy, as in a scenario.")
            .optional("row", &DecisionRule::row, "Among the rows of the policy, from 0.")
            .at_least(0)
            .required("step", &DecisionRule::step, "The column of the table.");
    return declared;
}

const Spec<ExerciseQuestion>& ExerciseQuestion::spec() {
    static const auto declared =
        Spec<ExerciseQuestion>{"question", "One thing that the student is asked."}
            .required("id", &ExerciseQuestion::id, "Its key in a sheet of answers.")
            .required("ask", &ExerciseQuestion::ask, "The text.")
            .required("accept", &ExerciseQuestion::accept, "What is right.")
            .required("answer", &ExerciseQuestion::answer, "A right answer, as a student's.")
            .required("reason", &ExerciseQuestion::reason, "Why it is right.")
            .optional("holds", &ExerciseQuestion::holds, "Statements that the reason stands on.");
    return declared;
}

const Spec<Exercise>& Exercise::spec() {
    static const auto declared =
        Spec<Exercise>{"exercise", "A question of the guide with its worked answer."}
            .required("exercise", &Exercise::name, "Its name on the command line.")
            .required("guide", &Exercise::guide, "The section of the guide that asks.")
            .required("title", &Exercise::title, "One line.")
            .required("question", &Exercise::question, "What the guide asks.")
            .optional("table", &Exercise::table, "A table that the program works out.")
            .optional("runs", &Exercise::runs, "The scenarios that answer it.")
            .optional("claims", &Exercise::claims, "What the runs show.")
            .required("answer", &Exercise::answer, "The worked answer in paragraphs.")
            .required("questions", &Exercise::questions, "What the student is asked.")
            .check(check_names);
    return declared;
}

std::optional<std::size_t> Exercise::run_called(std::string_view run) const {
    const auto found =
        std::ranges::find_if(runs, [run](const ExerciseRun& one) { return one.name == run; });
    if (found == runs.end()) return std::nullopt;
    return static_cast<std::size_t>(found - runs.begin());
}

std::string Exercise::path_of(const ExerciseRun& run) const {
    return (std::filesystem::path{folder} / run.file).lexically_normal().string();
}

}  // namespace archsim::scenarios
