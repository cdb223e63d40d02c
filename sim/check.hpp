// Checks that stay on in every build: a failed one is a programmer's error, so the process stops
// with code 70 and prints what is needed to see it again (instant, place, seed, command).
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace archsim::sim {

class Simulation;

/// Prints the failed condition with its place and context, then exits with code 70.
[[noreturn]] void check_failed(const char* condition, const char* file, int line,
                               std::string_view place, const std::string& message);

/// While it lives, a failing check on this thread prints the instant and seed of `simulation` and
/// `replay`, the command that runs the same thing again. Scopes nest.
class CheckScope {
public:
    CheckScope(const Simulation& simulation, std::string replay);
    ~CheckScope();
    CheckScope(const CheckScope&) = delete;
    CheckScope& operator=(const CheckScope&) = delete;

private:
    friend void check_failed(const char*, const char*, int, std::string_view, const std::string&);
    const Simulation* simulation_;
    std::string replay_;
    CheckScope* outer_;
};

}  // namespace archsim::sim

/// Stops the process unless `condition` holds; the rest is a fmt format string with arguments.
#define ARCHSIM_CHECK(condition, ...) ARCHSIM_CHECK_AT("engine", condition, __VA_ARGS__)

/// The same, naming the node or part (`place`, a string) where it failed.
#define ARCHSIM_CHECK_AT(place, condition, ...)                                 \
    do {                                                                        \
        if (!(condition)) [[unlikely]]                                          \
            ::archsim::sim::check_failed(#condition, __FILE__, __LINE__, place, \
                                         ::fmt::format(__VA_ARGS__));           \
    } while (false)
