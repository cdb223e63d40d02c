// An exercise as text: numbers from the runs, marks with reasons, a sheet that gives nothing away,
// and what an exercise says that its runs do not show.
#include "reports/lesson.hpp"

#include "scenarios/load_file.hpp"
#include "scenarios/parse.hpp"
#include "tests/support/mentions.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace archsim;
using namespace archsim::scenarios;
using models::Language;
using tests::mentions;

namespace {

Statement statement_of(std::string_view text) {
    auto parsed = parse_statement(text);
    REQUIRE(parsed.index() == 0);
    return std::get<Statement>(std::move(parsed));
}

/// One run whose p99 is 38.1 ms, one claim and one question with the options x and y.
Exercise small_exercise() {
    Exercise exercise;
    exercise.name = "small";
    exercise.guide = "Guide";
    exercise.title = {"Title", "Título"};
    exercise.question = {"How fast?", "Quão rápido?"};
    exercise.folder = "some/where";
    exercise.runs = {{"one", "../one.json", {"seed=2"}}};
    exercise.claims = {{"p99 is {one:users/latency/p99}.",
                        "O p99 é {one:users/latency/p99}.",
                        {statement_of("one:users/latency/p99 <= 40ms")}}};
    exercise.answer = {{"Fast: {one:users/latency/p99}.", "Rápido: {one:users/latency/p99}."}};
    ChoiceRule rule;
    rule.options.entries = {{"x", {"It is slow.", "É lento."}},
                            {"y", {"It is fast.", "É rápido."}}};
    rule.accepted = {"y"};
    ExerciseQuestion question;
    question.id = "speed";
    question.ask = {"Is it fast?", "É rápido?"};
    question.accept = rule;
    question.answer.words = {"y"};
    question.reason = {"It took {one:users/latency/p99}.", "Levou {one:users/latency/p99}."};
    exercise.questions = {question};
    return exercise;
}

WorkedExercise small_work() {
    Result result;
    result.metrics.push_back({.name = "users/latency/p99", .unit = "s", .value = 0.0381});
    return {{result}, std::nullopt};
}

}  // namespace

TEST_SUITE("lessons") {
    TEST_CASE("metrics of runs are put into the text, what is not measured is a dash") {
        const Exercise exercise = small_exercise();
        const WorkedExercise worked = small_work();
        CHECK(reports::filled("a {one:users/latency/p99} b", exercise, worked) == "a 38.1 ms b");
        for (const char* const unknown :
             {"{two:users/latency/p99}", "{one:users/latency/p98}", "{users/latency/p99}"}) {
            CHECK(reports::filled(unknown, exercise, worked) == "-");
        }
    }

    TEST_CASE("an exercise in order has nothing unfounded") {
        CHECK(reports::unfounded(small_exercise(), small_work()).empty());
    }

    TEST_CASE("a text without a number, in either language, and a false claim are unfounded") {
        Exercise exercise = small_exercise();
        exercise.answer[0].pt = "{one:users/latency/p9}";
        exercise.claims[0].holds = {statement_of("one:users/latency/p99 <= 30ms")};
        exercise.questions[0].holds = {statement_of("one:nothing <= 30ms")};
        const auto found = reports::unfounded(exercise, small_work());
        REQUIRE(found.size() == 3);
        CHECK(mentions(found[0], "{one:users/latency/p9}"));
        CHECK(mentions(found[1], "<= 30ms: fail (38.1 ms)"));
        CHECK(mentions(found[2], "no_data"));
    }

    TEST_CASE("the answer names the command, the claim with its proof, and the numbers") {
        const std::string text = reports::write_exercise_answer(
            small_exercise(), small_work(), Language::english, {.colour = false, .unicode = false});
        CHECK(mentions(text, "one: archsim run some/one.json --set 'seed=2'\n"));
        CHECK(mentions(text, "  - p99 is 38.1 ms.\n"));
        CHECK(mentions(text, "one:users/latency/p99 <= 40ms   38.1 ms\n"));
        CHECK(mentions(text, "  Fast: 38.1 ms.\n"));
    }

    TEST_CASE("each grade has the mark, what was given, what is accepted and the reason") {
        const Exercise exercise = small_exercise();
        const std::vector<Grade> grades = {
            {.mark = Mark::wrong, .given = {"x"}, .expected = {"y"}}};
        const reports::Style style{.colour = false, .unicode = true};
        const std::string english =
            reports::write_grades(exercise, small_work(), grades, Language::english, style);
        CHECK(mentions(english, "     wrong: x\n     accepted: y\n     It took 38.1 ms.\n"));
        CHECK(mentions(english, "0 of 1 right"));
        const std::string portuguese =
            reports::write_grades(exercise, small_work(), grades, Language::portuguese, style);
        CHECK(mentions(portuguese, "     errado: x\n     aceito: y\n     Levou 38.1 ms.\n"));
        CHECK(mentions(portuguese, "0 de 1 certas"));
    }

    TEST_CASE("a sheet is valid, asks, and says nothing of what is right") {
        const std::string sheet =
            reports::write_answer_sheet(small_exercise(), Language::portuguese);
        models::Diagnostics diagnostics;
        const auto document = parse(sheet, 0, diagnostics);
        REQUIRE(document);
        REQUIRE(document->at("/answers/speed") != nullptr);
        CHECK(document->at("/answers/speed")->is_null());
        CHECK(mentions(sheet, "// É rápido?\n"));
        CHECK(mentions(sheet, "y: É rápido.\n"));
        CHECK_FALSE(mentions(sheet, "38.1"));
        CHECK_FALSE(mentions(sheet, "Levou"));
    }

    TEST_CASE("long texts are wrapped, and what comes from a file cannot steer a terminal") {
        Exercise exercise = small_exercise();
        exercise.question.en = std::string(30, 'a') + ' ' + std::string(30, 'b') + ' ' +
                               std::string(40, 'c') + "\x1b[2J";
        const std::string text =
            reports::write_exercise_question(exercise, Language::english, {.colour = false});
        CHECK(mentions(text, std::string(30, 'b') + "\n  " + std::string(40, 'c')));
        CHECK_FALSE(mentions(text, "\x1b"));
        exercise.question.en = std::string(85, 'a') + " 38.1 ms, then";
        CHECK(mentions(
            reports::write_exercise_question(exercise, Language::english, {.colour = false}),
            "\n  38.1 ms, then\n"));
    }
}
