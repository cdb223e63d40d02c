// archsim report: any report of a result that was kept as JSON, made again without a run.
#include "reports/report.hpp"

#include "reports/result_reader.hpp"
#include "reports/why.hpp"
#include "scenarios/load_file.hpp"
#include "tools/reporting.hpp"
#include "tools/terminal.hpp"

#include <optional>

namespace archsim::tools {

namespace {

using Kind = OptionSpec::Kind;

std::vector<OptionSpec> options() {
    std::vector<OptionSpec> all = {
        {Kind::argument, "file", "RESULT.json",
         "What archsim run --json wrote; - is standard input."},
        {Kind::flag, "--explain", "", "Say in sentences what limits the design, and what to try."},
        {Kind::value, "--color", "WHEN", "auto, always or never.", "auto always never"},
        {Kind::value, "--lang", "LANGUAGE",
         "Of the scenario's texts and the headings in --html: en or pt.", "en pt"},
    };
    for (const OptionSpec& option : report_options()) all.push_back(option);
    return all;
}

std::optional<scenarios::Result> load_result(const std::string& path) {
    models::Sources sources;
    models::Diagnostics diagnostics;
    std::optional<scenarios::Result> result;
    if (const auto document = scenarios::load_file(path, sources, diagnostics)) {
        result = reports::read_result(document->value, diagnostics);
    }
    if (const std::string problems = diagnostics.format(sources); !problems.empty()) {
        complain(problems);
    }
    return result;
}

Exit run(const Arguments& arguments) {
    auto style = style_of(arguments.text("color").value_or("auto"));
    const auto language = language_of(arguments);
    if (!style || !language || !leaves_one_stdout(arguments)) return Exit::bad_input;
    style->language = *language;
    auto result = load_result(*arguments.text("file"));
    if (!result) return Exit::bad_input;
    if (arguments.has("explain")) reports::add_explanation(*result);
    const Exit written = write_reports(arguments, *result, *style);
    if (written != Exit::ok) return written;
    bool asks_for_one = false;
    for (const reports::Report& report : reports::all_reports()) {
        asks_for_one = asks_for_one || arguments.has(report.name);
    }
    if (!asks_for_one) say(reports::write_summary(*result, *style));
    return Exit::ok;
}

}  // namespace

extern const Command report_command;
const Command report_command = {"report", "Make reports of a result that was kept as JSON.",
                                "  archsim report result.json\n"
                                "  archsim report result.json --html report.html --lang pt\n"
                                "  archsim report result.json --openmetrics - --explain\n",
                                options, run};

}  // namespace archsim::tools
