// What may be written about a queue, whatever its kind, and about those who consume from it.
#pragma once

#include "models/edge.hpp"
#include "models/queue/orders.hpp"
#include "models/queue/pressures.hpp"
#include "models/queue/sheddings.hpp"
#include "models/queue_limit.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace archsim::models {

/// What the queue does about deliveries of which it does not know how they ended.
enum class DeliveryMode : std::uint8_t {
    at_most_once,      ///< A message is settled when it is sent; if that fails it is lost.
    at_least_once,     ///< A message is settled by an answer ok; else it is delivered again.
    effectively_once,  ///< At least once, and consumers know what they have done.
};

template <>
struct EnumNames<DeliveryMode> {
    static constexpr std::array<EnumName<DeliveryMode>, 3> names{{
        {DeliveryMode::at_most_once, "at_most_once"},
        {DeliveryMode::at_least_once, "at_least_once"},
        {DeliveryMode::effectively_once, "effectively_once"},
    }};
};

/// A node that gets messages, and the edge to it.
struct ConsumerConfig : EdgeConfig {
    std::int64_t concurrency = 1;
    std::optional<std::string> group = std::nullopt;
    std::vector<std::string> topics = {};
    static const Spec<ConsumerConfig>& spec();
};

/// The parameters that all kinds of queues share.
struct QueueConfig {
    QueueLimit limit;
    std::optional<sim::Bytes> limit_bytes = std::nullopt;
    PressureConfig when_full;
    DispatchOrders::Config order;
    SheddingPolicies::Config shedding;
    DeliveryMode delivery = DeliveryMode::at_least_once;
    std::optional<sim::Duration> visibility_timeout = std::nullopt;
    std::optional<std::int64_t> max_deliveries = std::nullopt;
    sim::Duration redelivery_delay = sim::Duration::milliseconds(100);
    std::optional<EdgeConfig> dead_letter = std::nullopt;
    std::optional<std::int64_t> partitions = std::nullopt;
    std::optional<sim::Distribution> delay = std::nullopt;
    std::optional<sim::Duration> retention = std::nullopt;
    bool durable = true;
    sim::Duration remember = sim::Duration::minutes(5);
    std::vector<ConsumerConfig> consumers = {};

    /// Whether urgent messages go first.
    [[nodiscard]] bool by_urgency() const;
};

/// Reports what does not go together; `consumers` is what the list of consumers is called.
void check_queue(const QueueConfig& config, const Place& place, std::string_view consumers);

/// Declares the shared metrics and assumptions.
template <class Config>
[[nodiscard]] Spec<Config> declare_queue_metrics(Spec<Config>&& spec) {
    return std::move(spec)
        .metric("arrivals", "1/s", "Messages that publishers sent, refused ones included.")
        .metric("rejected", "count", "Messages that publishers were told to keep.")
        .metric("unrouted", "count", "Messages of a topic that nobody has subscribed to.")
        .metric("blocked_time", "s", "Time a publisher waited to be admitted; mean and quantiles.")
        .metric("depth", "count", "Messages present: in line, delayed and with consumers.")
        .metric("in_flight", "count", "Messages with consumers.")
        .metric("age", "s", "From acceptance to acknowledgement.")
        .metric("throughput", "1/s", "Acknowledged messages.")
        .metric("loss", "ratio", "Share of published messages that were dropped, expired or lost.")
        .metric("published", "count", "Messages accepted, once for each subscription.")
        .metric("delivered", "count", "Messages given to consumers.")
        .metric("redelivered", "count", "Of those, not for the first time.")
        .metric("processed", "count", "Messages whose work a consumer has done.")
        .metric("duplicates", "count", "Meetings of a consumer with work that was already done.")
        .metric("acked", "count", "Messages acknowledged.")
        .metric("dropped", "count", "Messages dropped by a full queue or by shedding.")
        .metric("dead_lettered", "count", "Messages given up after too many deliveries.")
        .metric("expired", "count", "Messages whose retention was over.")
        .metric("lost", "count", "Messages lost in a crash, or sent at most once and not answered.")
        .assume("An answer ok of a consumer is its acknowledgement; any other is a failure.")
        .assume(
            "A publisher that gives up while it is blocked may still have its message accepted.")
        .assume("A consumer's memory of message ids is as durable as its work.")
        .assume("What a queue delivers has no deadline: its publisher has had its answer.")
        .assume(
            "Calls may not form a circle, also not through a queue: redelivery is in the queue.");
}

/// Declares what all kinds share; the list of consumers goes by the name
/// `consumers`, since those of a topic are called subscriptions.
template <class Config>
[[nodiscard]] Spec<Config> declare_queue(Spec<Config>&& spec, std::string_view consumers) {
    return declare_queue_metrics(std::move(spec))
        .optional(consumers, &QueueConfig::consumers, "The nodes that get the messages.")
        .optional("limit", &QueueConfig::limit,
                  "Messages that may be present, those with consumers included; with `spill`, "
                  "those in memory.")
        .optional("limit_bytes", &QueueConfig::limit_bytes, "Bytes that may be present.")
        .more_than(sim::Bytes{})
        .optional("when_full", &QueueConfig::when_full, "What a full queue does with publishers.")
        .optional("order", &QueueConfig::order, "Who goes out first.")
        .optional("shedding", &QueueConfig::shedding, "Which messages are given up on the way out.")
        .optional("delivery", &QueueConfig::delivery, "What is promised about each message.")
        .optional("visibility_timeout", &QueueConfig::visibility_timeout,
                  "Without an answer for so long, a delivery counts as failed.")
        .more_than(sim::Duration{})
        .optional("max_deliveries", &QueueConfig::max_deliveries,
                  "After so many failed deliveries a message is a dead letter.")
        .at_least(1)
        .optional("redelivery_delay", &QueueConfig::redelivery_delay,
                  "Pause before a failed message is delivered again, and before a consumer that "
                  "could not be reached is tried again.")
        .more_than(sim::Duration{})
        .optional("dead_letter", &QueueConfig::dead_letter, "The node that gets dead letters.")
        .optional("partitions", &QueueConfig::partitions,
                  "Messages are spread by their key; each partition delivers in order and one "
                  "message at a time. Without it there is no order between deliveries.")
        .at_least(1)
        .at_most(100'000)
        .optional("delay", &QueueConfig::delay, "Time before a message can be delivered.")
        .optional("retention", &QueueConfig::retention, "Age at which a message expires.")
        .more_than(sim::Duration{})
        .optional("durable", &QueueConfig::durable, "Whether messages survive a crash.")
        .optional("remember", &QueueConfig::remember,
                  "How long consumers know the ids of messages that may come again (Amazon SQS: "
                  "5 minutes).")
        .at_least(sim::Duration{})
        .check([name = std::string(consumers)](const Config& config, const Place& place) {
            check_queue(config, place, name);
        });
}

}  // namespace archsim::models
