// archsim schema: JSON Schema of scenarios or of results, for editors and programs.
#include "models/document.hpp"
#include "reports/report.hpp"
#include "scenarios/scenario.hpp"
#include "tools/terminal.hpp"

namespace archsim::tools {

namespace {

using Kind = OptionSpec::Kind;

std::vector<OptionSpec> options() {
    return {{Kind::optional_argument, "what", "WHAT", "scenario (the default) or result.",
             "scenario result"}};
}

Exit run(const Arguments& arguments) {
    const std::string what = arguments.text("what").value_or("scenario");
    if (what == "scenario") {
        say(scenarios::Scenario::spec().schema().to_pretty_json());
    } else if (what == "result") {
        say(reports::result_schema());
    } else {
        complain("error: there is a schema of scenario and of result, not of '" +
                 reports::printable(what) + "'");
        return Exit::bad_input;
    }
    return Exit::ok;
}

}  // namespace

extern const Command schema_command;
const Command schema_command = {"schema", "Print the JSON Schema of scenarios or results.",
                                "  archsim schema > archsim.schema.json\n"
                                "  archsim schema result\n",
                                options, run};

}  // namespace archsim::tools
