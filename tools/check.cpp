// archsim check: everything that can be said of a scenario without running it.
#include "reports/report.hpp"
#include "scenarios/blast_radius.hpp"
#include "scenarios/load.hpp"
#include "scenarios/topology.hpp"
#include "tools/input.hpp"
#include "tools/terminal.hpp"

namespace archsim::tools {

namespace {

using Kind = OptionSpec::Kind;

std::vector<OptionSpec> options() {
    std::vector<OptionSpec> all = {{Kind::arguments, "files", "FILE...", "Scenarios to check."}};
    for (const OptionSpec& option : scenario_options()) all.push_back(option);
    all.push_back({Kind::flag, "--strict", "", "Warnings fail the check."});
    all.push_back(
        {Kind::flag, "--spof", "",
         "Tell how many failures cut users off, and kill each node in a run to confirm."});
    return all;
}

/// Cuts from the graph, and runs without each node.
std::string blast_radius(const scenarios::Scenario& scenario) {
    scenarios::Result result;
    scenarios::StaticFindings findings = scenarios::analyse(scenario);
    result.spof = findings.spof;
    scenarios::RunOptions options;
    options.interrupt = &interrupt_flag();
    const sim::Duration warm_up = scenarios::warm_up_of(scenario, options, findings.warnings);
    scenarios::add_blast_radius(scenarios::kill_each(scenario, warm_up, options),
                                scenarios::smallest_cuts(scenario), result);
    return reports::write_sections(result, *style_of("auto"));
}

Exit check_one(const std::string& path, const Arguments& arguments) {
    const Input input = load_input(path, arguments);
    if (!input.scenario) return input.exit;
    models::Diagnostics findings;
    scenarios::report_findings(*input.scenario, findings);
    if (const std::string text = findings.format(input.sources); !text.empty()) complain(text);
    const std::size_t warnings = findings.warning_count() + input.diagnostics.warning_count();
    say(path + ": valid, " + std::to_string(warnings) +
        (warnings == 1 ? " warning\n" : " warnings\n"));
    if (arguments.has("spof")) say(blast_radius(*input.scenario));
    if (interrupt_flag()) return interrupt_exit();
    return warnings > 0 && arguments.has("strict") ? Exit::failed : Exit::ok;
}

Exit run(const Arguments& arguments) {
    Exit worst = Exit::ok;
    for (const std::string& path : arguments.texts("files")) {
        const Exit one = check_one(path, arguments);
        if (static_cast<int>(one) > static_cast<int>(worst)) worst = one;
    }
    return worst;
}

}  // namespace

extern const Command check_command;
const Command check_command = {"check", "Check scenarios without running them.",
                               "  archsim check my.json\n"
                               "  archsim check scenarios/guide/*.json --strict\n",
                               options, run};

}  // namespace archsim::tools
