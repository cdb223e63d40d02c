// From the words of the command line to a command and its arguments. The only file that knows
// CLI11.
#include "models/suggest.hpp"
#include "tools/command.hpp"
#include "tools/terminal.hpp"
#include "tools/version.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace archsim::tools {

namespace {

/// Where CLI11 puts what it finds for one option.
struct Slot {
    const OptionSpec* spec;
    std::string key;
    std::vector<std::string> values;
    bool set = false;
};

/// "-q,--quiet" -> "quiet".
std::string key_of(std::string_view name) {
    const std::size_t dashes = name.rfind("--");
    return std::string(dashes == std::string_view::npos ? name : name.substr(dashes + 2));
}

void declare(CLI::App& app, Slot& slot) {
    const OptionSpec& spec = *slot.spec;
    const std::string name{spec.name};
    const std::string doc{spec.doc};
    CLI::Option* option = nullptr;
    switch (spec.kind) {
        case OptionSpec::Kind::flag:
            app.add_flag(name, slot.set, doc);
            return;
        case OptionSpec::Kind::argument:
            option = app.add_option(name, slot.values, doc);
            option->required()->expected(1)->allow_extra_args(false);
            break;
        case OptionSpec::Kind::optional_argument:
            option = app.add_option(name, slot.values, doc);
            option->expected(1)->allow_extra_args(false);
            break;
        case OptionSpec::Kind::arguments:
            option = app.add_option(name, slot.values, doc);
            option->required()->expected(1, CLI::detail::expected_max_vector_size);
            break;
        case OptionSpec::Kind::value:
        case OptionSpec::Kind::values:
            option = app.add_option(name, slot.values, doc);
            option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
            option->allow_extra_args(false);
            break;
    }
    option->type_name(std::string(spec.value_name.empty() ? spec.name : spec.value_name));
}

std::vector<std::string> names_of_commands() {
    std::vector<std::string> names;
    for (const Command* command : all_commands()) names.emplace_back(command->name);
    return names;
}

/// What was probably meant by an unknown word.
std::string hint_for(const std::vector<std::string>& words, const Command* command) {
    if (command == nullptr) {
        return words.empty() ? std::string{}
                             : models::did_you_mean(words.front(), names_of_commands());
    }
    std::vector<std::string> known;
    const std::vector<OptionSpec> options = command->options();
    for (const OptionSpec& option : options) known.push_back("--" + key_of(option.name));
    for (const std::string& word : words) {
        if (word.substr(0, 2) == "--") return models::did_you_mean(word, known);
    }
    return {};
}

/// CLI11's own message has the words in reverse order.
std::string unexpected(const std::vector<std::string>& words) {
    std::string message = "not understood:";
    for (const std::string& word : words) message += " '" + reports::printable(word) + "'";
    return message;
}

Exit usage_error(const std::string& message, const std::string& hint) {
    complain("error: " + message);
    if (!hint.empty()) complain("hint: " + hint);
    complain("Run archsim --help for the list of commands, archsim COMMAND --help for one.");
    return Exit::bad_input;
}

/// Everything CLI11 needs for one command; kept until the command has run.
struct Declared {
    const Command* command;
    CLI::App* app;
    std::vector<OptionSpec> specs;
    std::vector<std::unique_ptr<Slot>> slots;
};

Arguments arguments_of(const Declared& declared) {
    Arguments arguments;
    for (const auto& slot : declared.slots) {
        if (slot->set) arguments.add(slot->key, "true");
        for (const std::string& value : slot->values) arguments.add(slot->key, value);
    }
    return arguments;
}

/// "--seed 1 --seed 2" is a mistake unless the option may be repeated.
std::string repeated_option(const Declared& declared) {
    for (const auto& slot : declared.slots) {
        if (slot->spec->kind == OptionSpec::Kind::value && slot->values.size() > 1) {
            return "--" + slot->key;
        }
    }
    return {};
}

std::vector<Declared> declare_all(CLI::App& app) {
    std::vector<Declared> all;
    for (const Command* command : all_commands()) {
        Declared declared{
            command,
            app.add_subcommand(std::string(command->name), std::string(command->summary)),
            command->options(),
            {}};
        declared.app->footer("Examples:\n" + std::string(command->examples));
        all.push_back(std::move(declared));
    }
    for (Declared& declared : all) {
        for (const OptionSpec& spec : declared.specs) {
            declared.slots.push_back(std::make_unique<Slot>(Slot{&spec, key_of(spec.name), {}}));
            declare(*declared.app, *declared.slots.back());
        }
    }
    return all;
}

const Declared* chosen(const std::vector<Declared>& all) {
    for (const Declared& declared : all) {
        if (declared.app->parsed()) return &declared;
    }
    return nullptr;
}

}  // namespace

std::optional<std::string> Arguments::text(std::string_view name) const {
    const auto found = values_.find(name);
    if (found == values_.end()) return std::nullopt;
    return found->second.back();
}

std::vector<std::string> Arguments::texts(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::vector<std::string>{} : found->second;
}

int run_command_line(int argc, char** argv) {
    CLI::App app{"archsim: a discrete-event simulator of distributed architectures.", "archsim"};
    app.set_version_flag("--version", std::string(version_text));
    app.require_subcommand(0, 1);
    const std::vector<Declared> all = declare_all(app);
    const std::vector<std::string> words(argv + 1, argv + argc);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        const Declared* const one = chosen(all);
        say((one != nullptr ? one->app : &app)->help());
        return static_cast<int>(flush_output());
    } catch (const CLI::CallForVersion&) {
        say(std::string(version_text) + "\n");
        return static_cast<int>(flush_output());
    } catch (const CLI::ExtrasError&) {
        const Declared* const one = chosen(all);
        return static_cast<int>(
            usage_error(unexpected(app.remaining(true)),
                        hint_for(words, one == nullptr ? nullptr : one->command)));
    } catch (const CLI::ParseError& error) {
        const Declared* const one = chosen(all);
        return static_cast<int>(
            usage_error(error.what(), hint_for(words, one == nullptr ? nullptr : one->command)));
    }
    const Declared* const one = chosen(all);
    if (one == nullptr) {
        say(app.help());
        return static_cast<int>(Exit::bad_input);
    }
    if (const std::string twice = repeated_option(*one); !twice.empty()) {
        return static_cast<int>(usage_error(twice + " is given more than once", {}));
    }
    const Exit outcome = one->command->run(arguments_of(*one));
    const Exit written = flush_output();
    return static_cast<int>(written == Exit::ok ? outcome : written);
}

}  // namespace archsim::tools
