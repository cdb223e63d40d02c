// archsim graph: the architecture of a scenario as a diagram.
#include "reports/diagram.hpp"
#include "reports/text.hpp"
#include "tools/input.hpp"
#include "tools/terminal.hpp"

namespace archsim::tools {

namespace {

using Kind = OptionSpec::Kind;

std::vector<OptionSpec> options() {
    std::vector<OptionSpec> all = {
        {Kind::argument, "file", "FILE", "Scenario to draw; - is standard input."},
        {Kind::value, "--format", "FORMAT", "mermaid (the default), dot or svg.",
         "mermaid dot svg"},
        {Kind::value, "-o,--output", "FILE", "Where to write; standard output without it."}};
    for (const OptionSpec& option : scenario_options()) all.push_back(option);
    return all;
}

Exit run(const Arguments& arguments) {
    const std::string format = arguments.text("format").value_or("mermaid");
    for (const reports::DiagramFormat& known : reports::diagram_formats()) {
        if (known.name != format) continue;
        const Input input = load_input(*arguments.text("file"), arguments);
        if (!input.scenario) return input.exit;
        return write_output(arguments.text("output").value_or("-"),
                            known.write(scenarios::graph_of(*input.scenario)));
    }
    complain("error: --format is mermaid, dot or svg, not '" + reports::printable(format) + "'");
    return Exit::bad_input;
}

}  // namespace

extern const Command graph_command;
const Command graph_command = {"graph", "Draw the architecture as a diagram.",
                               "  archsim graph my.json --format dot | dot -Tsvg > my.svg\n"
                               "  archsim graph my.json --format mermaid\n"
                               "  archsim graph my.json --format svg -o my.svg\n",
                               options, run};

}  // namespace archsim::tools
