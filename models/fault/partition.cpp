// Cuts of the network: between two groups, among many, or around a single node; in one direction or
// both.
#include "models/fault/fault.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace archsim::models {

namespace {

class Partition final : public Fault {
public:
    struct Config : FaultConfig {
        std::vector<Reference> a;
        std::vector<Reference> b;
        std::optional<Reference> isolate = std::nullopt;
        std::vector<std::vector<Reference>> groups;
        bool one_way = false;
        static const Spec<Config>& spec();
        [[nodiscard]] Sides::Groups sides() const;
    };
    Partition(Config config, const FaultContext& context)
        : Fault{config, context},
          one_way_{config.one_way},
          sides_{config.sides()},
          number_{context.history.sides().announce(begins(), sides_)} {}

    [[nodiscard]] std::vector<Impairment> impairments() const override {
        const Disturbance cut{.cut = true, .loss = 0.0, .slower = {}};
        const Disturbance back = one_way_ ? Disturbance{} : cut;
        std::vector<Impairment> all;
        for (std::size_t i = 0; i < sides_.size(); ++i) {
            for (std::size_t j = i + 1; j < sides_.size(); ++j) {
                all.push_back({sides_[i], sides_[j], cut, back});
            }
        }
        return all;
    }

private:
    void begin() override {
        context().history.sides().begin(number_);
        for (Impairment& impairment : impairments()) {
            in_force_.push_back(context().network.impair(std::move(impairment)));
        }
    }
    void end() override {
        for (const std::size_t impairment : in_force_) context().network.heal(impairment);
        in_force_.clear();
    }
    [[nodiscard]] std::vector<FaultRecord> records() const override {
        FaultRecord record;
        record.kind = FaultType::partition;
        record.node = static_cast<std::uint32_t>(sides_.size());
        // Who is on no side can pass on what one side tells to another.
        const bool everybody_has_a_side =
            std::ranges::any_of(sides_, [](const auto& side) { return side.empty(); });
        record.complete = everybody_has_a_side && !one_way_;
        return {record};
    }

    bool one_way_;
    Sides::Groups sides_;  // the second may be empty: everybody else
    std::size_t number_;
    std::vector<std::size_t> in_force_;
};

Sides::Groups Partition::Config::sides() const {
    if (isolate) return {{isolate->name}, {}};
    if (groups.empty()) return {names_of(a), names_of(b)};
    Sides::Groups sides;
    for (const auto& group : groups) sides.push_back(names_of(group));
    return sides;
}

void check_sides(const Partition::Config& config, const Place& place) {
    const int ways = (place.has("a") || place.has("b") ? 1 : 0) +
                     (config.isolate.has_value() ? 1 : 0) + (place.has("groups") ? 1 : 0);
    if (ways != 1 || (place.has("b") && config.a.empty())) {
        place.fail("a", {.code = Code::conflicting_keys,
                         .message = "a partition has \"a\" (and \"b\"), \"isolate\" or \"groups\"",
                         .hint = "name the nodes of one side with \"a\""});
        return;
    }
    const bool has_empty =
        std::ranges::any_of(config.groups, [](const auto& group) { return group.empty(); });
    if (place.has("groups") && (config.groups.size() < 2 || has_empty)) {
        place.fail("groups", {.code = Code::bad_value,
                              .message = "there must be two groups or more, none of them empty",
                              .hint = "cut one group off from all others with \"a\" alone"});
    }
    if (place.has("groups") && config.one_way) {
        place.fail("one_way", {.code = Code::conflicting_keys,
                               .message = "between groups there is no direction",
                               .hint = "use \"a\" and \"b\""});
    }
}

const Spec<Partition::Config>& Partition::Config::spec() {
    static const auto declared =
        with_begin_and_end(Spec<Config>{"partition", "No message passes between groups of nodes."})
            .optional("a", &Config::a, "Nodes or instances on one side.")
            .optional("b", &Config::b, "Those on the other side; without it, everybody else.")
            .optional("isolate", &Config::isolate, "One node or instance, cut off from everybody.")
            .optional("groups", &Config::groups,
                      "Lists of nodes or instances; no group reaches another. Who is in none "
                      "reaches all.")
            .optional("one_way", &Config::one_way, "Only messages from a to b are affected.")
            .check(check_sides)
            .assume("Nobody is told: a caller without a timeout waits for ever.");
    return declared;
}

}  // namespace

extern const FaultKind partition_fault;
const FaultKind partition_fault = FaultKind::of<Partition>();

}  // namespace archsim::models
