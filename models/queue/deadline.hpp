// The policy "deadline": no work for what nobody waits for any more.
#pragma once

#include "models/queue/shedding.hpp"

#include <optional>

namespace archsim::models {

/// Drops, at the head of the line, messages whose request has passed its deadline or that have been
/// on their way for longer than they are of use.
class DeadlineShedding {
public:
    static constexpr std::string_view name = "deadline";
    static constexpr std::string_view summary =
        "Drops messages that nobody waits for any more instead of delivering them.";
    struct Config {
        std::optional<sim::Duration> useful_for = std::nullopt;
        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{name, summary}
                    .optional("useful_for", &Config::useful_for,
                              "How long after the user's request its message is of use; without it "
                              "only the deadline of the request counts.")
                    .more_than(sim::Duration{});
            return s;
        }
    };

    explicit DeadlineShedding(const Config& config) : config_{config} {}
    /// The first message that is still of use. O(drops).
    template <class Queue>
    [[nodiscard]] Message* next(sim::Instant now, Queue& queue) {
        Message* message = queue.head();
        while (message != nullptr && is_useless(*message, now)) {
            queue.drop(*message);
            message = queue.head();
        }
        return message;
    }

private:
    [[nodiscard]] bool is_useless(const Message& message, sim::Instant now) const {
        if (now >= message.useful_until) return true;
        return config_.useful_for && now - message.request.issued >= *config_.useful_for;
    }
    Config config_;
};

}  // namespace archsim::models
