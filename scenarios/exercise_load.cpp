// Loading exercises, their runs, and sheets of answers. What names a run or a question that does
// not exist is refused with its place.
#include "models/suggest.hpp"
#include "scenarios/exercise.hpp"
#include "scenarios/load.hpp"
#include "scenarios/load_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace archsim::scenarios {

namespace {

using models::Code;
using models::Diagnostics;
using models::Sources;

/// {"exercise": "spof", "answers": {"first": "lb"}}
struct AnswerSheet {
    std::string exercise;
    models::InOrder<GivenAnswer> answers;
    static const models::Spec<AnswerSheet>& spec() {
        static const auto declared =
            models::Spec<AnswerSheet>{"answers", "A student's answers."}
                .required("exercise", &AnswerSheet::exercise, "Which exercise they are for.")
                .required("answers", &AnswerSheet::answers, "By the question's key.");
        return declared;
    }
};

void report_unknown_runs(const Exercise& exercise, const models::Reader& reader,
                         Diagnostics& diagnostics) {
    std::vector<std::string> names;
    for (const ExerciseRun& run : exercise.runs) names.push_back(run.name);
    for (const models::FoundReference& reference : reader.references()) {
        if (exercise.run_called(reference.name)) continue;
        diagnostics.add({.code = Code::unknown_target,
                         .message = "no run is called " + models::quoted(reference.name),
                         .pointer = reference.pointer,
                         .spot = reference.spot,
                         .hint = models::did_you_mean(reference.name, names)});
    }
}

/// Checks the shape of one answer against the rule of its question.
class ShapeCheck {
public:
    ShapeCheck(const GivenAnswer& answer, Diagnostics& diagnostics)
        : answer_{answer}, diagnostics_{diagnostics} {}

    void operator()(const ChoiceRule& rule) {
        std::vector<std::string> known;
        for (const auto& [word, text] : rule.options.entries) known.push_back(word);
        if (is_single()) is_one_of(answer_.words.front(), known, "option");
    }
    void operator()(const NumberRule& rule) {
        if (!is_single()) return;
        auto parsed = parse_expectation(rule.metric + " == " + answer_.words.front());
        if (const auto* problem = std::get_if<ExpectProblem>(&parsed)) {
            fail(problem->code, "the answer is no quantity: " + problem->message, problem->hint);
        }
    }
    void operator()(const OrderRule& rule) {
        std::vector<std::string> known;
        for (const models::Reference& run : rule.runs) known.push_back(run.name);
        bool good = is_list();
        for (const std::string& word : answer_.words) {
            good = good && is_one_of(word, known, "run");
        }
        if (!good) return;
        std::vector<std::string> sorted = answer_.words;
        std::ranges::sort(sorted);
        std::ranges::sort(known);
        if (sorted == known) return;
        fail(Code::bad_value, "the answer has to name each run once",
             fmt::format("the runs: {}", fmt::join(known, ", ")));
    }
    void operator()(const SpofRule&) { (void)is_list(); }
    void operator()(const DecisionRule&) {
        static const std::vector<std::string> servers = {"s1", "s2", "s3", "s4", "s5"};
        if (is_single()) is_one_of(answer_.words.front(), servers, "server");
    }

private:
    void fail(Code code, std::string message, std::string hint) {
        diagnostics_.add({.code = code,
                          .message = std::move(message),
                          .pointer = answer_.pointer,
                          .spot = answer_.spot,
                          .hint = std::move(hint)});
    }
    bool is_single() {
        if (!answer_.is_list) return true;
        fail(Code::wrong_type, "one answer is asked for, not a list", "write it in quotes");
        return false;
    }
    bool is_list() {
        if (answer_.is_list) return true;
        fail(Code::wrong_type, "a list is asked for", R"(write it as ["first", "second"])");
        return false;
    }
    bool is_one_of(const std::string& word, const std::vector<std::string>& known,
                   std::string_view what) {
        if (std::ranges::find(known, word) != known.end()) return true;
        fail(Code::unknown_name, fmt::format("there is no {} {}", what, models::quoted(word)),
             fmt::format("one of {}", fmt::join(known, ", ")));
        return false;
    }

