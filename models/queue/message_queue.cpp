// A message queue: messages of many publishers, shared out among consumers.
#include "models/queue/broker.hpp"

namespace archsim::models {

namespace {

class MessageQueue final : public Broker {
public:
    struct Config : QueueConfig {
        static const Spec<Config>& spec();
    };
    MessageQueue(const Config& config, const BuildContext& context)
        : Broker{config, Grouping::together, context} {}
};

const Spec<MessageQueue::Config>& MessageQueue::Config::spec() {
    static const auto declared = declare_queue(
        Spec<Config>{"message_queue", "Keeps messages until a consumer has dealt with them."}.guide(
            "Principais Componentes, 5. Asynchronism and Queues"),
        "consumers");
    return declared;
}

}  // namespace

extern const NodeKind message_queue_kind;
const NodeKind message_queue_kind = NodeKind::of<MessageQueue>();

}  // namespace archsim::models
