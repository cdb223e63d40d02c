// archsim exercise: the questions of the guide, each with the runs that answer it, the worked
// answer, and a student's answers graded.
#include "models/suggest.hpp"
#include "reports/exercise_text.hpp"
#include "reports/lesson.hpp"
#include "scenarios/experiment.hpp"
#include "scenarios/grading.hpp"
#include "tools/terminal.hpp"

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <limits>
#include <string_view>
#include <thread>
#include <utility>

namespace archsim::tools {

namespace {

using Kind = OptionSpec::Kind;
namespace files = std::filesystem;

std::vector<OptionSpec> options() {
    return {
        {Kind::optional_argument, "name", "NAME",
         "The exercise, or the path of a file with one; without it, or with list, all are listed."},
        {Kind::value, "--lang", "pt|en", "Language of the texts; en without it.", "en pt"},
        {Kind::value, "--questions", "FILE",
         "Write a sheet for your answers, which shows no solution; - is standard output."},
        {Kind::value, "--check", "FILE",
         "Grade the answers in this sheet, with a reason for each; exit 1 if one is wrong."},
        {Kind::value, "--seed", "N", "Of all random numbers, those of random policies included."},
        {Kind::flag, "--no-trace", "",
         "The table of load-balancing policies without the reasons for its answers."},
        {Kind::value, "--jobs", "N", "Threads; without it one for each core."},
        {Kind::value, "--color", "WHEN", "auto, always or never.", "auto always never"}};
}

/// The folder of the exercises: beside the installed program, in the checkout that it was built in,
/// or below the current folder; the first that exists.
std::optional<files::path> exercise_folder() {
    std::error_code error;
    const files::path program = files::read_symlink("/proc/self/exe", error).parent_path();
    const files::path candidates[] = {program / "../share/archsim/scenarios/exercises",
                                      program / "../../scenarios/exercises",
                                      files::path{"scenarios/exercises"}};
    for (const files::path& candidate : candidates) {
        if (!files::is_directory(candidate, error)) continue;
        const files::path shorter = files::proximate(candidate, error);
        return error ? candidate.lexically_normal() : shorter;
    }
    complain("archsim: found no folder with exercises\nhint: give the path of an exercise's file");
    return std::nullopt;
}

/// The files in the folder, in the order of their names.
std::optional<std::vector<files::path>> exercise_files() {
    const auto folder = exercise_folder();
    if (!folder) return std::nullopt;
    std::vector<files::path> found;
    std::error_code error;
    for (files::directory_iterator entry{*folder, error};
         !error && entry != files::directory_iterator{}; entry.increment(error)) {
        if (entry->path().extension() == ".json") found.push_back(entry->path());
    }
    std::ranges::sort(found);
    return found;
}

/// Texts that were read and what was found wrong with them.
struct Reading {
    models::Sources sources{};
    models::Diagnostics diagnostics{};

