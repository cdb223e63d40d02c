// archsim history check: judges recorded histories, of a run or of a real system.
#include "reports/consistency/history_file.hpp"
#include "reports/consistency/history_text.hpp"
#include "scenarios/load_file.hpp"
#include "tools/terminal.hpp"

#include <algorithm>

namespace archsim::tools {

namespace {

using Kind = OptionSpec::Kind;

std::vector<OptionSpec> options() {
    return {{Kind::argument, "action", "check", "What to do: check is all there is.", "check"},
            {Kind::arguments, "files", "FILE...",
             "Histories in the form archsim.history/1; - is standard input."},
            {Kind::flag, "--every-key", "", "List the keys that are linearizable as well."},
            {Kind::value, "--color", "WHEN", "auto, always or never.", "auto always never"}};
}

Exit check_one(const std::string& path, bool every_key, const reports::Style& style) {
    models::Sources sources;
    models::Diagnostics diagnostics;
    const std::optional<std::string> text =
        scenarios::read_text(path, diagnostics, {}, scenarios::history_size_limit);
    reports::HistoryFile file;
    if (text) {
        const std::uint32_t source = sources.add(path == "-" ? "<stdin>" : path, *text);
        file = reports::read_history(sources, source, diagnostics);
    }
    if (const std::string problems = diagnostics.format(sources); !problems.empty()) {
        complain(problems);
    }
    if (diagnostics.has_errors()) return Exit::bad_input;
    const models::ConsistencyResult result = reports::judge_history(file);
    say(reports::printable(path) + ": " +
        reports::write_history_judgement(file, result, every_key, style));
    return result.linearizability.linearizable() ? Exit::ok : Exit::failed;
}

Exit run(const Arguments& arguments) {
    const auto style = style_of(arguments.text("color").value_or("auto"));
    if (!style) return Exit::bad_input;
    const std::string action = *arguments.text("action");
    if (action != "check") {
        complain("error: archsim history cannot '" + reports::printable(action) + "'");
        complain("hint: archsim history check FILE");
        return Exit::bad_input;
    }
    Exit worst = Exit::ok;
    for (const std::string& path : arguments.texts("files")) {
        const Exit one = check_one(path, arguments.has("every-key"), *style);
        worst = std::max(worst, one);
    }
    return worst;
}

}  // namespace

extern const Command history_command;
const Command history_command = {
    "history", "Judge a recorded history of operations: is it linearizable?",
    "  archsim history check history.ndjson\n"
    "  archsim run my.json --history history.ndjson && archsim history check history.ndjson\n",
    options, run};

}  // namespace archsim::tools
