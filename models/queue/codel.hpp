// The policy "codel": sheds what has waited too long, more and more often while the queue stands.
#pragma once

#include "models/queue/shedding.hpp"

#include <cmath>
#include <cstdint>

namespace archsim::models {

/// Controlled delay (Nichols, Jacobson, McGregor and Iyengar, RFC 8289, section 5): while messages
/// have waited longer than `target` throughout an `interval`, one is dropped, the next after
/// interval / sqrt(2), then interval / sqrt(3) ... The last message in line is never dropped (the
/// RFC compares bytes with one packet).
class CoDel {
public:
    static constexpr std::string_view name = "codel";
    static constexpr std::string_view summary =
        "Drops from the head while the waiting time stays above a target (RFC 8289).";
    struct Config {
        sim::Duration target = sim::Duration::milliseconds(5);
        sim::Duration interval = sim::Duration::milliseconds(100);
        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{name, summary}
                    .optional("target", &Config::target, "Waiting time that is acceptable.")
                    .more_than(sim::Duration{})
                    .optional("interval", &Config::interval,
                              "How long it may be exceeded before the first drop.")
                    .more_than(sim::Duration{});
            return s;
        }
    };

    explicit CoDel(const Config& config) : config_{config} {}

    /// The message to deliver at `now`, or nullptr; `deque` of the RFC. O(drops).
    template <class Queue>
    [[nodiscard]] Message* next(sim::Instant now, Queue& queue) {
        Message* message = queue.head();
        bool is_late = judge(now, message, queue.waiting());
        if (dropping_) {
            if (!is_late) dropping_ = false;
            while (dropping_ && now >= drop_next_) {
                queue.drop(*message);
                ++count_;
                message = queue.head();
                is_late = judge(now, message, queue.waiting());
                if (is_late) {
                    drop_next_ = after(drop_next_);
                } else {
                    dropping_ = false;
                }
            }
        } else if (is_late) {
            queue.drop(*message);
            message = queue.head();
            static_cast<void>(judge(now, message, queue.waiting()));
            dropping_ = true;
            // Back soon after the last time: go on at the pace that was right then.
            const std::uint32_t delta = count_ - last_count_;
            const bool is_recent = now - drop_next_ < config_.interval * 16;
            count_ = delta > 1 && is_recent ? delta : 1;
            drop_next_ = after(now);
            last_count_ = count_;
        }
        return message;
    }

private:
    /// Whether a message at the head may be dropped; `dodeque` of the RFC.
    [[nodiscard]] bool judge(sim::Instant now, const Message* message, std::uint64_t waiting) {
        if (message == nullptr || now - message->published < config_.target || waiting <= 1) {
            above_ = false;
            return false;
        }
        if (!above_) {
            above_ = true;
            first_above_ = now + config_.interval;
            return false;
        }
        return now >= first_above_;
    }
    /// The control law.
    [[nodiscard]] sim::Instant after(sim::Instant t) const {
        return t + config_.interval.scaled(1.0 / std::sqrt(static_cast<double>(count_)));
    }

    Config config_;
    bool above_ = false;
    bool dropping_ = false;
    sim::Instant first_above_;
    sim::Instant drop_next_;
    std::uint32_t count_ = 0;
    std::uint32_t last_count_ = 0;
};

}  // namespace archsim::models
