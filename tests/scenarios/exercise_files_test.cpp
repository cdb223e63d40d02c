// The exercises of scenarios/exercises/ as files: valid, named as they are called, complete in both
// languages, about every question of the guide. That they hold is tested by working them.
#include "models/spec.hpp"
#include "scenarios/exercise.hpp"
#include "scenarios/extends.hpp"
#include "tests/support/checkout.hpp"
#include "tests/support/quantities.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

using namespace archsim;
using namespace archsim::scenarios;

namespace {

namespace files = std::filesystem;

const files::path exercise_root{tests::checkout() + "/scenarios/exercises"};

std::vector<files::path> json_files_in(const files::path& folder) {
    std::vector<files::path> found;
    for (const auto& entry : files::directory_iterator{folder}) {
        if (entry.path().extension() == ".json") found.push_back(entry.path());
    }
    std::ranges::sort(found);
    return found;
}

Exercise exercise_at(const files::path& path) {
    models::Sources sources;
    models::Diagnostics diagnostics;
    auto exercise = load_exercise(path.string(), sources, diagnostics);
    REQUIRE_MESSAGE(exercise, diagnostics.format(sources));
    return std::move(*exercise);
}

std::vector<Wording> wordings_of(const Exercise& exercise) {
    std::vector<Wording> all = exercise.answer;
    all.push_back(exercise.title);
    all.push_back(exercise.question);
    for (const Claim& claim : exercise.claims) all.push_back(claim.wording());
    for (const ExerciseQuestion& question : exercise.questions) {
        all.push_back(question.ask);
        all.push_back(question.reason);
    }
    return all;
}

/// The values of the scenarios that an exercise runs, their changes included.
std::vector<std::string> values_of_runs(const Exercise& exercise) {
    std::vector<std::string> values;
    for (const ExerciseRun& run : exercise.runs) {
        models::Sources sources;
        models::Diagnostics diagnostics;
        const auto document = load_document(exercise.path_of(run), sources, diagnostics);
        REQUIRE(document);
        tests::collect_values(*document, values);
        values.insert(values.end(), run.set.begin(), run.set.end());
    }
    return values;
}

/// Fails for each quantity in the text that none of the values has.
void check_literals(const Wording& wording, const std::vector<std::string>& values) {
    for (const std::string& text : {wording.en, wording.pt}) {
        CAPTURE(text);
        for (const std::string& quantity : tests::literals_in(text)) {
            CHECK_MESSAGE(tests::is_stated(quantity, values), quantity,
                          " is no value of the runs, the question or its answer; name the metric "
                          "in braces, such as {run:users/latency/p99}");
        }
    }
}

/// What a reason may state: its question, the answer, and the statements that it stands on.
std::vector<std::string> values_of_question(const ExerciseQuestion& question) {
    std::vector<std::string> values = question.answer.words;
    for (std::string& word : values) std::erase(word, ' ');
    for (const std::string& text : {question.ask.en, question.ask.pt}) {
        for (std::string& quantity : tests::literals_in(text)) values.push_back(quantity);
    }
    for (const Statement& statement : question.holds) values.push_back(statement.expr);
    return values;
}

}  // namespace

TEST_SUITE("exercise files") {
    TEST_CASE("a measured number in an exercise is a metric in braces and no literal") {
        for (const files::path& path : json_files_in(exercise_root)) {
            CAPTURE(path.string());
            const Exercise exercise = exercise_at(path);
            const std::vector<std::string> of_runs = values_of_runs(exercise);
            for (const Wording& paragraph : exercise.answer) check_literals(paragraph, of_runs);
            for (const Claim& claim : exercise.claims) {
                std::vector<std::string> values = of_runs;
                for (const Statement& statement : claim.holds) values.push_back(statement.expr);
                check_literals(claim.wording(), values);
            }
            for (const ExerciseQuestion& question : exercise.questions) {
                std::vector<std::string> values = values_of_question(question);
                values.insert(values.end(), of_runs.begin(), of_runs.end());
                check_literals(question.reason, values);
            }
        }
    }

    TEST_CASE("every exercise is valid, with its runs, and has the name of its file") {
        for (const files::path& path : json_files_in(exercise_root)) {
            const Exercise exercise = exercise_at(path);
            CHECK(exercise.name == path.stem().string());
            models::Sources sources;
            models::Diagnostics diagnostics;
            const auto runs = load_runs(exercise, {}, sources, diagnostics);
            REQUIRE_MESSAGE(runs, path.string(), "\n", diagnostics.format(sources));
            CHECK(runs->size() == exercise.runs.size());
        }
    }

    TEST_CASE("every exercise speaks both languages") {
        for (const files::path& path : json_files_in(exercise_root)) {
            for (const Wording& wording : wordings_of(exercise_at(path))) {
                CAPTURE(wording.en);
                CHECK_MESSAGE(!wording.en.empty(), path.string());
                CHECK_MESSAGE(!wording.pt.empty(), path.string());
                CHECK_MESSAGE(wording.en != wording.pt, path.string());
            }
        }
    }

    TEST_CASE("each question of the guide has its exercise") {
        std::set<std::string> names;
        for (const files::path& path : json_files_in(exercise_root)) {
            names.insert(path.stem().string());
        }
        for (const char* const name : {"requirements", "geography-and-languages", "load-growth",
                                       "scaling-structure", "load-balancing", "followers-in-sql",
                                       "spof", "regional-static-content", "database-replicas"}) {
            CHECK_MESSAGE(names.contains(name), name);
        }
    }

    TEST_CASE("every scenario that only exercises use is used by one, or extended by one that is") {
        std::set<std::string> used;
        for (const files::path& path : json_files_in(exercise_root)) {
            const Exercise exercise = exercise_at(path);
            for (const ExerciseRun& run : exercise.runs) {
                used.insert(files::path{run.file}.filename().string());
            }
        }
        for (const files::path& path : json_files_in(exercise_root / "runs")) {
            CHECK_MESSAGE(used.contains(path.filename().string()), path.string());
        }
    }
}
