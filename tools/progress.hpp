// The progress bar: simulated time, events a second and time left, on standard error, and only if
// that is a terminal. It never touches standard output.
#pragma once

#include "scenarios/run.hpp"
#include "sim/units.hpp"

#include <string>
#include <thread>

namespace archsim::tools {

/// The line that the bar shows. `total` of zero means that nobody knows how much there is to do.
[[nodiscard]] std::string progress_line(double simulated_seconds, double total_seconds,
                                        double events, double wall_seconds);

/// Draws from its construction to its destruction, which leaves an empty line.
class ProgressBar {
public:
    /// `total` is the simulated time of everything that will run, zero if unknown.
    ProgressBar(bool quiet, sim::Duration total);
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;
    ~ProgressBar();

    /// For RunOptions::progress.
    [[nodiscard]] scenarios::RunProgress* state() { return &state_; }

private:
    void draw(const std::stop_token& stop);

    scenarios::RunProgress state_;
    double total_seconds_;
    std::jthread drawer_;
};

}  // namespace archsim::tools
