// Loading a scenario for a command.
#include "tools/input.hpp"

#include "models/suggest.hpp"
#include "reports/text.hpp"
#include "scenarios/load.hpp"
#include "scenarios/run.hpp"
#include "scenarios/system_metrics.hpp"
#include "scenarios/world.hpp"
#include "tools/terminal.hpp"

#include <limits>

namespace archsim::tools {

namespace {
constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();
}

std::vector<OptionSpec> scenario_options() {
    using Kind = OptionSpec::Kind;
    return {
        {Kind::values, "--set", "POINTER=VALUE",
         "Change the scenario, such as nodes/web/instances=4; may be repeated."},
        {Kind::value, "--seed", "N", "Seed of all random numbers."},
        {Kind::value, "--replications", "N", "Runs with different random numbers."},
        {Kind::value, "--duration", "TIME", "Simulated time of a run, such as 60s."},
    };
}

std::optional<std::vector<std::string>> settings_of(const Arguments& arguments) {
    std::vector<std::string> settings = arguments.texts("set");
    const auto seed = whole_number(arguments, "seed", 0, greatest, 0);
    const auto replications = whole_number(arguments, "replications", 1, 100'000, 1);
    if (!seed || !replications) return std::nullopt;
    if (arguments.has("seed")) settings.push_back("seed=" + std::to_string(*seed));
    if (arguments.has("replications")) {
        settings.push_back("replications=" + std::to_string(*replications));
    }
    if (const auto duration = arguments.text("duration")) {
        settings.push_back("duration=" + *duration);
    }
    return settings;
}

Input load_input(const std::string& path, const Arguments& arguments) {
    Input input;
    const auto settings = settings_of(arguments);
    if (!settings) {
        input.exit = Exit::bad_input;
        return input;
    }
    input.scenario = scenarios::load_scenario(path, *settings, input.sources, input.diagnostics);
    const std::string problems = input.diagnostics.format(input.sources);
    if (!problems.empty()) complain(problems);
    if (!input.scenario) input.exit = Exit::bad_input;
    return input;
}

bool knows_metric(const scenarios::Scenario& scenario, const std::string& metric,
                  std::string_view option) {
    if (scenarios::has_metric(scenario, metric)) return true;
    std::vector<std::string> names;
    const scenarios::World world{scenario, 0};
    for (const auto& [name, unit] : world.metric_units()) names.push_back(name);
    for (const scenarios::SystemMetric& one : scenarios::system_metrics) {
        if (scenarios::has_metric(scenario, one.name)) names.emplace_back(one.name);
    }
    complain("error: " + std::string{option} + ": no metric is called '" +
             reports::printable(metric) + "'");
    complain("hint: " + models::did_you_mean(metric, names));
    return false;
}

}  // namespace archsim::tools
