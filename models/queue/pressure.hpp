// What a queue does with a publisher when it is full: the question that every policy of back
// pressure answers.
#pragma once

#include "models/choice.hpp"
#include "sim/units.hpp"

#include <concepts>
#include <cstdint>
#include <string_view>

namespace archsim::models {

/// What becomes of a message that arrives.
enum class Verdict : std::uint8_t {
    accept,
    wait,         ///< The publisher's call waits.
    refuse,       ///< The publisher hears `rejected`.
    drop_newest,  ///< The publisher hears `ok`, and the message is gone.
    drop_oldest,  ///< The message that has waited longest makes room.
    spill,        ///< Accepted once it is written to disk.
};

/// All that a policy may know when a message arrives.
struct Pressure {
    bool full = false;           ///< Its message would exceed the limit.
    std::uint16_t producer = 0;  ///< The load source that it comes from.
};

/// A policy of back pressure: a name, one sentence, parameters, and a verdict. Optional members:
/// - `void accepted(std::uint16_t producer)`, `void settled(std::uint16_t producer)`: a message of
///   this producer has come or gone.
/// - `std::uint16_t line_of(std::uint16_t producer)`: in which line the producer waits; publishers
///   in one line are admitted in order.
/// - `sim::Duration pace(sim::Instant now, std::uint64_t depth)`: how long a publisher has to hold
///   its message back before it is looked at.
template <class P>
concept PressurePolicy = HasSpec<typename P::Config> &&
    std::constructible_from<P, const typename P::Config&> && requires(P policy, Pressure pressure) {
    { P::name } -> std::convertible_to<std::string_view>;
    { P::summary } -> std::convertible_to<std::string_view>;
    { policy.verdict(pressure) } -> std::same_as<Verdict>;
};

}  // namespace archsim::models
