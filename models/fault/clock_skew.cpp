// A clock that is wrong: what last-write-wins and leases trust and should not.
#include "models/fault/fault.hpp"

#include <utility>

namespace archsim::models {

namespace {

class ClockSkew final : public Fault {
public:
    struct Config : FaultConfig {
        Reference node;
        sim::Duration offset;
        bool behind = false;
        static const Spec<Config>& spec();
    };
    ClockSkew(Config config, const FaultContext& context)
        : Fault{config, context}, config_{std::move(config)} {}

    [[nodiscard]] std::string problem() const override {
        for (const Node* const node : nodes()) {
            if (!node->uses_clock()) return node->name() + " does nothing by its clock";
        }
        return {};
    }

private:
    void begin() override { set(config_.behind ? -config_.offset : config_.offset); }
    void end() override { set(sim::Duration{}); }
    void set(sim::Duration offset) {
        for (Node* const node : nodes()) node->set_clock_offset(offset);
    }
    [[nodiscard]] std::vector<Node*> nodes() const {
        return context().directory.nodes(config_.node.name);
    }
    [[nodiscard]] std::vector<FaultRecord> records() const override {
        return records_of(FaultType::clock_skew, nodes());
    }
    Config config_;
};

const Spec<ClockSkew::Config>& ClockSkew::Config::spec() {
    static const auto declared = with_begin_and_end(
        Spec<Config>{"clock_skew", "The clock of a node jumps, and jumps back at the end."}
            .required("node", &Config::node, "A node with a clock, or one of its instances.")
            .required("offset", &Config::offset, "How far it is ahead of the true time.")
            .more_than(sim::Duration{})
            .optional("behind", &Config::behind, "It is behind instead of ahead."));
    return declared;
}

}  // namespace

extern const FaultKind clock_skew_fault;
const FaultKind clock_skew_fault = FaultKind::of<ClockSkew>();

}  // namespace archsim::models
