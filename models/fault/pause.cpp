// A node that stands still for a while and then goes on: a stop-the-world garbage collection, a
// suspended process, a virtual machine that moves to another host.
#include "models/fault/fault.hpp"

#include <utility>

namespace archsim::models {

namespace {

class Pause final : public Fault {
public:
    struct Config : FaultConfig {
        Reference node;
        static const Spec<Config>& spec();
    };
    Pause(Config config, const FaultContext& context)
        : Fault{config, context}, config_{std::move(config)} {}

private:
    void begin() override {
        const sim::Instant end =
            config_.length ? context().simulation.now() + *config_.length : sim::Instant::never();
        for (Node* const node : nodes()) node->pause(end);
    }
    void end() override {
        for (Node* const node : nodes()) node->resume();
    }
    [[nodiscard]] std::vector<Node*> nodes() const {
        return context().directory.nodes(config_.node.name);
    }
    [[nodiscard]] std::vector<FaultRecord> records() const override {
        return records_of(FaultType::pause, nodes());
    }
    Config config_;
};

const Spec<Pause::Config>& Pause::Config::spec() {
    static const auto declared =
        with_begin_and_end(
            Spec<Config>{"pause", "A node processes nothing and loses nothing; then it goes on."}
                .required("node", &Config::node, "A node, or one of its instances as \"web/2\"."))
            .assume("Requests and answers that reach it meanwhile are processed when it wakes.")
            .assume("Time-outs of calls that it has made run on meanwhile.");
    return declared;
}

}  // namespace

extern const FaultKind pause_fault;
const FaultKind pause_fault = FaultKind::of<Pause>();

}  // namespace archsim::models
