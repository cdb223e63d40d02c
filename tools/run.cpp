// archsim run: one scenario, its replications, its reports and its expectations.
#include "reports/consistency/history_recording.hpp"
#include "reports/report.hpp"
#include "reports/text.hpp"
#include "reports/why.hpp"
#include "scenarios/experiment.hpp"
#include "tools/input.hpp"
#include "tools/progress.hpp"
#include "tools/reporting.hpp"
#include "tools/terminal.hpp"

#include <limits>
#include <thread>

namespace archsim::tools {

namespace {

using Kind = OptionSpec::Kind;

std::vector<OptionSpec> options() {
    std::vector<OptionSpec> all = {
        {Kind::argument, "file", "FILE", "Scenario to run; - is standard input."}};
    for (const OptionSpec& option : scenario_options()) all.push_back(option);
    const std::vector<OptionSpec> own = {
        {Kind::value, "--jobs", "N", "Threads; without it one for each core."},
        {Kind::values, "--until", "METRIC:PERCENT",
         "Run on until the interval of METRIC is this precise, such as users/latency/p99:2%."},
        {Kind::flag, "--until-decided", "",
         "Run on until no expectation is undecided; the more looks, the stricter each."},
        {Kind::value, "--max-replications", "N",
         "Where --until and --until-decided give up; 1000 without it."},
        {Kind::value, "--max-events", "N", "Stop a replication after this many events."},
        {Kind::flag, "--allow-undecided", "", "Undecided expectations do not fail the run."},
        {Kind::value, "--history", "FILE",
         "Write what the clients of replication 0 saw, as archsim.history/1; - is standard "
         "output."},
        {Kind::flag, "--spof", "",
         "Also kill each node in a run of its own, and tell what its users lose."},
        {Kind::flag, "--explain", "", "Say in sentences what limits the design, and what to try."},
        {Kind::flag, "-q,--quiet", "", "Print the verdicts only, no progress."},
        {Kind::value, "--color", "WHEN", "auto, always or never.", "auto always never"},
        {Kind::value, "--lang", "LANGUAGE",
         "Of the scenario's texts and the headings in --html: en or pt.", "en pt"},
    };
    all.insert(all.end(), own.begin(), own.end());
    for (const OptionSpec& option : report_options()) all.push_back(option);
    return all;
}

/// The command that runs the same thing again, for the message of a failed check.
std::string replay_command(const std::string& file, const Arguments& arguments) {
    std::string command = "archsim run '" + file + "' --jobs 1";
    for (const OptionSpec& option : scenario_options()) {
        for (const std::string& value : arguments.texts(option.name.substr(2))) {
            command += " " + std::string(option.name) + " '" + value + "'";
        }
    }
    return command;
}

/// Whether a report shows more than numbers, so that the run is looked at in detail as well.
bool needs_detail(const Arguments& arguments) {
    return arguments.has("html") || arguments.has("json") || arguments.has("ndjson") ||
           arguments.has("hgrm") || arguments.has("perfetto") || arguments.has("otlp") ||
           arguments.has("explain");
}

/// The options of an experiment, or nothing after a complaint.
std::optional<scenarios::ExperimentOptions> experiment_options(const Arguments& arguments,
                                                               const std::string& file) {
    constexpr std::int64_t many = std::numeric_limits<std::int64_t>::max();
    const auto cores = static_cast<std::int64_t>(std::max(1u, std::thread::hardware_concurrency()));
    const auto jobs = whole_number(arguments, "jobs", 1, 1024, cores);
    const auto most = whole_number(arguments, "max-replications", 2, 100'000, 1000);
    const auto events = whole_number(arguments, "max-events", 1, many, INT64_C(1) << 40);
    if (!jobs || !most || !events) return std::nullopt;
    if (arguments.has("max-replications") && !arguments.has("until") &&
        !arguments.has("until-decided")) {
        complain("error: --max-replications says where --until gives up, and there is none");
        complain("hint: --replications N says how many to run");
        return std::nullopt;
    }
    scenarios::ExperimentOptions made;
    made.run.jobs = static_cast<unsigned>(*jobs);
    made.run.max_events = static_cast<std::uint64_t>(*events);
    made.run.interrupt = &interrupt_flag();
    made.run.replay = replay_command(file, arguments);
    made.max_replications = *most;
    made.in_detail = needs_detail(arguments);
    made.until_decided = arguments.has("until-decided");
    made.kill_nodes = arguments.has("spof");
    for (const std::string& text : arguments.texts("until")) {
        const auto precision = scenarios::parse_precision(text);
        if (!precision) {
            complain("error: --until is METRIC:PERCENT such as users/latency/p99:2%, not '" +
                     reports::printable(text) + "'");
            return std::nullopt;
        }
        made.until.push_back(*precision);
    }
    return made;
}

Exit verdict_of(const scenarios::Result& result, bool allow_undecided) {
    if (result.status == scenarios::Status::interrupted) return interrupt_exit();
    if (result.status == scenarios::Status::limit) return Exit::limit;
    return scenarios::all_hold(result, allow_undecided) ? Exit::ok : Exit::failed;
}

/// The history of replication 0 on its way into a file.
struct Recorder {
    explicit Recorder(const std::string& path) : output{path} {}
    [[nodiscard]] bool end() {
        recording.finish();
        return output.commit();
    }
    reports::HistoryOutput output;
    reports::HistoryRecording recording{[this](std::string_view line) { output.write(line); }};
};

Exit run(const Arguments& arguments) {
    const std::string file = *arguments.text("file");
    auto style = style_of(arguments.text("color").value_or("auto"));
    const auto language = language_of(arguments);
    auto settings = experiment_options(arguments, file);
    if (!style || !language || !settings) return Exit::bad_input;
    if (!leaves_one_stdout(arguments)) return Exit::bad_input;
    style->language = *language;
    const Input input = load_input(file, arguments);
    if (!input.scenario) return input.exit;
    for (const scenarios::Precision& precision : settings->until) {
        if (!knows_metric(*input.scenario, precision.metric, "--until")) return Exit::bad_input;
    }
    if (settings->until_decided && input.scenario->expect.entries.empty()) {
        complain("error: --until-decided: the scenario expects nothing that could be decided");
        complain("hint: --until METRIC:PERCENT runs on until a metric is precise");
        return Exit::bad_input;
    }
    std::optional<Recorder> recorder;
    if (const auto path = arguments.text("history"); path) {
        if (!scenarios::watches_store(*input.scenario)) {
            complain(
                "error: --history: there is no history to write, because not exactly one node "
                "holds data that a load source with keys reaches");
            return Exit::bad_input;
        }
        recorder.emplace(*path);
        settings->run.history = &recorder->recording;
    }
    scenarios::Result result = [&] {
        const bool is_open = !settings->until.empty() || settings->until_decided;
        const sim::Duration work = input.scenario->duration * input.scenario->replications;
        ProgressBar bar{arguments.has("quiet"), is_open ? sim::Duration{} : work};
        settings->run.progress = bar.state();
        return scenarios::run_experiment(*input.scenario, *settings);
    }();
    if (recorder && !recorder->end()) {
        complain("error: cannot write the history to " +
                 reports::printable(*arguments.text("history")));
        return Exit::io;
    }
    if (arguments.has("explain")) reports::add_explanation(result);
    const Exit written = write_reports(arguments, result, *style);
    if (written != Exit::ok) return written;
    if (!stdout_is_taken(arguments)) {
        say(arguments.has("quiet") ? reports::write_verdicts(result, *style)
                                   : reports::write_summary(result, *style));
    }
    return verdict_of(result, arguments.has("allow-undecided"));
}

}  // namespace

extern const Command run_command;
const Command run_command = {
    "run", "Run a scenario and judge its expectations.",
    "  archsim run scenarios/guide/03_load_balancing.json\n"
    "  archsim run my.json --set nodes/web/instances=4 --replications 10\n"
    "  archsim run my.json --until \"users/latency/p99:2%\" --json result.json\n"
    "  archsim run my.json --explain --html report.html\n",
    options, run};

}  // namespace archsim::tools
