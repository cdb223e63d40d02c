// Publish and subscribe: every subscriber gets every message of its topics.
#include "models/queue/broker.hpp"

namespace archsim::models {

namespace {

class PubSub final : public Broker {
public:
    struct Config : QueueConfig {
        static const Spec<Config>& spec();
    };
    PubSub(const Config& config, const BuildContext& context)
        : Broker{config, Grouping::apart, context} {}
};

const Spec<PubSub::Config>& PubSub::Config::spec() {
    static const auto declared = declare_queue(
        Spec<Config>{
            "pub_sub",
            "Hands every message to each of its subscribers, which have queues of their own."}
            .guide("Principais Componentes, 5. Asynchronism and Queues"),
        "subscriptions");
    return declared;
}

}  // namespace

extern const NodeKind pub_sub_kind;
const NodeKind pub_sub_kind = NodeKind::of<PubSub>();

}  // namespace archsim::models
