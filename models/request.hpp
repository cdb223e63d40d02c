// What travels along an edge: a request and its answer.
// Both are trivially copyable, so that a coroutine may take them by value (g++ 12 destroys some
// temporaries with non-trivial members twice) and a hop copies a cache line or two.
#pragma once

#include "sim/units.hpp"

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace archsim::models {

/// What an operation does to the data behind it.
enum class Access : std::uint8_t { read, write };

/// How a request ended. Every request ends in exactly one of these.
enum class Outcome : std::uint8_t {
    ok,           ///< Answered as asked.
    rejected,     ///< Turned away: full queue, rate limit, open breaker, no healthy backend.
    timed_out,    ///< No answer before the caller's timeout or deadline.
    unreachable,  ///< The callee was down or crashed while it worked on the request.
    failed,       ///< The callee answered with an error.
};
inline constexpr int outcome_count = 5;

/// The name of an outcome as it appears in metrics, such as "timed_out".
[[nodiscard]] constexpr std::string_view name_of(Outcome outcome) {
    constexpr std::string_view names[outcome_count] = {"ok", "rejected", "timed_out", "unreachable",
                                                       "failed"};
    return names[static_cast<int>(outcome)];
}

/// A message from a caller to a callee.
struct Request {
    std::uint64_t id = 0;       ///< Unique in a run; the attempts of one call share it.
    std::uint64_t key = 0;      ///< Which piece of data it concerns.
    std::uint64_t session = 0;  ///< Which user or session issued it.
    sim::Bytes size;            ///< Payload of the request.
    sim::Instant issued;        ///< When the load source issued it.
    sim::Instant deadline = sim::Instant::never();  ///< After this nobody waits for the answer.
    std::uint64_t version = 0;  ///< Of a write: the value it carries; 0 if the store gives it one.
    std::uint32_t address = 0;  ///< IPv4 address of the client, for address hashing.
    std::uint32_t operation = 0;  ///< Index into the run's table of operation names.
    std::uint16_t source = 0;     ///< Index of the load source.
    Access access = Access::read;
    std::uint8_t priority = 0;  ///< Larger is more urgent.
    std::uint8_t attempt = 1;   ///< 1 for the first try of a call, 2 for its first retry.
};

/// The answer to a request.
struct Response {
    Outcome outcome = Outcome::ok;
    bool degraded = false;      ///< Some part of it came from a fallback.
    sim::Bytes size;            ///< Payload of the answer.
    std::uint64_t version = 0;  ///< Version of the data read or written; 0 if it has none.
    std::uint32_t store = 0;    ///< Number of the component that holds the data; 0 if none does.

    /// An answer that says how the request ended, and nothing else.
    [[nodiscard]] static constexpr Response only(Outcome outcome) {
        Response response;
        response.outcome = outcome;
        return response;
    }
    /// Takes over version and store of `answer` if it has any, and whether it is degraded: what a
    /// node hands on to its caller is what the last store that it asked has said.
    void hand_on(const Response& answer) {
        degraded = degraded || answer.degraded;
        if (answer.store == 0) return;
        version = answer.version;
        store = answer.store;
    }
};

static_assert(std::is_trivially_copyable_v<Request> && std::is_trivially_copyable_v<Response>);

}  // namespace archsim::models
