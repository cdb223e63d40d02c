// Exercises as data: statements about runs, loading with places, sheets of answers, and grading.
// Results are written down by hand, so what is right is known without a run.
#include "scenarios/exercise.hpp"

#include "scenarios/grading.hpp"
#include "tests/support/mentions.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <variant>

using namespace archsim;
using namespace archsim::scenarios;
using tests::mentions;
using tests::TemporaryFolder;

namespace {

std::string exercise_text(const std::string& questions, const std::string& more = "") {
    return R"({"exercise": "e", "guide": "G", "title": {"en": "T", "pt": "T"},
  "question": {"en": "Q", "pt": "P"}, "answer": [{"en": "A", "pt": "R"}],
  "runs": [{"name": "one", "scenario": "one.json"}, {"name": "two", "scenario": "two.json"}],)" +
           more + R"( "questions": [)" + questions + "]}";
}

std::string question_text(const std::string& id, const std::string& accept,
                          const std::string& answer) {
    return R"({"id": ")" + id + R"(", "ask": {"en": "a", "pt": "p"}, "accept": )" + accept +
           R"(, "answer": )" + answer + R"(, "reason": {"en": "r", "pt": "z"}})";
}

const std::string choice = R"({"kind": "choice", "options": {"x": {"en": "X", "pt": "X"},
  "y": {"en": "Y", "pt": "Y"}}, "accepted": ["y"]})";
const std::string number =
    R"({"kind": "number", "run": "one", "metric": "users/latency/p99", "tolerance": "10%"})";
const std::string order = R"({"kind": "order", "runs": ["one", "two"],
  "metric": "users/latency/p99"})";
const std::string spof = R"({"kind": "spof", "run": "one"})";
const std::string decision = R"({"kind": "decision", "algorithm": "round_robin", "step": "t1"})";

/// An exercise with one question of each rule.
Exercise full_exercise(const TemporaryFolder& folder) {
    const std::string path =
        folder.write("e.json", exercise_text(question_text("choice", choice, R"("y")") + "," +
                                             question_text("number", number, R"("100ms")") + "," +
                                             question_text("order", order, R"(["two", "one"])") +
                                             "," + question_text("spof", spof, R"(["db", "lb"])") +
                                             "," + question_text("decision", decision, R"("s4")")));
    models::Sources sources;
    models::Diagnostics diagnostics;
    auto exercise = load_exercise(path, sources, diagnostics);
    REQUIRE_MESSAGE(exercise, diagnostics.format(sources));
    return *exercise;
}

/// p99 of 100 ms in the run "one" and of 40 ms in "two"; lb and db are single points of failure.
WorkedExercise worked_exercise() {
    Result one;
    one.metrics.push_back(
        {.name = "users/latency/p99", .unit = "s", .value = 0.1, .ci95 = {{0.09, 0.11}}});
    one.spof = {{"lb", "alone"}, {"db", "alone"}};
    Result two;
    two.metrics.push_back(
        {.name = "users/latency/p99", .unit = "s", .value = 0.04, .ci95 = {{0.03, 0.05}}});
    return {{one, two}, models::solve_load_balancing_exercise(models::Language::english, 1)};
}

/// Loads a sheet of answers; its problems as text where it is none.
std::variant<std::vector<GivenAnswer>, std::string> answers_from(const TemporaryFolder& folder,
                                                                 const Exercise& exercise,
                                                                 const std::string& text) {
    models::Sources sources;
    models::Diagnostics diagnostics;
    auto answers = load_answers(folder.write("answers.json", text), exercise, sources, diagnostics);
    if (!answers) return diagnostics.format(sources);
    return *answers;
}

std::vector<Mark> marks_of(const TemporaryFolder& folder, const std::string& answers) {
    const Exercise exercise = full_exercise(folder);
    const auto given =
        answers_from(folder, exercise, R"({"exercise": "e", "answers": {)" + answers + "}}");
    REQUIRE_MESSAGE(given.index() == 0, std::get<1>(given));
    models::Diagnostics diagnostics;
    std::vector<Mark> marks;
    for (const Grade& one : grade(exercise, worked_exercise(), std::get<0>(given), diagnostics)) {
        marks.push_back(one.mark);
    }
    CHECK_FALSE(diagnostics.has_errors());
    return marks;
}

