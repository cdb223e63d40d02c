// One queue with its consumers: who is admitted, what is delivered when, and what becomes of each
// message. A message queue has one subscription for each group, a topic one for each subscriber.
#pragma once

#include "models/queue/admission.hpp"
#include "models/queue/backlog.hpp"
#include "models/queue/delivery.hpp"
#include "models/queue/ledger.hpp"
#include "models/queue/queue_metrics.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace archsim::models {

/// What a subscription needs of the queue that it belongs to.
class QueueFront {
public:
    /// A publisher that waited for a subscription may try again.
    virtual void try_again(Admission& admission, Subscription& subscription) = 0;
    /// Reads the delivery's message from disk and sends it.
    virtual void read_and_send(Delivery& delivery) = 0;
    [[nodiscard]] virtual const Node& node() const = 0;

protected:
    ~QueueFront() = default;
};

/// See above. Driven by publishers, answers and timers; never by polling.
class Subscription {
public:
    /// All references outlive the subscription. `own` are its metrics, `all` those of the queue.
    Subscription(const BuildContext& context, const QueueConfig& config, QueueFront& front,
                 QueueMetrics& own, QueueMetrics& all);
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;
    ~Subscription();

    void add_consumer(const ConsumerConfig& config);
    void connect_dead_letters();

    /// What becomes of a request that wants in now; `is_first` if it is its turn in the line.
    [[nodiscard]] Verdict verdict(const Request& request, bool is_first);
    void line_up(Admission& admission) {
        waiting_room_.join(admission, pressure_.line_of(admission.request.source));
    }
    /// How long a publisher has to hold back its message.
    [[nodiscard]] sim::Duration pace() { return pressure_.pace(now(), backlog_.present()); }
    /// Takes a message in, or drops it or another, as the verdict says. Deliver with pump().
    void take_in(const Request& request, std::uint64_t number, Verdict verdict);
    /// Delivers what can be delivered and admits who can be admitted.
    void pump();

    /// The queue's node went down or is back.
    void crash();
    void restart() { pump(); }

    /// How a delivery ended; nothing if there was no answer in time. Called by deliveries.
    void ended(Delivery& delivery, std::optional<Outcome> outcome);
    /// A consumer that could not be reached is tried again.
    void rested(Delivery& delivery);
    /// Whether the consumer may skip the work because it has done it.
    [[nodiscard]] bool knows(const Request& request);
    void note_processed(const Request& request);

    [[nodiscard]] const QueueConfig& config() const { return config_; }
    [[nodiscard]] sim::Simulation& simulation() { return context_.simulation; }
    [[nodiscard]] std::uint64_t present() const { return backlog_.present(); }
    /// Every message is accounted for, the limit holds, and so does Little's law.
    void check_end();

private:
    friend class Delivery;
    struct Alarm : sim::Event {
        Alarm(Subscription& s, Action action) : Event{action, s.context_.number}, owner{s} {}
        Subscription& owner;
    };
    class Head;
    static constexpr std::uint64_t number_mask = (UINT64_C(1) << 40) - 1;

    [[nodiscard]] sim::Instant now() const { return context_.simulation.now(); }
    [[nodiscard]] bool is_full(const Request& request) const;
    void deliver_all();
    [[nodiscard]] Consumer* free_consumer();
    [[nodiscard]] Message* next_message();
    void deliver(Message& message, Consumer& consumer);
    void failed(Message& message, Delivery& delivery, std::optional<Outcome> outcome);
    void put_back(Message& message, sim::Duration pause);
    void bury(Message& message);
    void settle(Message& message, MessageEvent fate);
    void set_due_alarm();
    void move_due();
    void expire();

    const BuildContext& context_;
    const QueueConfig& config_;
    QueueFront& front_;
    SubscriptionMeter meter_;
    Backlog backlog_;
    Ledger ledger_;
    AnyPressurePolicy pressure_;
    SheddingPolicies::Any shedding_;
    DispatchOrders::Any order_;
    sim::Rng delay_rng_;
    WaitingRoom waiting_room_;
    std::vector<std::unique_ptr<Consumer>> consumers_;
    std::unique_ptr<Connection> dead_letters_;
    std::size_t turn_ = 0;
    Delivery* deliveries_ = nullptr;
    Alarm due_;
    Alarm expiry_;
    bool pumping_ = false;
    bool again_ = false;
    __extension__ __int128 stay_sum_ = 0;  // nanoseconds, of messages that left
};

}  // namespace archsim::models
