// archsim capacity: the highest load, or the least of a parameter, that meets a goal.
#include "scenarios/capacity.hpp"

#include "reports/search.hpp"
#include "scenarios/load.hpp"
#include "scenarios/set.hpp"
#include "scenarios/system_metrics.hpp"
#include "scenarios/world.hpp"
#include "sim/units_text.hpp"
#include "tools/input.hpp"
#include "tools/progress.hpp"
#include "tools/searching.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace archsim::tools {

namespace {

using Kind = OptionSpec::Kind;

std::vector<OptionSpec> options() {
    std::vector<OptionSpec> all = {{Kind::argument, "file", "FILE", "Scenario to load."}};
    for (const OptionSpec& option : scenario_options()) all.push_back(option);
    const std::vector<OptionSpec> own = {
        {Kind::values, "--slo", "EXPECTATION",
         "The goal, such as \"users/latency/p99 <= 200ms\"; without it what the scenario expects."},
        {Kind::value, "--vary", "POINTER=LOW..HIGH",
         "Find the best whole number for this parameter instead of the highest load."},
        {Kind::value, "--precision", "PERCENT",
         "How close to come to the highest load; 1% without it."},
    };
    all.insert(all.end(), own.begin(), own.end());
    for (const OptionSpec& option : search_options()) all.push_back(option);
    return all;
}

/// The goals of the command line or of the scenario, with the units of their metrics.
bool find_goals(const Arguments& arguments, const scenarios::Scenario& scenario,
                scenarios::CapacityQuestion& question, reports::CapacityWords& words) {
    for (const std::string& text : arguments.texts("slo")) {
        auto parsed = scenarios::parse_expectation(text);
        if (const auto* const problem = std::get_if<scenarios::ExpectProblem>(&parsed)) {
            complain("error: --slo: " + problem->message +
                     (problem->hint.empty() ? "" : "\nhint: " + problem->hint));
            return false;
        }
        question.goals.push_back(std::get<scenarios::Expectation>(std::move(parsed)));
    }
    if (question.goals.empty()) {
        for (const auto& entry : scenario.expect.entries)
            question.goals.push_back(entry.expectation);
    }
    if (question.goals.empty()) {
        complain("error: no goal\nhint: --slo \"users/latency/p99 <= 200ms\"");
        return false;
    }
    const scenarios::World world{scenario, 0};
    auto units = world.metric_units();
    for (const scenarios::SystemMetric& metric : scenarios::system_metrics) {
        units.emplace_back(metric.name, metric.unit);
    }
    for (const scenarios::Expectation& goal : question.goals) {
        const auto found =
            std::ranges::find(units, goal.metric, [](const auto& u) { return u.first; });
        if (found == units.end()) {
            (void)knows_metric(scenario, goal.metric, "--slo");
            return false;
        }
        if (const std::string problem = scenarios::unit_problem(goal, found->second);
            !problem.empty()) {
            complain("error: --slo: " + problem);
            return false;
        }
        words.goals.push_back(goal.expr);
        words.units.push_back(found->second);
    }
    return true;
}

/// "POINTER=LOW..HIGH" into the question.
bool find_range(const std::string& text, scenarios::CapacityQuestion& question,
                std::string& pointer) {
    auto parsed = scenarios::parse_variation(text);
    if (const auto* const problem = std::get_if<std::string>(&parsed)) {
        complain("error: --vary: " + *problem);
        return false;
    }
    const auto& variation = std::get<scenarios::Variation>(parsed);
    const auto number = [](const std::string& value) -> std::optional<double> {
        double made = 0.0;
        const char* const end = value.data() + value.size();
        const auto [stop, error] = std::from_chars(value.data(), end, made);
        if (error != std::errc{} || stop != end) return std::nullopt;
        return made;
    };
    const auto low = number(variation.values.front());
    const auto high = number(variation.values.back());
    const auto count = static_cast<double>(variation.values.size());
    if (!low || !high || *high - *low + 1.0 != count) {
        complain(
            "error: --vary: a capacity is searched in a range of whole numbers such as "
            "nodes/web/instances=1..64");
        return false;
    }
    question.whole = true;
    question.low = *low;
    question.high = *high;
    pointer = variation.pointer;
    return true;
}

/// The design at a value: scaled load, or the parameter set.
std::optional<scenarios::Scenario> design_at(const SettledInput& input, const std::string& pointer,
                                             double value) {
    models::Sources sources;
    models::Diagnostics diagnostics;
    models::Value document = input.document;
    if (pointer.empty()) {
        scenarios::scale_load(document, value);
    } else if (!scenarios::apply_set(document, fmt::format("{}={:.0f}", pointer, value), sources,
                                     diagnostics)) {
        return std::nullopt;
    }
    return scenarios::read_scenario(document, input.folder, sources, diagnostics);
}

Exit show(const Arguments& arguments, const scenarios::CapacityAnswer& answer,
          const reports::CapacityWords& words, const reports::Style& style) {
    const auto path = arguments.text("json");
    if (path) {
        const Exit written = write_output(*path, reports::write_capacity_json(answer, words));
        if (written != Exit::ok) return written;
    }
    if (!arguments.has("quiet") && path != "-") say(reports::write_capacity(answer, words, style));
    if (answer.status == scenarios::Status::interrupted) return interrupt_exit();
    if (answer.status == scenarios::Status::limit) return Exit::limit;
    return answer.found ? Exit::ok : Exit::failed;
}

Exit run(const Arguments& arguments) {
    const auto style = style_of(arguments.text("color").value_or("auto"));
    auto trial = trial_options(arguments);
    const auto precision =
        sim::parse_quantity<sim::Probability>(arguments.text("precision").value_or("1%"));
    if (!style || !trial) return Exit::bad_input;
    if (!precision || (*precision).value() <= 0.0) {
        complain("error: --precision is a percentage above 0%");
        return Exit::bad_input;
    }
    const auto input = settled_input(arguments);
    if (!input) return Exit::bad_input;
    scenarios::CapacityQuestion question{.precision = (*precision).value()};
    reports::CapacityWords words{.what = "load factor"};
    std::string pointer;
    const auto base = design_at(*input, {}, 1.0);
    if (!base || !find_goals(arguments, *base, question, words)) return Exit::bad_input;
    if (const auto text = arguments.text("vary")) {
        if (!find_range(*text, question, pointer)) return Exit::bad_input;
        words.what = pointer;
    } else if (models::Value probe = input->document; scenarios::scale_load(probe, 2.0) == 0) {
        complain("error: no load source whose load can be scaled\nhint: --vary POINTER=LOW..HIGH");
        return Exit::bad_input;
    }
    ProgressBar bar{arguments.has("quiet"), {}};
    trial->run.progress = bar.state();
    question.trial = [&](double value) -> std::optional<scenarios::TrialResult> {
        const auto scenario = design_at(*input, pointer, value);
        if (!scenario) return std::nullopt;
        return scenarios::run_trial(*scenario, question.goals, *trial);
    };
    return show(arguments, scenarios::find_capacity(question), words, *style);
}

}  // namespace

extern const Command capacity_command;
const Command capacity_command = {
    "capacity", "Find the highest load, or the fewest instances, that meets a goal.",
    "  archsim capacity my.json --slo \"users/latency/p99 <= 200ms\"\n"
    "  archsim capacity my.json --slo \"users/latency/p99 <= 200ms\" --precision 0.5%\n"
    "  archsim capacity my.json --vary nodes/web/instances=1..64\n"
    "The load factor multiplies the rates of open-loop sources and the users of closed-loop ones.\n"
    "Exit code 1: no answer.\n",
    options, run};

}  // namespace archsim::tools
