// Nodes that join or leave a group: a load balancer, a ring or a sharded database.
#include "models/fault/fault.hpp"
#include "models/load_balancer/roster.hpp"

#include <utility>

namespace archsim::models {

namespace {

struct RosterConfig : FaultConfig {
    Reference node;
    Reference group;
};

class RosterChange : public Fault {
protected:
    RosterChange(RosterConfig config, bool joins, const FaultContext& context)
        : Fault{config, context}, config_{std::move(config)}, joins_{joins} {}

public:
    [[nodiscard]] std::optional<Misfit> misfit() const override {
        const Roster* const roster = find();
        if (roster == nullptr) {
            return Misfit{"group", config_.group.name + " is no group that nodes join",
                          "name a load_balancer, a ring or a sharded database"};
        }
        if (!roster->lists(config_.node.name)) {
            return Misfit{"node", config_.group.name + " does not list " + config_.node.name,
                          "list it there with \"joined\": false"};
        }
        return std::nullopt;
    }

private:
    void begin() override { find()->set_joined(config_.node.name, joins_); }
    [[nodiscard]] Roster* find() const {
        return dynamic_cast<Roster*>(context().directory.component(config_.group.name));
    }
    RosterConfig config_;
    bool joins_;
};

class Join final : public RosterChange {
public:
    struct Config : RosterConfig {
        static const Spec<Config>& spec();
    };
    Join(Config config, const FaultContext& context)
        : RosterChange{std::move(config), true, context} {}
};

class Leave final : public RosterChange {
public:
    struct Config : RosterConfig {
        static const Spec<Config>& spec();
    };
    Leave(Config config, const FaultContext& context)
        : RosterChange{std::move(config), false, context} {}
};

template <class Config>
auto with_group(Spec<Config>&& spec) {
    return with_begin(std::move(spec))
        .required("node", &Config::node, "A node that the group lists.")
        .required("group", &Config::group, "A load balancer, a ring or a sharded database.");
}

const Spec<Join::Config>& Join::Config::spec() {
    static const auto declared =
        with_group(Spec<Config>{"join", "A node of a group begins to take part."}.alias("reshard"))
            .assume(
                "A load balancer or ring uses it at once; a sharded database moves keys first.");
    return declared;
}

const Spec<Leave::Config>& Leave::Config::spec() {
    static const auto declared =
        with_group(Spec<Config>{"leave", "A node of a group takes part no longer."})
            .assume("What it works on, it finishes; it may join again.");
    return declared;
}

}  // namespace

extern const FaultKind join_fault;
const FaultKind join_fault = FaultKind::of<Join>();
extern const FaultKind leave_fault;
const FaultKind leave_fault = FaultKind::of<Leave>();

}  // namespace archsim::models
