// The program: the list of its commands.
#include "tools/command.hpp"
#include "tools/terminal.hpp"

#include <array>

namespace archsim::tools {

extern const Command run_command;
extern const Command check_command;
extern const Command explain_command;
extern const Command schema_command;
extern const Command graph_command;
extern const Command exercise_command;
extern const Command history_command;

std::span<const Command* const> all_commands() {
    static constexpr std::array all = {
        // clang-format off
        &run_command,
        &check_command,
        &explain_command,
        &schema_command,
        &graph_command,
        &exercise_command,
        &history_command,
        // clang-format on
    };
    return all;
}

}  // namespace archsim::tools

int main(int argc, char** argv) {
    archsim::tools::catch_signals();
    return archsim::tools::run_command_line(argc, argv);
}
