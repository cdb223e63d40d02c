// SIGINT and SIGTERM: the first one asks the run to end soon, the second ends the process at once.
// A handler can reach nothing but globals, so they are here and nowhere else.
#include "tools/terminal.hpp"

#include <csignal>
#include <cstdlib>

namespace archsim::tools {

namespace {

std::atomic<bool> interrupted{false};
std::atomic<int> signal_seen{0};

void on_signal(int number) {
    if (interrupted.exchange(true)) std::_Exit(128 + number);
    signal_seen = number;
}

}  // namespace

const std::atomic<bool>& interrupt_flag() { return interrupted; }

Exit interrupt_exit() { return signal_seen == SIGTERM ? Exit::terminated : Exit::interrupted; }

void catch_signals() {
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
    std::signal(SIGPIPE, SIG_IGN);  // a reader that is gone is an error of writing
}

}  // namespace archsim::tools
