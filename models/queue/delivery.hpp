// From a queue to a consumer: the consumer with its places, and one message on its way to it.
#pragma once

#include "models/connection.hpp"
#include "models/queue/inbox.hpp"
#include "models/queue/message.hpp"
#include "models/queue/queue_config.hpp"
#include "sim/frame_pool.hpp"

#include <cstdint>
#include <deque>
#include <optional>

namespace archsim::models {

class Subscription;

/// A node that gets messages, with a place for each that it may have at the same time. Its
/// instances get them in turn, whatever their health.
class Consumer final : public Router {
public:
    /// All references outlive the consumer.
    Consumer(const BuildContext& context, const Node& from, const ConsumerConfig& config,
             Subscription& subscription);

    [[nodiscard]] Port& port() { return port_; }
    [[nodiscard]] bool has_place() const { return taken_ < config_.concurrency; }
    void take_place() { ++taken_; }
    void free_place() { --taken_; }

    [[nodiscard]] Destination* pick(const Request& request) override;

private:
    void refresh();
    const ConsumerConfig& config_;
    Network& network_;
    const Node& from_;
    Subscription& subscription_;
    const Component& target_;
    const EdgeMetrics& metrics_;
    std::deque<Inbox> inboxes_;
    std::deque<Destination> destinations_;
    std::uint64_t membership_ = 0;
    std::size_t next_ = 0;
    std::int64_t taken_ = 0;
    Port port_;
};

/// A message that is with a consumer or on its way to the node for dead letters (then without a
/// consumer). Also keeps the place of a consumer that rests after it could not be reached.
class Delivery final : public sim::Completion<Response>, public sim::Pooled {
public:
    Delivery(Subscription& subscription, Port& port, Consumer* consumer, Message& message);
    ~Delivery();

    /// Sends the message; the answer may come, and *this may be gone, before this returns.
    void send();
    /// Does nothing for a while; then frees the place, or sends a dead letter once more.
    void rest(sim::Duration time);
    /// Nobody is interested in the answer any more.
    void give_up();

    [[nodiscard]] Consumer* consumer() const { return consumer_; }
    /// Requires: it has not been settled or put back, that is, a place that rests has none.
    [[nodiscard]] Message* message() const { return message_; }
    void forget_message() { message_ = nullptr; }

    Delivery* next = nullptr;  // in the subscription's list
    Delivery* previous = nullptr;

private:
    struct Timer : sim::Event {
        explicit Timer(Delivery& d) : Event{&Delivery::timer_ended}, delivery{d} {}
        Delivery& delivery;
    };
    void completed(Response response) override;
    void abandoned() override {}
    static void timer_ended(sim::Event& event);

    Subscription& subscription_;
    Port& port_;
    Consumer* consumer_;
    Message* message_;
    Port::Pending* pending_ = nullptr;
    Timer timer_{*this};
    Outcome outcome_ = Outcome::ok;
    bool sending_ = false;
    bool answered_ = false;
    bool resting_ = false;
};

}  // namespace archsim::models
