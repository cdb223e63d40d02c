// Clocks and comparisons of the benchmarks. Work and its yardstick run in turn, and the ratio is
// the median of the pairs, so that a busy machine slows both alike.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <sys/resource.h>
#include <vector>

namespace archsim::bench {

/// User CPU seconds of this process, all threads together.
[[nodiscard]] inline double user_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec) +
           static_cast<double>(usage.ru_utime.tv_usec) * 1e-6;
}

/// Seconds of a clock that only goes forward.
[[nodiscard]] inline double wall_seconds() {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration<double>(since).count();
}

/// The middle value. Requires: not empty. O(n log n).
[[nodiscard]] inline double median_of(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// What one run of a workload did; the same in every run of the same seed.
struct Workload {
    std::uint64_t requests = 0;
    std::uint64_t events = 0;
    double mean_sojourn = 0.0;    ///< In seconds.
    double standard_error = 0.0;  ///< Of the mean, where it is known; else 0.
    std::uint64_t checksum = 0;
};

/// A workload of archsim beside the bare loop for the same work.
struct Comparison {
    Workload subject;
    Workload bare;
    double seconds = 0.0;       ///< Median user CPU time of the subject.
    double bare_seconds = 0.0;  ///< The same of the bare loop.
    double ratio = 0.0;         ///< Median of subject / bare for one request each, by pairs.
    bool repeats = true;        ///< Whether every round gave the same checksum.
};

/// Runs both in turn, `rounds` times. The bare loop may serve another number of requests.
template <class Subject, class Bare>
[[nodiscard]] Comparison compare(int rounds, Subject&& subject, Bare&& bare) {
    Comparison result;
    std::vector<double> seconds;
    std::vector<double> bare_seconds;
    std::vector<double> ratios;
    for (int round = 0; round < rounds; ++round) {
        const double start = user_seconds();
        const Workload reference = bare();
        const double between = user_seconds();
        const Workload measured = subject();
        const double end = user_seconds();
        result.repeats =
            result.repeats && (round == 0 || (measured.checksum == result.subject.checksum &&
                                              reference.checksum == result.bare.checksum));
        result.bare = reference;
        result.subject = measured;
        bare_seconds.push_back(std::max(between - start, 1e-9));
        seconds.push_back(std::max(end - between, 1e-9));
        ratios.push_back(seconds.back() / static_cast<double>(measured.requests) /
                         (bare_seconds.back() / static_cast<double>(reference.requests)));
    }
    result.seconds = median_of(seconds);
    result.bare_seconds = median_of(bare_seconds);
    result.ratio = median_of(ratios);
    return result;
}

}  // namespace archsim::bench
