// Which messages a queue gives up when they reach the head of the line: the question that every
// policy of shedding answers.
#pragma once

#include "models/choice.hpp"
#include "models/queue/message.hpp"
#include "sim/units.hpp"

#include <concepts>
#include <cstdint>
#include <string_view>

namespace archsim::models {

/// A line as a policy of shedding sees it; for the concept only.
struct SheddingQueue {
    [[nodiscard]] Message* head();                ///< Goes out next, or nullptr.
    void drop(Message& message);                  ///< Gives up the head.
    [[nodiscard]] std::uint64_t waiting() const;  ///< Messages in line.
};

/// A policy of shedding: a name, one sentence, parameters, and the choice of what is delivered now.
template <class P>
concept SheddingPolicy = HasSpec<typename P::Config> &&
    std::constructible_from<P, const typename P::Config&> &&
    requires(P policy, sim::Instant now, SheddingQueue& queue) {
    { P::name } -> std::convertible_to<std::string_view>;
    { P::summary } -> std::convertible_to<std::string_view>;
    { policy.next(now, queue) } -> std::same_as<Message*>;
};

}  // namespace archsim::models
