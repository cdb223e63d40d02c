// A thread that looks at counters five times a second.
#include "tools/progress.hpp"

#include "reports/text.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string_view>
#include <unistd.h>

namespace archsim::tools {

namespace {

bool is_terminal() {
    const char* const kind = std::getenv("TERM");
    return ::isatty(STDERR_FILENO) != 0 && kind != nullptr && std::string_view{kind} != "dumb";
}

}  // namespace

std::string progress_line(double simulated_seconds, double total_seconds, double events,
                          double wall_seconds) {
    const double rate = wall_seconds > 0.0 ? events / wall_seconds : 0.0;
    const std::string speed = reports::humanised(rate, "count", 3) + " events/s";
    const std::string done = reports::humanised(simulated_seconds, "s", 3);
    if (total_seconds <= 0.0) return fmt::format("{} simulated, {}", done, speed);
    const double share = std::clamp(simulated_seconds / total_seconds, 0.0, 1.0);
    constexpr int width = 24;
    const auto filled = static_cast<std::size_t>(share * width);
    std::string line =
        fmt::format("[{}{}] {:3.0f} %, {} of {} simulated, {}", std::string(filled, '#'),
                    std::string(width - filled, '.'), 100.0 * share, done,
                    reports::humanised(total_seconds, "s", 3), speed);
    if (share > 0.0) {
        const double left = wall_seconds / share - wall_seconds;
        line += fmt::format(", {} left", reports::humanised(std::max(left, 0.0), "s", 2));
    }
    return line;
}

ProgressBar::ProgressBar(bool quiet, sim::Duration total) : total_seconds_{total.in_seconds()} {
    if (!quiet && is_terminal())
        drawer_ = std::jthread{[this](const std::stop_token& stop) { draw(stop); }};
}

ProgressBar::~ProgressBar() = default;

void ProgressBar::draw(const std::stop_token& stop) {
    using namespace std::chrono;
    const auto start = steady_clock::now();
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock{mutex};
    // Short work needs no bar: the first one comes after half a second.
    auto pause = milliseconds{500};
    bool is_drawn = false;
    while (!wake.wait_for(lock, stop, pause, [&stop] { return stop.stop_requested(); }) &&
           !stop.stop_requested()) {
        pause = milliseconds{200};
        const double wall = duration<double>(steady_clock::now() - start).count();
        const std::string line =
            progress_line(static_cast<double>(state_.simulated_ns) / 1e9, total_seconds_,
                          static_cast<double>(state_.events), wall);
        std::fputs(("\r" + line + "\x1b[K").c_str(), stderr);
        is_drawn = true;
    }
    if (is_drawn) std::fputs("\r\x1b[K", stderr);
}

}  // namespace archsim::tools
