// The slowest requests of a result as spans with parents, for trace viewers.
#pragma once

#include "scenarios/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace archsim::reports {

/// A named stretch of time at a node.
struct TreeSpan {
    enum class Role : std::uint8_t { request, call, serve, queue, service };
    static constexpr std::size_t no_parent = SIZE_MAX;

    Role role = Role::request;
    std::size_t request = 0;         ///< Which of the slowest requests, from 0.
    std::size_t parent = no_parent;  ///< Index of the span that it is part of.
    std::string node;                ///< Where the time passes: of a call the caller.
    std::string name;                ///< What a viewer writes on it.
    std::string outcome;             ///< "ok", "timed_out", ..., "given_up" or "open".
    std::int64_t begin = 0;          ///< Nanoseconds of simulated time.
    std::int64_t end = 0;
};

/// The name of a role in exports.
[[nodiscard]] constexpr const char* name_of(TreeSpan::Role role) {
    constexpr const char* names[] = {"request", "call", "serve", "queue", "service"};
    return names[static_cast<int>(role)];
}

/// The spans of the section "slowest", parents before their children; none without the section. A
/// call belongs to the latest begun stay at its caller that encloses it. O(spans^2 per request).
[[nodiscard]] std::vector<TreeSpan> span_tree(const scenarios::Result& result);

}  // namespace archsim::reports
