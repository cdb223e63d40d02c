// archsim check: everything that can be said of a scenario without running it.
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
    return all;
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
