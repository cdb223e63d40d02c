// Messages that get lost at random between groups of nodes.
#include "models/fault/fault.hpp"

#include <utility>
#include <vector>

namespace archsim::models {

namespace {

/// Two groups of addresses; an empty second group is everybody else.
struct BetweenConfig : FaultConfig {
    std::vector<Reference> a;
    std::vector<Reference> b;
    bool one_way = false;
};

class BetweenFault : public Fault {
public:
    [[nodiscard]] std::vector<Impairment> impairments() const override {
        const Disturbance back = config_.one_way ? Disturbance{} : disturbance_;
        return {Impairment{names_of(config_.a), names_of(config_.b), disturbance_, back}};
    }

protected:
    BetweenFault(BetweenConfig config, Disturbance disturbance, const FaultContext& context)
        : Fault{config, context}, config_{std::move(config)}, disturbance_{disturbance} {}

private:
    void begin() override { number_ = context().network.impair(impairments().front()); }
    void end() override { context().network.heal(number_); }
    BetweenConfig config_;
    Disturbance disturbance_;
    std::size_t number_ = 0;
};

template <class Config>
auto with_groups(Spec<Config>&& spec) {
    return with_begin_and_end(std::move(spec))
        .required("a", &Config::a, "Nodes or instances on one side.")
        .optional("b", &Config::b, "Those on the other side; without it, everybody else.")
        .optional("one_way", &Config::one_way, "Only messages from a to b are affected.");
}

class PacketLoss final : public BetweenFault {
public:
    struct Config : BetweenConfig {
        sim::Probability probability;
        static const Spec<Config>& spec();
    };
    PacketLoss(Config config, const FaultContext& context)
        : PacketLoss{config.probability.value(), std::move(config), context} {}

private:
    PacketLoss(double loss, Config config, const FaultContext& context)
        : BetweenFault{std::move(config), Disturbance{.cut = false, .loss = loss, .slower = {}},
                       context} {}
};

const Spec<PacketLoss::Config>& PacketLoss::Config::spec() {
    static const auto declared =
        with_groups(Spec<Config>{"packet_loss", "Messages between two groups get lost at random."})
            .required("probability", &Config::probability, "Of each message, each way.")
            .more_than(sim::Probability{0.0})
            .assume(
                "A message is a whole request or answer, and nobody sends it again unless the "
                "edge has a retry.");
    return declared;
}

}  // namespace

extern const FaultKind packet_loss_fault;
const FaultKind packet_loss_fault = FaultKind::of<PacketLoss>();

}  // namespace archsim::models
