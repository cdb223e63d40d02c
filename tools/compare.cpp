// archsim compare: two or more designs under the same random numbers, and what is different.
#include "scenarios/compare.hpp"

#include "reports/compare.hpp"
#include "reports/html/experiment_pages.hpp"
#include "scenarios/experiment.hpp"
#include "sim/units_text.hpp"
#include "tools/input.hpp"
#include "tools/progress.hpp"
#include "tools/reporting.hpp"
#include "tools/terminal.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <thread>
#include <utility>

namespace archsim::tools {

namespace {

using Kind = OptionSpec::Kind;

std::vector<OptionSpec> options() {
    std::vector<OptionSpec> all = {
        {Kind::arguments, "files", "FILE...", "The reference, then the designs to judge."}};
    for (const OptionSpec& option : scenario_options()) all.push_back(option);
    const std::vector<OptionSpec> own = {
        {Kind::values, "--until", "METRIC:PERCENT",
         "Run on until the interval of this difference is that narrow, relative to the "
         "reference."},
        {Kind::value, "--max-replications", "N", "Where --until gives up; 1000 without it."},
        {Kind::value, "--tolerance", "PERCENT",
         "Call only differences that are shown to be larger; 0% without it."},
        {Kind::value, "--margin", "PERCENT",
         "Without a difference: inconclusive unless it is shown to be smaller; 5% without it."},
        {Kind::flag, "--independent", "", "Each design keeps its own seed: no common numbers."},
        {Kind::flag, "--allow-undecided", "", "Inconclusive metrics do not fail the comparison."},
        {Kind::flag, "--all", "", "Show every metric."},
        {Kind::value, "--jobs", "N", "Threads; without it one for each core."},
        {Kind::value, "--max-events", "N", "Stop a replication after this many events."},
        {Kind::value, "--json", "FILE", "Everything, for programs (archsim.compare/1)."},
        {Kind::value, "--markdown", "FILE", "A table for a pull request."},
        {Kind::value, "--html", "FILE", "A page with the change of each metric as a picture."},
        {Kind::flag, "-q,--quiet", "", "No table and no progress: only the exit code."},
        {Kind::value, "--color", "WHEN", "auto, always or never.", "auto always never"},
    };
    all.insert(all.end(), own.begin(), own.end());
    return all;
}

std::optional<double> share(const Arguments& arguments, std::string_view option, double fallback) {
    const auto text = arguments.text(option);
    if (!text) return fallback;
    const auto parsed = sim::parse_quantity<sim::Probability>(*text);
    if (parsed) return (*parsed).value();
    complain("error: --" + std::string{option} + ": " + parsed.error().message);
    return std::nullopt;
}

/// Every replication count of the designs covered, and ten at least unless one is asked for.
std::int64_t replications_for(const std::vector<scenarios::Design>& designs,
                              const Arguments& arguments) {
    std::int64_t most = arguments.has("replications") ? 2 : 10;
    for (const auto& design : designs) most = std::max(most, design.scenario.replications);
    return most;
}

std::optional<scenarios::CompareOptions> compare_options(const Arguments& arguments) {
    const auto cores = static_cast<std::int64_t>(std::max(1u, std::thread::hardware_concurrency()));
    const auto jobs = whole_number(arguments, "jobs", 1, 1024, cores);
    const auto most = whole_number(arguments, "max-replications", 2, 100'000, 1000);
    const auto events = whole_number(arguments, "max-events", 1, INT64_MAX, INT64_C(1) << 40);
    const auto tolerance = share(arguments, "tolerance", 0.0);
    const auto margin = share(arguments, "margin", 0.05);
    if (!jobs || !most || !events || !tolerance || !margin) return std::nullopt;
    if (arguments.has("max-replications") && !arguments.has("until")) {
        complain("error: --max-replications says where --until gives up, and there is none");
        complain("hint: --replications N says how many to run");
        return std::nullopt;
    }
    scenarios::CompareOptions made;
    made.run.jobs = static_cast<unsigned>(*jobs);
    made.run.max_events = static_cast<std::uint64_t>(*events);
    made.run.interrupt = &interrupt_flag();
    made.rules = {*tolerance, *margin};
    made.independent = arguments.has("independent");
    made.max_replications = *most;
    for (const std::string& text : arguments.texts("until")) {
        const auto precision = scenarios::parse_precision(text);
        if (!precision) {
            complain("error: --until is METRIC:PERCENT such as users/latency/p99:2%, not '" +
                     reports::printable(text) + "'");
            return std::nullopt;
        }
        made.until.push_back({precision->metric, precision->relative});
    }
    return made;
}

/// Loads every design, or says what is wrong with each.
Exit load_all(const Arguments& arguments, std::vector<scenarios::Design>& designs) {
    Exit exit = Exit::ok;
    for (const std::string& file : arguments.texts("files")) {
        Input input = load_input(file, arguments);
        if (input.scenario) {
            designs.push_back({file, *std::move(input.scenario)});
        } else {
            exit = input.exit;
        }
    }
    if (exit == Exit::ok && designs.size() < 2) {
        complain("error: a comparison needs two designs or more");
        return Exit::bad_input;
    }
    return exit;
}

bool knows_metrics(const std::vector<scenarios::Design>& designs,
                   const scenarios::CompareOptions& options) {
    for (const auto& wanted : options.until) {
        for (const auto& design : designs) {
            if (!knows_metric(design.scenario, wanted.metric, "--until")) return false;
        }
    }
    return true;
}

Exit show(const Arguments& arguments, const scenarios::ComparisonResult& result,
          const reports::Style& style) {
    bool stdout_is_taken = false;
    const auto write = [&](std::string_view option, const std::string& text) {
        const auto path = arguments.text(option);
        stdout_is_taken = stdout_is_taken || *path == "-";
        return write_output(*path, text);
    };
    if (arguments.has("json")) {
        if (const Exit exit = write("json", reports::write_comparison_json(result));
            exit != Exit::ok)
            return exit;
    }
    if (arguments.has("markdown")) {
        if (const Exit exit = write("markdown", reports::write_comparison_markdown(result));
            exit != Exit::ok)
            return exit;
    }
    if (arguments.has("html")) {
        if (const Exit exit = write("html", reports::write_comparison_html(result, style));
            exit != Exit::ok)
            return exit;
    }
    if (!stdout_is_taken && !arguments.has("quiet"))
        say(reports::write_comparison(result, style, arguments.has("all")));
    return Exit::ok;
}

Exit run(const Arguments& arguments) {
    const auto style = style_of(arguments.text("color").value_or("auto"));
    auto options = compare_options(arguments);
    constexpr std::array<std::string_view, 3> outputs = {"json", "markdown", "html"};
    if (!style || !options || !leaves_one_stdout(arguments, outputs)) return Exit::bad_input;
    std::vector<scenarios::Design> designs;
    if (const Exit exit = load_all(arguments, designs); exit != Exit::ok) return exit;
    if (!knows_metrics(designs, *options)) return Exit::bad_input;
    options->replications = replications_for(designs, arguments);
    if (!options->until.empty())
        options->replications = std::min(options->replications, options->max_replications);
    scenarios::ComparisonResult result;
    {
        sim::Duration work;
        for (const auto& design : designs) work += design.scenario.duration * options->replications;
        ProgressBar bar{arguments.has("quiet"), options->until.empty() ? work : sim::Duration{}};
        options->run.progress = bar.state();
        result = scenarios::run_comparison(designs, *options);
    }
    const Exit shown = show(arguments, result, *style);
    if (shown != Exit::ok) return shown;
    if (result.status == scenarios::Status::interrupted) return interrupt_exit();
    if (result.status == scenarios::Status::limit) return Exit::limit;
    return scenarios::holds(result, arguments.has("allow-undecided")) ? Exit::ok : Exit::failed;
}

}  // namespace

extern const Command compare_command;
const Command compare_command = {
    "compare", "Compare designs under the same random numbers.",
    "  archsim compare now.json new.json\n"
    "  archsim compare now.json new.json --until users/latency/p99:2% --markdown comment.md\n"
    "  archsim compare now.json new.json --tolerance 3% --json -\n"
    "Exit code 1: a headline metric regressed, is inconclusive (unless allowed) or has no data.\n",
    options, run};

}  // namespace archsim::tools
