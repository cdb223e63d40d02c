// The table of reports as options.
#include "tools/reporting.hpp"

#include "reports/report.hpp"
#include "tools/terminal.hpp"

#include <string>

namespace archsim::tools {

std::vector<OptionSpec> report_options() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> made;
        for (const reports::Report& report : reports::all_reports()) {
            made.push_back("--" + std::string(report.name));
        }
        return made;
    }();
    std::vector<OptionSpec> options;
    for (std::size_t i = 0; i < names.size(); ++i) {
        options.push_back(
            {OptionSpec::Kind::value, names[i], "FILE", reports::all_reports()[i].description});
    }
    return options;
}

namespace {

/// All options that name a file for a report or the history.
std::vector<std::string_view> outputs() {
    std::vector<std::string_view> names{"history"};
    for (const reports::Report& report : reports::all_reports()) names.push_back(report.name);
    return names;
}

/// Those of the options that write to standard output.
std::vector<std::string> on_stdout(const Arguments& arguments,
                                   std::span<const std::string_view> options) {
    std::vector<std::string> found;
    for (const std::string_view option : options) {
        if (arguments.text(option) == "-") found.push_back("--" + std::string{option});
    }
    return found;
}

}  // namespace

bool stdout_is_taken(const Arguments& arguments) {
    return !on_stdout(arguments, outputs()).empty();
}

bool leaves_one_stdout(const Arguments& arguments) {
    return leaves_one_stdout(arguments, outputs());
}

bool leaves_one_stdout(const Arguments& arguments, std::span<const std::string_view> options) {
    const std::vector<std::string> found = on_stdout(arguments, options);
    if (found.size() < 2) return true;
    complain("error: " + found[0] + " and " + found[1] + " cannot both be standard output");
    complain("hint: name a file for one of them, such as " + found[1] + " FILE");
    return false;
}

Exit write_reports(const Arguments& arguments, const scenarios::Result& result,
                   const reports::Style& style) {
    Exit exit = Exit::ok;
    for (const reports::Report& report : reports::all_reports()) {
        for (const std::string& path : arguments.texts(report.name)) {
            const reports::Style plain{
                .colour = false, .unicode = true, .language = style.language};
            const Exit written =
                write_output(path, report.write(result, path == "-" ? style : plain));
            if (written != Exit::ok) exit = written;
        }
    }
    return exit;
}

}  // namespace archsim::tools
