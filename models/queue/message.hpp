// A message in a queue, and the kinds of things that can happen to one.
#pragma once

#include "models/request.hpp"
#include "sim/units.hpp"

#include <cstdint>

namespace archsim::models {

/// One copy of a published request, kept by one subscription until it is settled. Its `request` is
/// what consumers get: the id in it is the message's own.
struct Message {
    /// Where it is: in line, waiting for its time to come, or with a consumer.
    enum class Place : std::uint8_t { nowhere, waiting, delayed, delivered };

    Request request;
    sim::Instant published;        ///< When the queue accepted it.
    sim::Instant due;              ///< When it joins the line; for `delayed` only.
    sim::Instant useful_until;     ///< After this nobody waits for its effect.
    std::uint64_t number = 0;      ///< Rises from message to message.
    std::uint32_t lane = 0;        ///< Which partition of the queue.
    std::uint32_t deliveries = 0;  ///< How often a consumer was given it.
    Place place = Place::nowhere;
    bool on_disk = false;     ///< Has to be read before it can be delivered.
    bool holds_lane = false;  ///< Its lane delivers nothing else until it is settled.
    bool uncertain = false;   ///< A delivery was given up whose effect may still come.
    bool too_old = false;     ///< Its retention has passed; it goes when it would join the line.

    Message* next = nullptr;  // in its line, or among free ones
    Message* previous = nullptr;
    Message* newer = nullptr;  // among all that are present
    Message* older = nullptr;
};

/// How a message leaves a queue, and what else is counted about it.
enum class MessageEvent : std::uint8_t {
    published,      ///< Accepted, once for each subscription.
    delivered,      ///< Given to a consumer.
    redelivered,    ///< Given to a consumer again.
    processed,      ///< A consumer has done the work for the first time.
    duplicates,     ///< A consumer met a message whose work was done before.
    acked,          ///< Left the queue because a consumer answered ok.
    dropped,        ///< Left because the queue was full or shed load.
    dead_lettered,  ///< Left after too many deliveries.
    expired,        ///< Left because its retention was over.
    lost,           ///< Left with a crash, or at most once and not answered.
};
inline constexpr int message_event_count = 10;

}  // namespace archsim::models
