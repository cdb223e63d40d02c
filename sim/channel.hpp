// A bounded buffer between processes: the queue inside a message broker, a mailbox, a pipeline.
// What happens when it is full is a named choice of the sender.
#pragma once

#include "sim/check.hpp"
#include "sim/signal.hpp"
#include "sim/simulation.hpp"
#include "sim/task.hpp"
#include "sim/time_weighted.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

namespace archsim::sim {

/// First in, first out. `capacity` nothing means without limit. Not movable; outlives its users.
template <class T>
class Channel {
public:
    Channel(Simulation& simulation, std::optional<std::size_t> capacity)
        : simulation_{simulation},
          capacity_{capacity},
          not_empty_{simulation},
          not_full_{simulation} {
        ARCHSIM_CHECK(!capacity || *capacity > 0, "a channel needs room for one item");
    }
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    [[nodiscard]] std::size_t size() const { return items_.size(); }
    [[nodiscard]] bool full() const { return capacity_ && items_.size() >= *capacity_; }
    [[nodiscard]] Level& depth_level() { return depth_; }

    /// Adds `item` if there is room; false if the channel is full ("reject", "drop_newest").
    bool try_send(T item) {
        if (full()) return false;
        push(std::move(item));
        return true;
    }
    /// Adds `item` and returns the oldest one if it had to make room for it ("drop_oldest").
    std::optional<T> send_dropping_oldest(T item) {
        std::optional<T> dropped;
        if (full()) dropped = pop();
        push(std::move(item));
        return dropped;
    }
    /// Waits for room, then adds `item` ("block"). Senders are served in the order they came.
    Task<> send(T item) {
        const std::size_t ticket = next_sender_++;
        while (full() || ticket != serving_sender_) co_await not_full_.wait();
        ++serving_sender_;
        push(std::move(item));
        if (!full()) not_full_.notify_all();
    }
    /// Takes the oldest item, or nothing if there is none.
    std::optional<T> try_receive() {
        if (items_.empty()) return std::nullopt;
        return pop();
    }
    /// Waits for an item and takes it.
    Task<T> receive() {
        while (items_.empty()) co_await not_empty_.wait();
        T item = pop();
        co_return item;
    }

private:
    void push(T item) {
        items_.push_back(std::move(item));
        depth_.change(simulation_.now(), 1);
        not_empty_.notify_all();
    }
    T pop() {
        T item = std::move(items_.front());
        items_.pop_front();
        depth_.change(simulation_.now(), -1);
        not_full_.notify_all();
        return item;
    }

    Simulation& simulation_;
    std::optional<std::size_t> capacity_;
    std::deque<T> items_;
    Signal not_empty_;
    Signal not_full_;
    std::size_t next_sender_ = 0;
    std::size_t serving_sender_ = 0;
    Level depth_;
};

}  // namespace archsim::sim
