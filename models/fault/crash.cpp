// A node stops and loses everything that it had in memory.
#include "models/fault/fault.hpp"

#include <utility>

namespace archsim::models {

namespace {

class Crash final : public Fault {
public:
    struct Config : FaultConfig {
        Reference node;
        static const Spec<Config>& spec();
    };
    Crash(Config config, const FaultContext& context)
        : Fault{config, context}, config_{std::move(config)} {}

private:
    void begin() override {
        for (Node* const node : context().directory.nodes(config_.node.name)) node->crash();
    }
    void end() override {
        for (Node* const node : context().directory.nodes(config_.node.name)) node->restart();
    }
    [[nodiscard]] std::vector<FaultRecord> records() const override {
        return records_of(FaultType::crash, context().directory.nodes(config_.node.name));
    }
    Config config_;
};

const Spec<Crash::Config>& Crash::Config::spec() {
    static const auto declared =
        with_begin_and_end(
            Spec<Config>{"crash",
                         "A node stops, loses what it works on and refuses calls; then it "
                         "comes back empty."}
                .required("node", &Config::node, "A node, or one of its instances as \"web/2\"."))
            .assume("Callers whose request was there learn it at once, one network delay later.")
            .assume("A call to a crashed node is refused after one round trip, not lost.")
            .assume("Who is struck by several crashes at once is down until all are over.");
    return declared;
}

}  // namespace

extern const FaultKind crash_fault;
const FaultKind crash_fault = FaultKind::of<Crash>();

}  // namespace archsim::models