/// What is said about a sheet that is not accepted.
std::string refusal_of(const TemporaryFolder& folder, const std::string& text) {
    const auto given = answers_from(folder, full_exercise(folder), text);
    REQUIRE(given.index() == 1);
    return std::get<1>(given);
}

std::string refusal_of_exercise(const TemporaryFolder& folder, const std::string& text) {
    models::Sources sources;
    models::Diagnostics diagnostics;
    CHECK_FALSE(load_exercise(folder.write("bad.json", text), sources, diagnostics));
    return diagnostics.format(sources);
}

Verdict verdict_of(std::string_view text) {
    const auto parsed = parse_statement(text);
    REQUIRE(parsed.index() == 0);
    const WorkedExercise worked = worked_exercise();
    return judge(std::get<Statement>(parsed), worked.results[0], &worked.results[1]).verdict;
}

}  // namespace

TEST_SUITE("exercises") {
    TEST_CASE("a statement is judged by the intervals of both runs") {
        CHECK(verdict_of("one:users/latency/p99 <= 120ms") == Verdict::pass);
        CHECK(verdict_of("one:users/latency/p99 <= 100ms") == Verdict::undecided);
        CHECK(verdict_of("one:users/latency/p99 < 80ms") == Verdict::fail);
        CHECK(verdict_of("one:users/latency/p99 > two:users/latency/p99") == Verdict::pass);
        CHECK(verdict_of("one:users/latency/p99 < two:users/latency/p99") == Verdict::fail);
        CHECK(verdict_of("one:users/latency/p99 > 2 * two:users/latency/p99") ==
              Verdict::undecided);
        CHECK(verdict_of("one:users/latency/p99 < 4 * two:users/latency/p99") == Verdict::pass);
        CHECK(verdict_of("one:users/latency/p99 == 2.5 * two:users/latency/p99") == Verdict::pass);
        CHECK(verdict_of("one:users/latency/p98 > two:users/latency/p99") == Verdict::no_data);
        CHECK(verdict_of("one:users/latency/p99 > two:users/latency/p98") == Verdict::no_data);
    }

    TEST_CASE("a statement that is none is refused") {
        for (const char* const text : {"", "one:users/latency/p99", "users/latency/p99 <= 3ms",
                                       "one:a <= two:", "one:a <= x * two:b", "one:a <= -1 * two:b",
                                       "one:a =< 3ms", "one:a <= 3 bananas"}) {
            CAPTURE(text);
            CHECK(parse_statement(text).index() == 1);
        }
    }

    TEST_CASE("right answers of every kind are graded as right") {
        const TemporaryFolder folder;
        CHECK(marks_of(folder, R"("choice": "y", "number": "0.095s", "order": ["two", "one"],
                                  "spof": ["lb", "db"], "decision": "s4")") ==
              std::vector<Mark>(5, Mark::right));
    }

    TEST_CASE("wrong answers of every kind are graded as wrong") {
        const TemporaryFolder folder;
        CHECK(marks_of(folder, R"("choice": "x", "number": "85ms", "order": ["one", "two"],
                                  "spof": ["lb"], "decision": "s3")") ==
              std::vector<Mark>(5, Mark::wrong));
    }

    TEST_CASE("questions without an answer are neither right nor wrong") {
        const TemporaryFolder folder;
        const std::vector<Mark> marks = marks_of(folder, R"("choice": null, "number": "100ms")");
        CHECK(marks == std::vector<Mark>{Mark::unanswered, Mark::right, Mark::unanswered,
                                         Mark::unanswered, Mark::unanswered});
    }

    TEST_CASE("neighbours whose intervals overlap may change places") {
        const TemporaryFolder folder;
        const Exercise exercise = full_exercise(folder);
        WorkedExercise worked = worked_exercise();
        worked.results[1].metrics[0].ci95 = Interval{0.0, 0.095};
        std::vector<GivenAnswer> answers = own_answers(exercise);
        answers[2].words = {"one", "two"};
        models::Diagnostics diagnostics;
        CHECK(grade(exercise, worked, answers, diagnostics)[2].mark == Mark::right);
    }

    TEST_CASE("a metric that was not measured grades nothing") {
        const TemporaryFolder folder;
        const Exercise exercise = full_exercise(folder);
        WorkedExercise worked = worked_exercise();
        worked.results[0].metrics.clear();
        worked.table.reset();
        models::Diagnostics diagnostics;
        const auto grades = grade(exercise, worked, own_answers(exercise), diagnostics);
        CHECK(grades[0].mark == Mark::right);
        CHECK(grades[1].mark == Mark::not_measured);
        CHECK(grades[2].mark == Mark::not_measured);
        CHECK(grades[4].mark == Mark::not_measured);
    }

    TEST_CASE("a quantity in a unit of another dimension is refused with its place") {
        const TemporaryFolder folder;
        const Exercise exercise = full_exercise(folder);
        const auto given =
            answers_from(folder, exercise, R"({"exercise": "e", "answers": {"number": "100/s"}})");
        REQUIRE(given.index() == 0);
        models::Diagnostics diagnostics;
        (void)grade(exercise, worked_exercise(), std::get<0>(given), diagnostics);
        REQUIRE(diagnostics.error_count() == 1);
        CHECK(diagnostics.all()[0].pointer == "/answers/number");
    }

    TEST_CASE("a malformed sheet is refused with place and hint") {
        const TemporaryFolder folder;
        const auto sheet = [](const std::string& answers) {
            return R"({"exercise": "e", "answers": {)" + answers + "}}";
        };
        CHECK(mentions(refusal_of(folder, "{"), "answers.json:1:2: error[syntax]"));
        CHECK(mentions(refusal_of(folder, R"({"exercise": "other", "answers": {}})"),
                       "answers.json:1:14: error[unknown_name]"));
        CHECK(mentions(refusal_of(folder, sheet(R"("choise": "x")")), "did you mean 'choice'?"));
        CHECK(mentions(refusal_of(folder, sheet(R"("choice": "z")")), "one of x, y"));
        CHECK(mentions(refusal_of(folder, sheet(R"("choice": ["x"])")), "not a list"));
        CHECK(mentions(refusal_of(folder, sheet(R"("choice": true)")), "error[wrong_type]"));
        CHECK(mentions(refusal_of(folder, sheet(R"("number": "fast")")), "no quantity"));
        CHECK(mentions(refusal_of(folder, sheet(R"("order": "one")")), "a list is asked for"));
        CHECK(mentions(refusal_of(folder, sheet(R"("order": ["one", "one"])")), "each run once"));
        CHECK(mentions(refusal_of(folder, sheet(R"("order": ["one"])")), "each run once"));
        CHECK(mentions(refusal_of(folder, sheet(R"("decision": "s9")")), "s1, s2, s3, s4, s5"));
    }

    TEST_CASE("an exercise that contradicts itself is refused with place and hint") {
        const TemporaryFolder folder;
        const auto with = [&folder](const std::string& questions, const std::string& more = "") {
            return refusal_of_exercise(folder, exercise_text(questions, more));
        };
        const std::string good = question_text("q", choice, R"("y")");
        CHECK(mentions(with(""), "nothing is asked"));
        CHECK(mentions(with(good + "," + good), "two questions are called 'q'"));
        CHECK(mentions(with(question_text("q", R"({"kind": "spof", "run": "tow"})", "[]")),
                       "did you mean 'two'?"));
        CHECK(mentions(with(question_text("q", choice, R"("z")")), "there is no option 'z'"));
        CHECK(mentions(with(question_text("q", choice, "null")), "needs a right answer"));
        CHECK(mentions(with(question_text("q", R"({"kind": "chioce"})", R"("y")")),
                       "error[unknown_kind]"));
        CHECK(mentions(with(good, R"("claims": [{"en": "c", "pt": "c", "holds": ["one is"]}],)"),
                       "error[bad_expectation]"));
        CHECK(
            mentions(with(good, R"("claims": [{"en": "c", "holds": []}],)"), "error[missing_key]"));
    }
}
