// A subcommand: what it is called, which options it takes, and what it does. Commands know nothing
// of the library that parses the command line; cli.cpp translates.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::tools {

/// Exit codes of the program, as the contract has them.
enum class Exit : int {
    ok = 0,
    failed = 1,     ///< An expectation or comparison failed, is undecided or has no data.
    bad_input = 2,  ///< Usage error or invalid scenario.
    limit = 3,      ///< A resource limit was reached; the partial result was written.
    io = 4,         ///< A folder or journal could not be read, or a file not written.
    interrupted = 130,
    terminated = 143,
};

/// One option or argument of a command.
struct OptionSpec {
    enum class Kind : std::uint8_t { argument, optional_argument, arguments, flag, value, values };
    Kind kind = Kind::flag;
    std::string_view name;             ///< "--seed", "-q,--quiet", or "file" for an argument.
    std::string_view value_name = {};  ///< What a value is, such as "N" or "FILE".
    std::string_view doc;
    /// All values that it may have, with blanks between them, for completion in a shell; "" if
    /// they are not known. Has to outlive the specification.
    std::string_view choices = {};
};

/// What was written on the command line.
class Arguments {
public:
    void add(std::string_view name, std::string value) {
        values_[std::string(name)].push_back(std::move(value));
    }
    [[nodiscard]] bool has(std::string_view name) const { return values_.contains(name); }
    /// The last value of an option or argument; nothing if it was not given.
    [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
    /// All values in order.
    [[nodiscard]] std::vector<std::string> texts(std::string_view name) const;

private:
    std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

/// A subcommand.
struct Command {
    std::string_view name;
    std::string_view summary;   ///< One line for the list of commands.
    std::string_view examples;  ///< Lines shown at the end of its help.
    std::vector<OptionSpec> (*options)();
    Exit (*run)(const Arguments& arguments);
};

/// Every command, in the order of the help.
[[nodiscard]] std::span<const Command* const> all_commands();

/// Parses the command line, runs the command and returns the exit code of the process.
[[nodiscard]] int run_command_line(int argc, char** argv);

}  // namespace archsim::tools