    /// Prints what is wrong; true if there was an error. Warnings alone are not for students.
    bool complain_of_errors() {
        if (!diagnostics.has_errors()) return false;
        complain(diagnostics.format(sources));
        return true;
    }
};

std::optional<scenarios::Exercise> load(const std::string& path) {
    Reading reading;
    auto exercise = scenarios::load_exercise(path, reading.sources, reading.diagnostics);
    (void)reading.complain_of_errors();
    return exercise;
}

Exit list(models::Language language) {
    const auto paths = exercise_files();
    if (!paths) return Exit::io;
    for (const files::path& path : *paths) {
        const auto exercise = load(path.string());
        if (!exercise) return Exit::bad_input;
        say(reports::printable(exercise->name) + ": " +
            reports::printable(exercise->title.in(language)) + "\n  " +
            reports::printable(exercise->guide) + "\n");
    }
    return Exit::ok;
}

/// The file of the exercise that was asked for.
std::optional<std::string> path_of(const std::string& name, Exit& exit) {
    if (name.ends_with(".json")) return name;
    const auto paths = exercise_files();
    if (!paths) {
        exit = Exit::io;
        return std::nullopt;
    }
    std::vector<std::string> names;
    for (const files::path& path : *paths) {
        names.push_back(path.stem().string());
        if (names.back() == name) return path.string();
    }
    complain("error: there is no exercise '" + reports::printable(name) + "'");
    complain("hint: " + models::did_you_mean(name, names));
    exit = Exit::bad_input;
    return std::nullopt;
}

/// How the command line says that the exercise be worked.
struct Wishes {
    models::Language language;
    reports::Style style;
    std::int64_t seed = 1;
    bool has_seed = false;
    unsigned jobs = 1;
};

std::optional<Wishes> wishes_of(const Arguments& arguments) {
    const auto style = style_of(arguments.text("color").value_or("auto"));
    const auto seed =
        whole_number(arguments, "seed", 0, std::numeric_limits<std::int64_t>::max(), 1);
    const auto language = language_of(arguments);
    const auto jobs =
        whole_number(arguments, "jobs", 1, 1024, std::max(1U, std::thread::hardware_concurrency()));
    if (!style || !seed || !language || !jobs) return std::nullopt;
    return Wishes{*language, *style, *seed, arguments.has("seed"), static_cast<unsigned>(*jobs)};
}

/// Runs what the exercise needs; nothing after a complaint.
std::optional<scenarios::WorkedExercise> work(const scenarios::Exercise& exercise,
                                              const Wishes& wishes, Exit& exit) {
    std::vector<std::string> settings;
    if (wishes.has_seed) settings.push_back("seed=" + std::to_string(wishes.seed));
    Reading reading;
    const auto runs =
        scenarios::load_runs(exercise, settings, reading.sources, reading.diagnostics);
    if (!runs) {
        (void)reading.complain_of_errors();
        exit = Exit::bad_input;
        return std::nullopt;
    }
    scenarios::WorkedExercise worked;
    scenarios::ExperimentOptions experiment;
    experiment.run.jobs = wishes.jobs;
    experiment.run.interrupt = &interrupt_flag();
    for (std::size_t i = 0; i < runs->size(); ++i) {
        worked.results.push_back(scenarios::run_experiment((*runs)[i], experiment));
        if (interrupt_flag()) {
            exit = interrupt_exit();
            return std::nullopt;
        }
        const bool is_changed = !exercise.runs[i].set.empty() || wishes.has_seed;
        if (is_changed || scenarios::all_hold(worked.results.back(), false)) continue;
        complain("archsim: " + exercise.path_of(exercise.runs[i]) +
                 " does not meet its own expectations");
        exit = Exit::failed;
    }
    if (exercise.table == scenarios::WorkedTable::load_balancing) {
        worked.table = models::solve_load_balancing_exercise(
            wishes.language, static_cast<std::uint64_t>(wishes.seed));
    }
    return worked;
}

/// Complains of what the exercise says and its runs do not show, and of answers of its own that are
/// not right.
Exit verify(const scenarios::Exercise& exercise, const scenarios::WorkedExercise& worked,
            const std::vector<scenarios::Grade>& grades, Exit exit) {
    for (const std::string& line : reports::unfounded(exercise, worked)) {
        complain("archsim: " + reports::printable(exercise.name) + ": " + reports::printable(line));
        exit = Exit::failed;
    }
    for (std::size_t i = 0; i < grades.size(); ++i) {
        if (grades[i].mark == scenarios::Mark::right) continue;
        complain("archsim: " + reports::printable(exercise.name) + ": its own answer to '" +
                 reports::printable(exercise.questions[i].id) + "' is not right");
        exit = Exit::failed;
    }
    return exit;
}

Exit check(const scenarios::Exercise& exercise, const std::string& sheet, const Wishes& wishes) {
    Reading reading;
    const auto answers =
        scenarios::load_answers(sheet, exercise, reading.sources, reading.diagnostics);
    if (reading.complain_of_errors() || !answers) return Exit::bad_input;
    Exit exit = Exit::ok;
    const auto worked = work(exercise, wishes, exit);
    if (!worked) return exit;
    const auto grades = scenarios::grade(exercise, *worked, *answers, reading.diagnostics);
    if (reading.complain_of_errors()) return Exit::bad_input;
    say(reports::write_grades(exercise, *worked, grades, wishes.language, wishes.style));
    const bool all_right = std::ranges::all_of(
        grades, [](const auto& grade) { return grade.mark == scenarios::Mark::right; });
    return all_right ? exit : Exit::failed;
}

Exit answer(const scenarios::Exercise& exercise, const Wishes& wishes, bool has_trace) {
    say(reports::write_exercise_question(exercise, wishes.language, wishes.style));
    Exit exit = Exit::ok;
    const auto worked = work(exercise, wishes, exit);
    if (!worked) return exit;
    Reading reading;
    const auto grades =
        scenarios::grade(exercise, *worked, scenarios::own_answers(exercise), reading.diagnostics);
    if (reading.complain_of_errors()) return Exit::bad_input;
    if (worked->table) {
        say("\n" +
            reports::write_exercise(*worked->table, wishes.language, wishes.style, has_trace));
    }
    say(reports::write_exercise_answer(exercise, *worked, wishes.language, wishes.style));
    say(reports::write_grades(exercise, *worked, grades, wishes.language, wishes.style));
    return verify(exercise, *worked, grades, exit);
}

/// Whether none of these options was given, which would change nothing; else complains.
bool does_without(const Arguments& arguments, std::initializer_list<std::string_view> options,
                  std::string_view reason) {
    for (const std::string_view option : options) {
        if (!arguments.has(option)) continue;
        complain("error: --" + std::string{option} + " changes nothing: " + std::string{reason});
        return false;
    }
    return true;
}

Exit run(const Arguments& arguments) {
    const auto wishes = wishes_of(arguments);
    if (!wishes) return Exit::bad_input;
    const auto name = arguments.text("name");
    const bool is_list = !name || *name == "list";
    const bool has_sheet = arguments.has("questions") || arguments.has("check");
    if (arguments.has("questions") && arguments.has("check")) {
        complain("error: --questions writes a sheet and --check reads one: do one at a time");
        return Exit::bad_input;
    }
    if (has_sheet && is_list) {
        complain(
            "error: a sheet of answers belongs to one exercise\nhint: archsim exercise spof ...");
        return Exit::bad_input;
    }
    if (is_list) {
        return does_without(arguments, {"seed", "no-trace", "jobs"}, "the list runs nothing")
                   ? list(wishes->language)
                   : Exit::bad_input;
    }
    Exit exit = Exit::ok;
    const auto path = path_of(*name, exit);
    if (!path) return exit;
    const auto exercise = load(*path);
    if (!exercise) return Exit::bad_input;
    const bool has_table = exercise->table == scenarios::WorkedTable::load_balancing && !has_sheet;
    if (!has_table && !does_without(arguments, {"no-trace"}, "no table of policies is shown"))
        return Exit::bad_input;
    if (const auto sheet = arguments.text("questions")) {
        if (!does_without(arguments, {"seed", "jobs"}, "a sheet is written without a run"))
            return Exit::bad_input;
        return write_output(*sheet, reports::write_answer_sheet(*exercise, wishes->language));
    }
    if (const auto sheet = arguments.text("check")) return check(*exercise, *sheet, *wishes);
    return answer(*exercise, *wishes, !arguments.has("no-trace"));
}

}  // namespace

extern const Command exercise_command;
const Command exercise_command = {"exercise",
                                  "Answer a question of the guide, or have your answers graded.",
                                  "  archsim exercise\n"
                                  "  archsim exercise spof --lang pt\n"
                                  "  archsim exercise spof --questions answers.json\n"
                                  "  archsim exercise spof --check answers.json\n",
                                  options, run};

}  // namespace archsim::tools
