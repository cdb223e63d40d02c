// What a request waited for, instant by instant: the chain of work, queues and messages without
// which it would have ended sooner.
#pragma once

#include "models/span_log.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace archsim::models {

/// What a stretch of a request's time was spent on.
enum class Spent : std::uint8_t {
    network,   ///< A message on its way between `from` and `at`.
    queue,     ///< Waiting for a server at `at`.
    service,   ///< A server at `at` working.
    inside,    ///< In `at` otherwise: a delay, a look-up, waiting for a part of it.
    lost_try,  ///< A try from `from` to `at` that failed or was given up, and that another
               ///< followed.
    pause,     ///< Before the next try from `from` to `at`.
};
inline constexpr int spent_count = 6;

/// The name of a kind of time in reports, such as "lost_try".
[[nodiscard]] constexpr std::string_view name_of(Spent spent) {
    constexpr std::string_view names[spent_count] = {"network", "queue",    "service",
                                                     "inside",  "lost_try", "pause"};
    return names[static_cast<int>(spent)];
}

/// A stretch of the critical path.
struct PathPart {
    Spent spent = Spent::inside;
    const Node* from = nullptr;  ///< The caller, of network, lost_try and pause.
    const Node* at = nullptr;    ///< nullptr: at the load source.
    sim::Duration time;
};

/// The critical path of a journey, the last part first; the times add up to its latency. Walks back
/// from the answer, each time into the call or work that ended last (the method of Zhang et al.,
/// "CRISP: Critical Path Analysis of Large-Scale Microservice Architectures", USENIX ATC 2022).
/// What nobody waited for, such as a message published, is passed over where something else ended
/// later. O(spans^2).
[[nodiscard]] std::vector<PathPart> critical_path(const Journey& journey);

}  // namespace archsim::models
