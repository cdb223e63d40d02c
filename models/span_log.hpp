// Where the time of single requests went: the tries of their calls and the work at stations, kept
// while a request is on its way. A run without a log pays one branch an event.
// A span is what OpenTelemetry calls so: a named stretch of time with a parent.
#pragma once

#include "models/request.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace archsim::models {

class Node;

/// One try of a call, as its caller sees it.
struct TrySpan {
    const Node* from = nullptr;
    const Node* to = nullptr;
    std::uint8_t attempt = 1;  ///< 1 for the first try, 2 for its first retry.
    sim::Instant sent;
    std::optional<sim::Instant> delivered = std::nullopt;  ///< The callee begins.
    std::optional<sim::Instant> replied = std::nullopt;    ///< The callee has answered.
    std::optional<sim::Instant> ended = std::nullopt;      ///< The caller has heard, or given up.
    std::optional<Outcome> outcome = std::nullopt;  ///< Nothing: given up, or never heard of again.
};

/// Work of a station for a request: first it waited, then it was served.
struct WorkSpan {
    const Node* at = nullptr;
    sim::Instant queued;
    sim::Instant begun;
    sim::Instant done;
};

/// A request that has ended, with all that happened on its behalf until then.
struct Journey {
    Request request;
    sim::Instant ended;
    Outcome outcome = Outcome::ok;
    std::vector<TrySpan> tries;  ///< In the order of sending.
    std::vector<WorkSpan> work;  ///< In the order of completion.

    [[nodiscard]] sim::Duration latency() const { return ended - request.issued; }
};

/// Collects spans by request and hands each finished request to one listener. What happens for a
/// request after its end (late answers, published messages) is not noted. O(1) per event; memory
/// for the requests in flight.
class SpanLog {
public:
    using Listener = std::function<void(const Journey&)>;

    explicit SpanLog(Listener listener) : listener_{std::move(listener)} {}
    SpanLog(const SpanLog&) = delete;
    SpanLog& operator=(const SpanLog&) = delete;

    /// A load source sends `request`.
    void started(const Request& request);
    /// The source has the answer.
    void finished(const Request& request, Outcome outcome, sim::Instant now);

    /// A try is sent; returns its number for the calls below, 0 if the request is not known.
    [[nodiscard]] std::uint32_t sent(const Request& request, const Node& from, const Node& to,
                                     sim::Instant now);
    void delivered(const Request& request, std::uint32_t number, sim::Instant now);
    void replied(const Request& request, std::uint32_t number, sim::Instant now);
    void ended(const Request& request, std::uint32_t number, std::optional<Outcome> outcome,
               sim::Instant now);
    /// A station has just done work for a request, after it had waited.
    void worked(const Request& request, const Node& at, sim::Duration waiting,
                sim::Duration service, sim::Instant now);

private:
    [[nodiscard]] TrySpan* find(const Request& request, std::uint32_t number);

    Listener listener_;
    std::unordered_map<std::uint64_t, Journey> open_;  // by id; never iterated
};

}  // namespace archsim::models
