// Instances that come and go at set times.
#include "models/fault/fault.hpp"
#include "sim/check.hpp"

#include <utility>

namespace archsim::models {

namespace {

struct MembershipConfig : FaultConfig {
    Reference node;
    std::int64_t count = 1;
};

class AddInstance final : public Fault {
public:
    struct Config : MembershipConfig {
        static const Spec<Config>& spec();
    };
    AddInstance(Config config, const FaultContext& context)
        : Fault{config, context}, config_{std::move(config)} {}
    [[nodiscard]] std::optional<MembershipChange> membership_change() const override {
        return MembershipChange{config_.node.name, config_.count};
    }

private:
    void begin() override {
        Component* const target = context().directory.component(config_.node.name);
        for (std::int64_t i = 0; i < config_.count; ++i) {
            const Node* const added = target->add_instance();
            ARCHSIM_CHECK_AT(config_.node.name, added != nullptr, "{} has no instances to add to",
                             target->kind());
        }
    }
    Config config_;
};

class RemoveInstance final : public Fault {
public:
    struct Config : MembershipConfig {
        static const Spec<Config>& spec();
    };
    RemoveInstance(Config config, const FaultContext& context)
        : Fault{config, context}, config_{std::move(config)} {}
    [[nodiscard]] std::optional<MembershipChange> membership_change() const override {
        return MembershipChange{config_.node.name, -config_.count};
    }

private:
    void begin() override {
        Component* const target = context().directory.component(config_.node.name);
        for (std::int64_t i = 0; i < config_.count; ++i) target->remove_instance();
    }
    Config config_;
};

template <class Config>
auto with_node_and_count(Spec<Config>&& spec) {
    return with_begin(std::move(spec))
        .required("node", &Config::node, "A node that has instances.")
        .optional("count", &Config::count, "How many.")
        .at_least(1)
        .at_most(100'000);
}

const Spec<AddInstance::Config>& AddInstance::Config::spec() {
    static const auto declared = with_node_and_count(
        Spec<Config>{"add_instance", "A node gets instances; balancers see them at once."});
    return declared;
}

const Spec<RemoveInstance::Config>& RemoveInstance::Config::spec() {
    static const auto declared =
        with_node_and_count(
            Spec<Config>{"remove_instance", "The instances added last are taken out of rotation."})
            .assume("What they work on, they finish.");
    return declared;
}

}  // namespace

extern const FaultKind add_instance_fault;
const FaultKind add_instance_fault = FaultKind::of<AddInstance>();
extern const FaultKind remove_instance_fault;
const FaultKind remove_instance_fault = FaultKind::of<RemoveInstance>();

}  // namespace archsim::models
