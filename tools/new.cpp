// archsim new: a scenario to start from, one of those in scenarios/templates/.
#include "models/suggest.hpp"
#include "tools/command.hpp"
#include "tools/templates.hpp"
#include "tools/terminal.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::tools {

namespace {

using Kind = OptionSpec::Kind;

std::vector<OptionSpec> options() {
    static const std::string names = [] {
        std::string all;
        for (const Template& one : all_templates()) {
            all += (all.empty() ? "" : " ") + std::string{one.name};
        }
        return all;
    }();
    return {{Kind::optional_argument, "template", "TEMPLATE",
             "Which one; without it the names of all.", names},
            {Kind::value, "--output", "FILE", "Where to write it; standard output without it."},
            {Kind::flag, "--force", "", "Replace a file that is there."}};
}

/// The first comment of a template, or its description.
std::string purpose_of(std::string_view text) {
    const std::size_t comment = text.find("// ");
    constexpr std::string_view key = "\"description\": \"";
    const std::size_t start = text.starts_with("//") ? comment + 3 : text.find(key) + key.size();
    const std::size_t end = text.find_first_of("\"\n", start);
    return std::string{text.substr(start, end - start)};
}

Exit run(const Arguments& arguments) {
    const auto wanted = arguments.text("template");
    if (!wanted) {
        for (const Template& one : all_templates())
            say(std::string{one.name} + ": " + purpose_of(one.text) + "\n");
        return Exit::ok;
    }
    std::vector<std::string> names;
    for (const Template& one : all_templates()) {
        names.emplace_back(one.name);
        if (one.name != *wanted) continue;
        const std::string path = arguments.text("output").value_or("-");
        if (path != "-" && std::filesystem::exists(path) && !arguments.has("force")) {
            complain("error: " + path + " exists\nhint: --force replaces it");
            return Exit::bad_input;
        }
        return write_output(path, std::string{one.text});
    }
    complain("error: no template is called '" + reports::printable(*wanted) + "'");
    complain("hint: " + models::did_you_mean(*wanted, names));
    return Exit::bad_input;
}

}  // namespace

extern const Command new_command;
const Command new_command = {"new", "Write a scenario to start from.",
                             "  archsim new\n"
                             "  archsim new load_balanced --output my.json\n",
                             options, run};

}  // namespace archsim::tools
