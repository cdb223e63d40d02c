// archsim completion and archsim man: scripts for three shells and a manual page, made from what
// the commands say about themselves.
#include "tools/command.hpp"
#include "tools/terminal.hpp"
#include "tools/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::tools {

namespace {

using Kind = OptionSpec::Kind;

bool is_option(const OptionSpec& option) {
    return option.kind == Kind::flag || option.kind == Kind::value || option.kind == Kind::values;
}

/// "-q,--quiet" -> {"-q", "--quiet"}.
std::vector<std::string> words_of(std::string_view name) {
    std::vector<std::string> words;
    while (!name.empty()) {
        const std::size_t comma = std::min(name.find(','), name.size());
        words.emplace_back(name.substr(0, comma));
        name.remove_prefix(std::min(comma + 1, name.size()));
    }
    return words;
}

/// The text inside single quotes of a shell; `escape` stands for a quote in it.
std::string quoted(std::string_view text, std::string_view escape) {
    std::string made = "'";
    for (const char c : text) {
        if (c == '\'') {
            made += escape;
        } else {
            made += c;
        }
    }
    return made + "'";
}

/// Values of the first argument of a command if they are known, with blanks between them; what
/// follows it are files.
std::string_view argument_choices(const std::vector<OptionSpec>& options) {
    for (const OptionSpec& option : options) {
        if (!is_option(option)) return option.choices;
    }
    return {};
}

/// What follows an option or stands alone in bash, for one command.
std::string bash_case(const Command& command) {
    const std::vector<OptionSpec> options = command.options();
    std::string words = "--help";
    std::string valued;
    std::string values;
    for (const OptionSpec& option : options) {
        if (!is_option(option)) continue;
        for (const std::string& word : words_of(option.name)) {
            words += " " + word;
            if (option.kind != Kind::flag) valued += " " + word;
            if (option.choices.empty()) continue;
            values += fmt::format(" {}) values=\"{}\" ;;", word, option.choices);
        }
    }
    std::string text = fmt::format("        {}) words=\"{}\" valued=\"{} \" arguments=\"{}\"",
                                   command.name, words, valued, argument_choices(options));
    if (!values.empty()) text += fmt::format("\n            case $before in{} esac", values);
    return text + " ;;\n";
}

std::string bash_script() {
    std::string names;
    std::string cases;
    for (const Command* const command : all_commands()) {
        names += (names.empty() ? "" : " ") + std::string{command->name};
        cases += bash_case(*command);
    }
    return fmt::format(
        "# Completion of archsim for bash: source it, or put it into\n"
        "# ~/.local/share/bash-completion/completions/archsim\n"
        "_archsim() {{\n"
        "    local current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}}\n"
        "    local words=\"\" valued=\"\" arguments=\"\" values=\"\" i\n"
        "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
        "        COMPREPLY=($(compgen -W \"{} --help --version\" -- \"$current\"))\n"
        "        return\n"
        "    fi\n"
        "    case ${{COMP_WORDS[1]}} in\n{}"
        "    esac\n"
        "    # Values that are known belong to the option before or to the first argument; where\n"
        "    # there are none the shell offers files.\n"
        "    case $valued in *\" $before \"*)\n"
        "        COMPREPLY=($(compgen -W \"$values\" -- \"$current\"))\n"
        "        return ;;\n"
        "    esac\n"
        "    for ((i = 2; i < COMP_CWORD; i++)); do\n"
        "        case ${{COMP_WORDS[i]}} in\n"
        "            -*) case $valued in *\" ${{COMP_WORDS[i]}} \"*) ((i++)) ;; esac ;;\n"
        "            *) arguments= ;;\n"
        "        esac\n"
        "    done\n"
        "    case $current in\n"
        "        -*) ;;\n"
        "        *) words=$arguments ;;\n"
        "    esac\n"
        "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
        "}}\n"
        "complete -o default -F _archsim archsim\n",
        names, cases);
}

/// Text inside [...] of a zsh specification.
std::string zsh_doc(std::string_view doc) {
    std::string safe;
    for (const char c : doc) {
        if (c == '[' || c == ']' || c == ':' || c == '\\') safe += '\\';
        safe += c;
    }
    return safe;
}

/// What zsh offers for a value: known ones, or files.
std::string zsh_values(std::string_view choices) {
    return choices.empty() ? "_files" : fmt::format("({})", choices);
}

std::string zsh_script() {
    std::string names;
    std::string cases;
    for (const Command* const command : all_commands()) {
        names += fmt::format(
            "        {}\n",
            quoted(fmt::format("{}:{}", command->name, zsh_doc(command->summary)), "'\\''"));
        cases += fmt::format("        {}) _arguments '--help[Show help]'", command->name);
        for (const OptionSpec& option : command->options()) {
            if (!is_option(option)) continue;
            for (const std::string& word : words_of(option.name)) {
                std::string spec = word + "[" + zsh_doc(option.doc) + "]";
                if (option.kind != Kind::flag) {
                    spec += ":" + zsh_doc(option.value_name) + ":" + zsh_values(option.choices);
                }
                cases += " \\\n            " +
                         quoted((option.kind == Kind::values ? "*" : "") + spec, "'\\''");
            }
        }
        const std::vector<OptionSpec> options = command->options();
        const std::string_view choices = argument_choices(options);
        if (!choices.empty()) cases += fmt::format(" '1:argument:{}'", zsh_values(choices));
        cases += " '*:file:_files' ;;\n";
    }
    return fmt::format(
        "#compdef archsim\n"
        "# Completion of archsim for zsh: put it as _archsim into a folder of $fpath.\n"
        "_archsim() {{\n"
        "    local -a commands\n"
        "    commands=(\n{}    )\n"
        "    if (( CURRENT == 2 )); then\n"
        "        _describe command commands\n"
        "        return\n"
        "    fi\n"
        "    local command=$words[2]\n"
        "    shift words\n"
        "    (( CURRENT-- ))\n"
        "    case $command in\n{}"
        "    esac\n"
        "}}\n"
        "if [ \"$funcstack[1]\" = _archsim ]; then _archsim; "
        "else compdef _archsim archsim; fi\n",
        names, cases);
}

std::string fish_script() {
    std::string text =
        "# Completion of archsim for fish: put it into ~/.config/fish/completions/archsim.fish\n";
    for (const Command* const command : all_commands()) {
        text += fmt::format("complete -c archsim -n __fish_use_subcommand -f -a {} -d {}\n",
                            command->name, quoted(command->summary, "\\'"));
    }
    for (const Command* const command : all_commands()) {
        for (const OptionSpec& option : command->options()) {
            if (!is_option(option)) continue;
            text += fmt::format("complete -c archsim -n '__fish_seen_subcommand_from {}'",
                                command->name);
            for (const std::string& word : words_of(option.name)) {
                text += word.starts_with("--") ? " -l " + word.substr(2) : " -s " + word.substr(1);
            }
            if (option.kind != Kind::flag) text += " -r";
            if (!option.choices.empty()) text += fmt::format(" -f -a '{}'", option.choices);
            text += " -d " + quoted(option.doc, "\\'") + "\n";
        }
        const std::vector<OptionSpec> options = command->options();
        if (const std::string_view choices = argument_choices(options); !choices.empty()) {
            text += fmt::format(
                "complete -c archsim -n '__fish_seen_subcommand_from {0}; and not "
                "__fish_seen_subcommand_from {1}' -f -a '{1}'\n",
                command->name, choices);
        }
    }
    return text;
}

/// Text of a manual page: backslashes, hyphens and a dot at the start of a line mean something.
std::string roff(std::string_view text) {
    std::string safe;
    bool at_start = true;
    for (const char c : text) {
        if (at_start && (c == '.' || c == '\'')) safe += "\\&";
        if (c == '\\') {
            safe += "\\e";
        } else if (c == '-') {
            safe += "\\-";
        } else {
            safe += c;
        }
        at_start = c == '\n';
    }
    return safe;
}

std::string manual_of(const Command& command) {
    std::string text =
        fmt::format(".SH ARCHSIM {}\n{}\n", roff(command.name), roff(command.summary));
    for (const OptionSpec& option : command.options()) {
        std::string head = roff(option.name);
        if (option.kind != Kind::flag && is_option(option))
            head += " \\fI" + roff(option.value_name) + "\\fR";
        if (!is_option(option)) head = "\\fI" + roff(option.value_name) + "\\fR";
        text += fmt::format(".TP\n\\fB{}\\fR\n{}\n", head, roff(option.doc));
    }
    return text + fmt::format(".PP\nExamples:\n.PP\n.nf\n{}.fi\n", roff(command.examples));
}

std::string manual_page() {
    std::string text = fmt::format(
        ".TH ARCHSIM 1 \"\" \"{}\" \"User commands\"\n"
        ".SH NAME\narchsim \\- simulate distributed architectures\n"
        ".SH SYNOPSIS\n\\fBarchsim\\fR \\fICOMMAND\\fR [\\fIARGUMENTS\\fR]\n"
        ".SH DESCRIPTION\n"
        "Runs a description of a distributed architecture in a discrete\\-event simulation and "
        "says,\n"
        "with confidence intervals, how it will behave.\n"
        ".SH EXIT STATUS\n"
        ".TP\n0\nDone, and all expectations hold.\n"
        ".TP\n1\nAn expectation or comparison failed, is undecided or has no data.\n"
        ".TP\n2\nUsage error, invalid input or a scenario that cannot be read.\n"
        ".TP\n3\nA resource limit was reached; the partial result was written.\n"
        ".TP\n4\nA folder or journal could not be read, or a file not written.\n"
        ".TP\n70\nA mistake of archsim itself.\n"
        ".TP\n130, 143\nInterrupted; the partial result was written.\n",
        version_text);
    for (const Command* const command : all_commands()) text += manual_of(*command);
    return text;
}

std::vector<OptionSpec> completion_options() {
    return {{Kind::argument, "shell", "SHELL", "bash, zsh or fish.", "bash zsh fish"}};
}

Exit run_completion(const Arguments& arguments) {
    const std::string shell = *arguments.text("shell");
    if (shell == "bash") {
        say(bash_script());
    } else if (shell == "zsh") {
        say(zsh_script());
    } else if (shell == "fish") {
        say(fish_script());
    } else {
        complain("error: a shell is bash, zsh or fish, not '" + reports::printable(shell) + "'");
        return Exit::bad_input;
    }
    return Exit::ok;
}

std::vector<OptionSpec> no_options() { return {}; }

Exit run_man(const Arguments&) {
    say(manual_page());
    return Exit::ok;
}

}  // namespace

extern const Command completion_command;
const Command completion_command = {"completion", "Print a completion script for a shell.",
                                    "  source <(archsim completion bash)\n"
                                    "  archsim completion fish > "
                                    "~/.config/fish/completions/archsim.fish\n",
                                    completion_options, run_completion};

extern const Command man_command;
const Command man_command = {"man", "Print the manual page.",
                             "  archsim man | man -l -\n"
                             "  archsim man > /usr/local/share/man/man1/archsim.1\n",
                             no_options, run_man};

}  // namespace archsim::tools
