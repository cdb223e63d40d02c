// Nodes that fail and are repaired by chance, each for itself: MTBF and MTTR.
#include "models/distribution_codec.hpp"
#include "models/fault/fault.hpp"

#include <memory>
#include <utility>

namespace archsim::models {

namespace {

class RandomCrashes final : public Fault {
public:
    struct Config : FaultConfig {
        std::vector<Reference> nodes;
        sim::Distribution time_to_failure;
        sim::Distribution time_to_repair;
        static const Spec<Config>& spec();
    };
    RandomCrashes(Config config, const FaultContext& context)
        : Fault{config, context}, config_{std::move(config)} {
        for (const Reference& reference : config_.nodes) {
            for (Node* const node : context.directory.nodes(reference.name)) {
                lives_.push_back(std::make_unique<Life>(*this, *node, context.rng(node->name())));
            }
        }
    }

    [[nodiscard]] std::optional<std::vector<Uptime>> uptimes() const override {
        if (config_.at > sim::Duration{} || config_.length) return std::nullopt;
        const double up = config_.time_to_failure.mean_seconds();
        const double down = config_.time_to_repair.mean_seconds();
        std::vector<Uptime> all;
        for (const auto& life : lives_) all.push_back({&life->node, up / (up + down)});
        return all;
    }

private:
    /// The ups and downs of one node.
    struct Life : sim::Event {
        Life(RandomCrashes& f, Node& n, sim::Rng r)
            : Event{[](sim::Event& event) {
                  Life& life = static_cast<Life&>(event);
                  life.fault.turn(life);
              }},
              fault{f},
              node{n},
              rng{r} {}
        RandomCrashes& fault;
        Node& node;
        sim::Rng rng;
        FaultRecord record;
        bool is_down = false;
    };

    void begin() override {
        for (const auto& life : lives_) wait(*life, config_.time_to_failure);
    }
    /// No node fails any more; those that are down are repaired when it is time.
    void end() override {
        for (const auto& life : lives_) {
            if (!life->is_down) life->cancel();
        }
        is_over_ = true;
    }
    void wait(Life& life, const sim::Distribution& time) {
        context().simulation.schedule_in(life, time.sample(life.rng));
    }
    void turn(Life& life) {
        life.is_down = !life.is_down;
        if (life.is_down) {
            life.record = tell_begin(records_of(FaultType::crash, {&life.node}).front());
            life.node.crash();
            wait(life, config_.time_to_repair);
            return;
        }
        tell_end(life.record);
        life.node.restart();
        if (!is_over_) wait(life, config_.time_to_failure);
    }

    Config config_;
    std::vector<std::unique_ptr<Life>> lives_;
    bool is_over_ = false;
};

const Spec<RandomCrashes::Config>& RandomCrashes::Config::spec() {
    static const auto declared =
        Spec<Config>{"random_crashes",
                     "Nodes crash and are repaired by chance, each independent of the others."}
            .required("at", &Config::at, "From when on they may fail, from the start of the run.")
            .optional("for", &Config::length,
                      "For how long they may fail; without it, to the end of the run.")
            .more_than(sim::Duration{})
            .required("nodes", &Config::nodes, "Nodes, or instances such as \"web/2\".")
            .required("time_to_failure", &Config::time_to_failure,
                      "From the start or a repair to the next crash; its mean is the MTBF less the "
                      "MTTR, often called MTTF.")
            .required("time_to_repair", &Config::time_to_repair,
                      "From a crash to the restart; its mean is the MTTR.")
            .assume("In the long run a node is up MTTF / (MTTF + MTTR) of the time.")
            .assume("Instances that are added while running do not fail.");
    return declared;
}

}  // namespace

extern const FaultKind random_crashes_fault;
const FaultKind random_crashes_fault = FaultKind::of<RandomCrashes>();

}  // namespace archsim::models
