// archsim test: every scenario below a folder, what it expects, and its baseline; for CI.
#include "reports/atomic_file.hpp"
#include "reports/test_report.hpp"
#include "scenarios/baseline.hpp"
#include "scenarios/experiment.hpp"
#include "scenarios/load.hpp"
#include "scenarios/load_file.hpp"
#include "tools/input.hpp"
#include "tools/progress.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <set>
#include <span>
#include <thread>
#include <utility>

namespace archsim::tools {

namespace {

using Kind = OptionSpec::Kind;
using reports::TestCase;
using reports::TestOutcome;
namespace files = std::filesystem;

std::vector<OptionSpec> options() {
    std::vector<OptionSpec> all = {
        {Kind::arguments, "paths", "DIR...", "Folders with scenarios, or single files."}};
    for (const OptionSpec& option : scenario_options()) all.push_back(option);
    const std::vector<OptionSpec> own = {
        {Kind::value, "--baseline", "FILE", "Hold headline metrics to what this file says."},
        {Kind::flag, "--update", "", "Write the baseline instead, if everything else passes."},
        {Kind::value, "--junit", "FILE", "JUnit XML for CI systems."},
        {Kind::flag, "--github", "",
         "Annotations and step summary for GitHub; on by itself where GITHUB_ACTIONS is true."},
        {Kind::flag, "--allow-undecided", "", "Undecided expectations do not fail."},
        {Kind::flag, "--all", "", "Show what passed as well."},
        {Kind::value, "--jobs", "N", "Threads; without it one for each core."},
        {Kind::value, "--max-events", "N", "Stop a replication after this many events."},
        {Kind::flag, "-q,--quiet", "", "Print nothing but annotations."},
        {Kind::value, "--color", "WHEN", "auto, always or never.", "auto always never"},
    };
    all.insert(all.end(), own.begin(), own.end());
    return all;
}

/// A scenario file with its name in baselines.
struct Found {
    std::string path;
    std::string name;  ///< Below the folder that was given.
};

/// All .json files below the paths, sorted; links to folders are not followed.
std::optional<std::vector<Found>> find_files(const std::vector<std::string>& paths) {
    std::vector<Found> found;
    for (const std::string& path : paths) {
        std::error_code error;
        if (files::is_regular_file(path, error)) {
            found.push_back({path, files::path{path}.filename().string()});
            continue;
        }
        files::recursive_directory_iterator entries{path, error};
        for (; !error && entries != files::recursive_directory_iterator{};
             entries.increment(error)) {
            const files::path& file = entries->path();
            if (file.extension() != ".json" || !entries->is_regular_file()) continue;
            found.push_back({file.string(), file.lexically_relative(path).generic_string()});
        }
        if (error) {
            complain("archsim: cannot read " + path + ": " + error.message());
            return std::nullopt;
        }
    }
    std::ranges::sort(found, {}, &Found::path);
    return found;
}

TestOutcome outcome_of(scenarios::Verdict verdict) {
    switch (verdict) {
        case scenarios::Verdict::pass:
            return TestOutcome::passed;
        case scenarios::Verdict::fail:
            return TestOutcome::failed;
        case scenarios::Verdict::undecided:
            return TestOutcome::undecided;
        case scenarios::Verdict::no_data:
            break;
    }
    return TestOutcome::no_data;
}

std::string observed_text(const scenarios::ExpectResult& expect, const scenarios::Result& result) {
    const scenarios::MetricResult* const metric = find_metric(result, expect.metric);
    if (!expect.observed || metric == nullptr)
        return expect.note.empty() ? "not measured" : expect.note;
    std::string text = "observed " + reports::humanised(*expect.observed, metric->unit);
    if (metric->ci95) {
        text += fmt::format(" ({} to {})", reports::humanised(metric->ci95->low, metric->unit),
                            reports::humanised(metric->ci95->high, metric->unit));
    }
    return expect.note.empty() ? text : text + "; " + expect.note;
}

/// Everything that the run of all files shares.
class Tester {
public:
    Tester(const Arguments& arguments, scenarios::ExperimentOptions experiment,
           std::optional<scenarios::Baseline> baseline)
        : arguments_{arguments},
          experiment_{std::move(experiment)},
          baseline_{std::move(baseline)} {
        report_.allow_undecided = arguments.has("allow-undecided");
    }

    void test(const Found& file);
    /// Reports scenarios of the baseline that were not there to be tested.
    void report_gone();
    [[nodiscard]] const reports::TestReport& report() const { return report_; }
    [[nodiscard]] const scenarios::Baseline& measured() const { return measured_; }
    /// How many runs ended at a limit.
    [[nodiscard]] std::size_t limited() const { return limited_; }

private:
    void judge(const Found& file, const Input& input, const scenarios::Result& result);
    void add_expectations(const Found& file, const Input& input, const scenarios::Result& result);
    void add_baseline(const Found& file, const scenarios::Result& result);

