// A task queue: a message queue whose messages are work for later, the most urgent first.
#include "models/queue/broker.hpp"

namespace archsim::models {

namespace {

class TaskQueue final : public Broker {
public:
    struct Config : QueueConfig {
        Config() { order = UrgentFirst::Config{}; }
        static const Spec<Config>& spec();
    };
    TaskQueue(const Config& config, const BuildContext& context)
        : Broker{config, Grouping::together, context} {}
};

const Spec<TaskQueue::Config>& TaskQueue::Config::spec() {
    static const auto declared = declare_queue(
        Spec<Config>{"task_queue",
                     "Keeps tasks until a worker has done them, the most urgent first."}
            .guide("Principais Componentes, 5. Asynchronism and Queues"),
        "consumers");
    return declared;
}

}  // namespace

extern const NodeKind task_queue_kind;
const NodeKind task_queue_kind = NodeKind::of<TaskQueue>();

}  // namespace archsim::models