    const GivenAnswer& answer_;
    Diagnostics& diagnostics_;
};

void check_shape(const ExerciseQuestion& question, const GivenAnswer& answer,
                 Diagnostics& diagnostics) {
    if (answer.words.empty() && !answer.is_list) return;
    std::visit(ShapeCheck{answer, diagnostics}, question.accept);
}

/// The answers in the order of the questions; a question without one has none.
std::vector<GivenAnswer> in_order(const AnswerSheet& sheet, const Exercise& exercise,
                                  Diagnostics& diagnostics) {
    std::vector<GivenAnswer> ordered(exercise.questions.size());
    std::vector<std::string> ids;
    for (const ExerciseQuestion& question : exercise.questions) ids.push_back(question.id);
    for (const auto& [id, answer] : sheet.answers.entries) {
        const auto found = std::ranges::find(ids, id);
        if (found == ids.end()) {
            diagnostics.add(
                {.code = Code::unknown_key,
                 .message = fmt::format("the exercise has no question {}", models::quoted(id)),
                 .pointer = answer.pointer,
                 .spot = answer.spot,
                 .hint = models::did_you_mean(id, ids)});
            continue;
        }
        const auto index = static_cast<std::size_t>(found - ids.begin());
        check_shape(exercise.questions[index], answer, diagnostics);
        ordered[index] = answer;
    }
    return ordered;
}

}  // namespace

std::optional<Exercise> load_exercise(const std::string& path, Sources& sources,
                                      Diagnostics& diagnostics) {
    const std::optional<LoadedDocument> document = load_file(path, sources, diagnostics);
    if (!document) return std::nullopt;
    models::Reader reader{diagnostics};
    std::optional<Exercise> exercise = models::read<Exercise>(document->value, reader);
    if (!exercise) return std::nullopt;
    exercise->folder = folder_of(path);
    report_unknown_runs(*exercise, reader, diagnostics);
    for (const ExerciseQuestion& question : exercise->questions) {
        if (question.answer.words.empty()) {
            diagnostics.add({.code = Code::bad_value,
                             .message = "a question needs a right answer",
                             .pointer = question.answer.pointer,
                             .spot = question.answer.spot});
        }
        check_shape(question, question.answer, diagnostics);
    }
    if (diagnostics.has_errors()) return std::nullopt;
    return exercise;
}

std::optional<std::vector<Scenario>> load_runs(const Exercise& exercise,
                                               std::span<const std::string> settings,
                                               Sources& sources, Diagnostics& diagnostics) {
    std::vector<Scenario> loaded;
    for (const ExerciseRun& run : exercise.runs) {
        std::vector<std::string> changes = run.set;
        changes.insert(changes.end(), settings.begin(), settings.end());
        auto scenario = load_scenario(exercise.path_of(run), changes, sources, diagnostics);
        if (scenario) loaded.push_back(std::move(*scenario));
    }
    if (diagnostics.has_errors()) return std::nullopt;
    return loaded;
}

std::optional<std::vector<GivenAnswer>> load_answers(const std::string& path,
                                                     const Exercise& exercise, Sources& sources,
                                                     Diagnostics& diagnostics) {
    const std::optional<LoadedDocument> document = load_file(path, sources, diagnostics);
    if (!document) return std::nullopt;
    models::Reader reader{diagnostics};
    const auto sheet = models::read<AnswerSheet>(document->value, reader);
    if (!sheet) return std::nullopt;
    if (sheet->exercise != exercise.name) {
        const models::Value* const name = document->value.find("exercise");
        diagnostics.add(
            {.code = Code::unknown_name,
             .message = fmt::format("these are answers to {}, not to {}",
                                    models::quoted(sheet->exercise), models::quoted(exercise.name)),
             .pointer = "/exercise",
             .spot = name == nullptr ? models::Spot{} : name->spot(),
             .hint = "archsim exercise " + exercise.name + " --questions FILE"});
    }
    std::vector<GivenAnswer> answers = in_order(*sheet, exercise, diagnostics);
    if (diagnostics.has_errors()) return std::nullopt;
    return answers;
}

}  // namespace archsim::scenarios
