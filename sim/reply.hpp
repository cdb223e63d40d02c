// A one-shot answer: one side waits for it, the other gives it once. If the giver disappears
// without an answer, the waiter is told so.
#pragma once

#include "sim/check.hpp"
#include "sim/simulation.hpp"

#include <coroutine>
#include <optional>
#include <utility>

namespace archsim::sim {

/// The waiting side. Lives where the waiter is; its sender may outlive it and the other way round.
template <class T>
class Reply {
public:
    /// The giving side, movable; destroying it unanswered wakes the waiter with nothing.
    class Sender {
    public:
        Sender() = default;
        explicit Sender(Reply& reply) : reply_{&reply} { reply.sender_ = this; }
        Sender(Sender&& other) noexcept : reply_{std::exchange(other.reply_, nullptr)} {
            if (reply_ != nullptr) reply_->sender_ = this;
        }
        Sender& operator=(Sender&& other) noexcept {
            if (this != &other) {
                drop();
                reply_ = std::exchange(other.reply_, nullptr);
                if (reply_ != nullptr) reply_->sender_ = this;
            }
            return *this;
        }
        ~Sender() { drop(); }
        /// Answers; ignored when nobody waits any more. Only the first answer counts.
        void send(T value) {
            if (reply_ == nullptr) return;
            Reply& reply = *std::exchange(reply_, nullptr);
            reply.sender_ = nullptr;
            reply.value_.emplace(std::move(value));
            reply.settle();
        }
        /// Whether somebody still waits.
        [[nodiscard]] bool wanted() const { return reply_ != nullptr; }

    private:
        friend class Reply;
        void drop() {
            if (reply_ == nullptr) return;
            Reply& reply = *std::exchange(reply_, nullptr);
            reply.sender_ = nullptr;
            reply.settle();
        }
        Reply* reply_ = nullptr;
    };

    explicit Reply(Simulation& simulation) : simulation_{simulation} {}
    Reply(const Reply&) = delete;
    Reply& operator=(const Reply&) = delete;
    ~Reply() {
        if (sender_ != nullptr) sender_->reply_ = nullptr;
    }
    /// The one sender. Requires: not asked for before.
    [[nodiscard]] Sender sender() {
        ARCHSIM_CHECK(sender_ == nullptr && !settled_, "a reply has one sender");
        return Sender{*this};
    }

    /// `std::optional<T> answer = co_await reply;` nothing if the sender disappeared.
    [[nodiscard]] bool await_ready() const { return settled_; }
    void await_suspend(std::coroutine_handle<> waiter) {
        wakeup_.set_waiter(waiter);
        waits_ = true;
    }
    [[nodiscard]] std::optional<T> await_resume() { return std::move(value_); }

private:
    void settle() {
        settled_ = true;
        if (waits_) simulation_.schedule_in(wakeup_, Duration{});
    }
    Simulation& simulation_;
    Sender* sender_ = nullptr;
    Wakeup wakeup_;
    std::optional<T> value_;
    bool settled_ = false;
    bool waits_ = false;
};

}  // namespace archsim::sim
