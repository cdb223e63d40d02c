// Declarations of consumers, and relations between the parameters of a queue.
#include "models/queue/queue_config.hpp"

#include <map>

namespace archsim::models {

const Spec<ConsumerConfig>& ConsumerConfig::spec() {
    static const auto declared =
        Spec<ConsumerConfig>{"consumer", "A node that gets messages of a queue."}
            .required("to", &ConsumerConfig::to, "The node; its instances get messages in turn.")
            .optional("concurrency", &ConsumerConfig::concurrency,
                      "Messages that it may have at the same time.")
            .at_least(1)
            .at_most(1'000'000)
            .optional("group", &ConsumerConfig::group,
                      "Consumers of one group share the messages; each group gets all.")
            .optional("topics", &ConsumerConfig::topics,
                      "Operations whose messages it gets; without it, all.")
            .optional("timeout", &ConsumerConfig::timeout,
                      "Without an answer for so long, a delivery counts as failed.")
            .more_than(sim::Duration{})
            .optional("delay", &ConsumerConfig::delay,
                      "One-way delay to it; without it the network's delay holds.")
            .optional("loss", &ConsumerConfig::loss, "Probability that a message is lost.")
            .written_as("to");
    return declared;
}

bool QueueConfig::by_urgency() const { return std::holds_alternative<UrgentFirst::Config>(order); }

namespace {

void check_consumers(const QueueConfig& config, const Place& place, std::string_view consumers) {
    std::map<std::string, std::vector<std::string>> topics;
    for (const ConsumerConfig& consumer : config.consumers) {
        if (consumer.loss.value() > 0.0 && !consumer.timeout && !config.visibility_timeout) {
            place.fail(consumers, {.code = Code::no_timeout,
                                   .message = "deliveries can get lost, and nobody would notice",
                                   .hint = "give the queue a visibility_timeout"});
            return;
        }
        if (!consumer.group) continue;
        const auto [group, is_new] = topics.try_emplace(*consumer.group, consumer.topics);
        if (is_new || group->second == consumer.topics) continue;
        place.fail(consumers, {.code = Code::bad_value,
                               .message = "the consumers of group \"" + *consumer.group +
                                          "\" have different topics",
                               .hint = "give them the same topics or groups of their own"});
        return;
    }
}

}  // namespace

void check_queue(const QueueConfig& config, const Place& place, std::string_view consumers) {
    check_consumers(config, place, consumers);
    const bool is_limited = config.limit.places || config.limit_bytes;
    if (place.has("when_full") && !is_limited &&
        !std::holds_alternative<Credit::Config>(config.when_full) &&
        !std::holds_alternative<RateAdaption::Config>(config.when_full)) {
        place.fail("when_full", {.code = Code::bad_value,
                                 .message = "without a limit the queue is never full",
                                 .hint = "give it a limit or a limit_bytes"});
    }
    const bool spills = std::holds_alternative<Spill::Config>(config.when_full);
    if (config.limit.places == std::uint64_t{0} && !spills) {
        place.fail("limit", {.code = Code::out_of_range,
                             .message = "a queue without room for a message delivers nothing"});
    }
    if (config.partitions && !std::holds_alternative<FirstInFirstOut::Config>(config.order)) {
        place.fail("order", {.code = Code::bad_value,
                             .message = "partitions promise the order of publication",
                             .hint = "leave out either partitions or order"});
    }
    if (config.delivery != DeliveryMode::at_most_once) return;
    for (const char* const key : {"max_deliveries", "dead_letter"}) {
        if (!place.has(key)) continue;
        place.fail(key, {.code = Code::bad_value,
                         .message = "a message that is sent at most once is never sent again"});
    }
}

}  // namespace archsim::models
