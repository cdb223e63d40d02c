// A node that works, but slowly: a grey failure.
#include "models/fault/fault.hpp"

#include <utility>

namespace archsim::models {

namespace {

class Slow final : public Fault {
public:
    struct Config : FaultConfig {
        Reference node;
        double factor = 2.0;
        static const Spec<Config>& spec();
    };
    Slow(Config config, const FaultContext& context)
        : Fault{config, context}, config_{std::move(config)} {}

private:
    void begin() override { set(1.0 / config_.factor); }
    void end() override { set(1.0); }
    void set(double speed) {
        for (Node* const node : context().directory.nodes(config_.node.name)) {
            node->set_pace(speed);
        }
    }
    [[nodiscard]] std::vector<FaultRecord> records() const override {
        return records_of(FaultType::slow, context().directory.nodes(config_.node.name));
    }
    Config config_;
};

const Spec<Slow::Config>& Slow::Config::spec() {
    static const auto declared = with_begin_and_end(
        Spec<Config>{"slow", "A node takes longer for its work; work in progress is stretched."}
            .required("node", &Config::node, "A node, or one of its instances as \"web/2\".")
            .required("factor", &Config::factor, "How many times longer everything takes.")
            .more_than(0.0));
    return declared;
}

}  // namespace

extern const FaultKind slow_fault;
const FaultKind slow_fault = FaultKind::of<Slow>();

}  // namespace archsim::models
