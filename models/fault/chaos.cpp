// A campaign of random faults from the seed of the run: the same seed, the same faults, so what one
// of them uncovered can be seen again.
#include "models/distribution_codec.hpp"
#include "models/fault/fault.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace archsim::models {

/// What a random campaign may do to a node.
enum class Blow : std::uint8_t { crash, pause, slow, isolate };

template <>
struct EnumNames<Blow> {
    static constexpr std::array<EnumName<Blow>, 4> names{{
        {Blow::crash, "crash"},
        {Blow::pause, "pause"},
        {Blow::slow, "slow"},
        {Blow::isolate, "isolate"},
    }};
};

namespace {

class Chaos final : public Fault {
public:
    struct Config : FaultConfig {
        std::vector<Reference> nodes;
        std::vector<Blow> blows = {Blow::crash, Blow::pause, Blow::slow, Blow::isolate};
        sim::Distribution between;
        sim::Distribution lasting;
        double factor = 10.0;
        std::int64_t at_most = 1;
        static const Spec<Config>& spec();
    };
    Chaos(Config config, const FaultContext& context)
        : Fault{config, context},
          config_{std::move(config)},
          rng_{context.rng("chaos")},
          next_{*this} {
        for (const Reference& reference : config_.nodes) {
            for (Node* const node : context.directory.nodes(reference.name)) {
                victims_.push_back(std::make_unique<Victim>(*this, *node));
            }
        }
    }

    [[nodiscard]] std::vector<FaultEvent> log() const override { return log_; }
    [[nodiscard]] std::vector<Impairment> impairments() const override {
        std::vector<Impairment> possible;
        if (std::ranges::find(config_.blows, Blow::isolate) == config_.blows.end()) return possible;
        for (const auto& victim : victims_) possible.push_back(isolation_of(victim->node));
        return possible;
    }

private:
    /// A node and what it suffers at present.
    struct Victim : sim::Event {
        Victim(Chaos& c, Node& n)
            : Event{[](sim::Event& event) {
                  Victim& victim = static_cast<Victim&>(event);
                  victim.chaos.release(victim);
              }},
              chaos{c},
              node{n} {}
        Chaos& chaos;
        Node& node;
        FaultRecord record;
        Blow blow = Blow::crash;
        std::size_t impairment = 0;
        bool is_struck = false;
    };
    struct Next : sim::Event {
        explicit Next(Chaos& c)
            : Event{[](sim::Event& event) { static_cast<Next&>(event).chaos.strike(); }},
              chaos{c} {}
        Chaos& chaos;
    };

    void begin() override { wait(); }
    void end() override { next_.cancel(); }  // what goes on ends when it is time
    void wait() { context().simulation.schedule_in(next_, config_.between.sample(rng_)); }

    /// Always draws the same number of numbers, so that what is possible does not shift the rest.
    void strike() {
        wait();
        Victim& victim = *victims_[rng_.below(victims_.size())];
        const Blow blow = config_.blows[rng_.below(config_.blows.size())];
        const sim::Duration length = config_.lasting.sample(rng_);
        if (victim.is_struck || struck_ >= config_.at_most || length == sim::Duration{}) return;
        victim.is_struck = true;
        ++struck_;
        victim.blow = blow;
        const sim::Instant now = context().simulation.now();
        log_.push_back({now,
                        std::string{EnumNames<Blow>::names[static_cast<std::size_t>(blow)].name},
                        victim.node.name(), length});
        victim.record = tell_begin(record_of(blow, victim.node));
        inflict(victim, now + length);
        context().simulation.schedule_in(victim, length);
    }

    static Impairment isolation_of(const Node& node) {
        const Disturbance cut{.cut = true, .loss = 0.0, .slower = {}};
        return {{node.name()}, {}, cut, cut};
    }

    static FaultRecord record_of(Blow blow, Node& node) {
        constexpr std::array types = {FaultType::crash, FaultType::pause, FaultType::slow,
                                      FaultType::partition};
        FaultRecord record = records_of(types[static_cast<std::size_t>(blow)], {&node}).front();
        if (blow == Blow::isolate) record.node = 2;
        return record;
    }

    void inflict(Victim& victim, sim::Instant end) {
        Node& node = victim.node;
        switch (victim.blow) {
            case Blow::crash:
                node.crash();
                break;
            case Blow::pause:
                node.pause(end);
                break;
            case Blow::slow:
                node.set_pace(1.0 / config_.factor);
                break;
            case Blow::isolate: {
                Sides& sides = context().history.sides();
                sides.begin(sides.announce(context().simulation.now(), {{node.name()}, {}}));
                victim.impairment = context().network.impair(isolation_of(node));
                break;
            }
        }
    }

    void release(Victim& victim) {
        tell_end(victim.record);
        victim.is_struck = false;
        --struck_;
        switch (victim.blow) {
            case Blow::crash:
                victim.node.restart();
                break;
            case Blow::pause:
                victim.node.resume();
                break;
            case Blow::slow:
                victim.node.set_pace(1.0);
                break;
            case Blow::isolate:
                context().network.heal(victim.impairment);
                break;
        }
    }

    Config config_;
    sim::Rng rng_;
    Next next_;
    std::vector<std::unique_ptr<Victim>> victims_;
    std::vector<FaultEvent> log_;
    std::int64_t struck_ = 0;
};

void check_campaign(const Chaos::Config& config, const Place& place) {
    if (config.nodes.empty()) {
        place.fail("nodes", {.code = Code::bad_value,
                             .message = "a campaign needs nodes to strike",
                             .hint = "list some"});
    }
    if (config.blows.empty()) {
        place.fail("blows", {.code = Code::bad_value,
                             .message = "a campaign needs something to do",
                             .hint = "leave \"blows\" out for all of them"});
    }
    if (config.between.mean_seconds() <= 0.0) {
        place.fail("between", {.code = Code::out_of_range,
                               .message = "faults without time between them never end",
                               .hint = "write a time such as \"10s\""});
    }
}

const Spec<Chaos::Config>& Chaos::Config::spec() {
    static const auto declared =
        Spec<Config>{"chaos", "Random faults on random nodes, replayable from the seed."}
            .required("at", &Config::at, "When the campaign begins, from the start of the run.")
            .optional("for", &Config::length,
                      "How long it may strike; without it, to the end of the run.")
            .more_than(sim::Duration{})
            .required("nodes", &Config::nodes, "Nodes or instances that may be struck.")
            .optional("blows", &Config::blows, "What may happen, all equally likely.")
            .required("between", &Config::between, "From one try to strike to the next.")
            .required("lasting", &Config::lasting, "How long a fault lasts.")
            .optional("factor", &Config::factor, "How many times longer work takes when slow.")
            .more_than(1.0)
            .optional("at_most", &Config::at_most, "Faults at one time; a blow beyond is left out.")
            .at_least(1)
            .check(check_campaign)
            .assume(
                "Each blow acts as the fault of that name; \"isolate\" is a partition around "
                "one node.")
            .assume(
                "What it did in replication 0 is listed in the chapter \"chaos\" of the "
                "result.");
    return declared;
}

}  // namespace

extern const FaultKind chaos_fault;
const FaultKind chaos_fault = FaultKind::of<Chaos>();

}  // namespace archsim::models
