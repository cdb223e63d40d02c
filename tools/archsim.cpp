// The program: the list of its commands.
#include "tools/command.hpp"
#include "tools/terminal.hpp"

#include <array>

namespace archsim::tools {

extern const Command run_command;
extern const Command report_command;
extern const Command compare_command;
extern const Command sweep_command;
extern const Command merge_command;
extern const Command capacity_command;
extern const Command optimize_command;
extern const Command test_command;
extern const Command check_command;
extern const Command explain_command;
extern const Command schema_command;
extern const Command graph_command;
extern const Command exercise_command;
extern const Command guide_command;
extern const Command history_command;
extern const Command new_command;
extern const Command completion_command;
extern const Command man_command;

std::span<const Command* const> all_commands() {
    static constexpr std::array all = {
        // clang-format off
        &run_command,
        &report_command,
        &compare_command,
        &sweep_command,
        &merge_command,
        &capacity_command,
        &optimize_command,
        &test_command,
        &check_command,
        &explain_command,
        &schema_command,
        &graph_command,
        &exercise_command,
        &guide_command,
        &history_command,
        &new_command,
        &completion_command,
        &man_command,
        // clang-format on
    };
    return all;
}

}  // namespace archsim::tools

int main(int argc, char** argv) {
    archsim::tools::catch_signals();
    return archsim::tools::run_command_line(argc, argv);
}
