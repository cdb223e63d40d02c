// SIGINT and SIGTERM: the first one asks the run to end soon, a later one ends the process at once.
// timeout(1) signals a process and then its group, so what comes right after the first is the first
// once more. A handler can reach nothing but globals, so they are here and nowhere else.
#include "tools/terminal.hpp"

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace archsim::tools {

namespace {

std::atomic<bool> interrupted{false};
std::atomic<int> signal_seen{0};
std::atomic<std::int64_t> first_at{0};

constexpr std::int64_t same_signal_ms = 500;

std::int64_t now_ms() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);  // one of the few calls that a handler may make
    return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

void on_signal(int number) {
    if (interrupted) {
        if (now_ms() - first_at >= same_signal_ms) std::_Exit(128 + number);
        return;
    }
    first_at = now_ms();
    signal_seen = number;
    interrupted = true;
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