    const Arguments& arguments_;
    scenarios::ExperimentOptions experiment_;
    std::optional<scenarios::Baseline> baseline_;
    scenarios::Baseline measured_;
    reports::TestReport report_;
    std::set<std::string> seen_;  ///< Names of the scenarios that were found.
    std::size_t limited_ = 0;
};

/// Whether a file is part of a scenario, such as a base for `extends`, and none itself.
bool is_fragment(const std::string& path) {
    models::Sources sources;
    models::Diagnostics diagnostics;
    const auto document = scenarios::load_file(path, sources, diagnostics);
    return document && document->value.find("scenario") == nullptr &&
           document->value.find("extends") == nullptr;
}

void Tester::test(const Found& file) {
    if (is_fragment(file.path)) return;
    seen_.insert(file.name);
    const Input input = load_input(file.path, arguments_);
    if (!input.scenario) {
        report_.cases.push_back({file.path, "load", TestOutcome::error, "not a valid scenario"});
        return;
    }
    const bool is_held = baseline_ || arguments_.has("update");
    if (input.scenario->expect.entries.empty() && !is_held) {
        report_.cases.push_back({file.path, "expect", TestOutcome::skipped, "expects nothing"});
        return;
    }
    const std::size_t first = report_.cases.size();
    const auto start = std::chrono::steady_clock::now();
    const scenarios::Result result = scenarios::run_experiment(*input.scenario, experiment_);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    judge(file, input, result);
    const auto added = std::span{report_.cases}.subspan(first);
    for (TestCase& one : added) one.seconds = taken.count() / static_cast<double>(added.size());
}

void Tester::judge(const Found& file, const Input& input, const scenarios::Result& result) {
    if (result.status != scenarios::Status::complete) {
        report_.cases.push_back({file.path, "run", TestOutcome::error, result.status_reason});
        if (result.status == scenarios::Status::limit) ++limited_;
        return;
    }
    add_expectations(file, input, result);
    if (arguments_.has("update")) measured_[file.name] = baseline_of(result);
    if (baseline_) add_baseline(file, result);
}

void Tester::report_gone() {
    if (!baseline_) return;
    for (const auto& [name, metrics] : *baseline_) {
        if (seen_.contains(name)) continue;
        report_.cases.push_back({name, "baseline", TestOutcome::no_data,
                                 "the baseline has this scenario, and no folder that is tested "
                                 "does; --update leaves it out"});
    }
}

void Tester::add_expectations(const Found& file, const Input& input,
                              const scenarios::Result& result) {
    const auto& entries = input.scenario->expect.entries;
    for (std::size_t i = 0; i < result.expect.size(); ++i) {
        const scenarios::ExpectResult& expect = result.expect[i];
        TestCase one{file.path, expect.expr, outcome_of(expect.verdict),
                     observed_text(expect, result)};
        const models::Spot spot = entries[i].spot;
        // An expectation that a base file states is shown at the file that was tested.
        if (spot.source != models::Spot::none && input.sources.name(spot.source) == file.path) {
            const models::LineColumn place = input.sources.locate(spot);
            one.line = place.line;
            one.column = place.column;
        }
        report_.cases.push_back(std::move(one));
    }
}

void Tester::add_baseline(const Found& file, const scenarios::Result& result) {
    const auto before = baseline_->find(file.name);
    if (before == baseline_->end()) {
        report_.cases.push_back({file.path, "baseline", TestOutcome::no_data,
                                 "the baseline has no such scenario; --update adds it"});
        return;
    }
    for (const scenarios::BaselineChange& change : against_baseline(before->second, result)) {
        TestCase one{file.path, "baseline " + change.metric, TestOutcome::passed};
        one.message =
            fmt::format("{}: was {}, is {}", name_of(change.change),
                        reports::humanised(change.before, change.unit),
                        change.now ? reports::humanised(*change.now, change.unit) : "n/a");
        if (change.change == scenarios::Change::no_data) one.outcome = TestOutcome::no_data;
        if (change.change == scenarios::Change::regressed ||
            change.change == scenarios::Change::changed)
            one.outcome = TestOutcome::failed;
        report_.cases.push_back(std::move(one));
    }
}

/// The baseline of the command line. Nothing and an exit code if there should be one and is not.
std::pair<std::optional<scenarios::Baseline>, Exit> load_baseline(const Arguments& arguments) {
    const auto path = arguments.text("baseline");
    if (arguments.has("update")) {
        if (path) return {std::nullopt, Exit::ok};
        complain("error: --update needs the --baseline to write");
        return {std::nullopt, Exit::bad_input};
    }
    if (!path) return {std::nullopt, Exit::ok};
    models::Sources sources;
    models::Diagnostics diagnostics;
    const auto document = scenarios::load_file(*path, sources, diagnostics);
    if (!document) {
        complain(diagnostics.format(sources) + "hint: --update writes a baseline");
        return {std::nullopt, Exit::bad_input};
    }
    auto baseline = scenarios::read_baseline(document->value);
    if (!baseline) complain("error: " + *path + " is no baseline (archsim.baseline/1)");
    const Exit exit = baseline ? Exit::ok : Exit::bad_input;
    return {std::move(baseline), exit};
}

bool is_on_github() {
    const char* const value = std::getenv("GITHUB_ACTIONS");
    return value != nullptr && std::string_view{value} == "true";
}

Exit write_github(const reports::TestReport& report) {
    say(reports::write_github_annotations(report));
    const char* const path = std::getenv("GITHUB_STEP_SUMMARY");
    if (path == nullptr || *path == '\0') return Exit::ok;
    // Other steps write to the same file, so this is added to what is there.
    std::FILE* const file = std::fopen(path, "ab");
    const std::string text = reports::write_github_summary(report);
    bool good = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
    if (file != nullptr) good = std::fclose(file) == 0 && good;
    if (good) return Exit::ok;
    complain(fmt::format("archsim: cannot write {}: {}", path, std::strerror(errno)));
    return Exit::io;
}

Exit verdict_of(const Arguments& arguments, const Tester& tester) {
    const reports::TestReport& report = tester.report();
    if (interrupt_flag()) return interrupt_exit();
    const bool is_measured = !tester.measured().empty();
    if (!is_measured && report.cases.size() == report.count(TestOutcome::skipped)) {
        complain("archsim: nothing was tested: no scenario here expects anything");
        return Exit::failed;
    }
    if (report.count(TestOutcome::error) > tester.limited()) return Exit::bad_input;
    if (tester.limited() > 0) return Exit::limit;
    if (report.failures() > 0) return Exit::failed;
    if (!arguments.has("update")) return Exit::ok;
    return write_output(*arguments.text("baseline"), write_baseline(tester.measured()));
}

Exit run(const Arguments& arguments) {
    const auto style = style_of(arguments.text("color").value_or("auto"));
    const auto cores = static_cast<std::int64_t>(std::max(1u, std::thread::hardware_concurrency()));
    const auto jobs = whole_number(arguments, "jobs", 1, 1024, cores);
    const auto events = whole_number(arguments, "max-events", 1, INT64_MAX, INT64_C(1) << 40);
    if (!style || !jobs || !events) return Exit::bad_input;
    auto [baseline, exit] = load_baseline(arguments);
    if (exit != Exit::ok) return exit;
    const auto found = find_files(arguments.texts("paths"));
    if (!found) return Exit::io;
    ProgressBar bar{arguments.has("quiet"), {}};
    scenarios::ExperimentOptions experiment;
    experiment.run = {.jobs = static_cast<unsigned>(*jobs),
                      .max_events = static_cast<std::uint64_t>(*events),
                      .interrupt = &interrupt_flag(),
                      .progress = bar.state()};
    Tester tester{arguments, std::move(experiment), std::move(baseline)};
    for (const Found& file : *found) {
        tester.test(file);
        if (interrupt_flag()) break;  // What there is so far is shown and written.
    }
    const bool has_folder =
        std::ranges::any_of(arguments.texts("paths"),
                            [](const std::string& path) { return files::is_directory(path); });
    if (has_folder && !interrupt_flag()) tester.report_gone();
    if (!arguments.has("quiet") && arguments.text("junit") != "-")
        say(reports::write_test_text(tester.report(), *style, arguments.has("all")));
    if (const auto path = arguments.text("junit")) {
        const Exit written = write_output(*path, reports::write_junit(tester.report()));
        if (written != Exit::ok) return written;
    }
    if (arguments.has("github") || is_on_github()) {
        const Exit written = write_github(tester.report());
        if (written != Exit::ok) return written;
    }
    return verdict_of(arguments, tester);
}

}  // namespace

extern const Command test_command;
const Command test_command = {
    "test", "Run every scenario below a folder and judge what it expects.",
    "  archsim test scenarios/regression\n"
    "  archsim test scenarios/regression --junit report.xml --github\n"
    "  archsim test scenarios/regression --baseline baseline.json --update\n"
    "  archsim test scenarios/regression --baseline baseline.json\n"
    "Exit code 1: something failed, is undecided or has no data; 2: a scenario or the baseline\n"
    "cannot be read; 3: a run reached a limit.\n",
    options, run};

}  // namespace archsim::tools
