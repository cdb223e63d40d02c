// Everything in one place fails at once: a power cut, a flood, a rack switch. What is replicated
// only within the place is gone with it.
#include "models/fault/fault.hpp"

#include <algorithm>
#include <utility>

namespace archsim::models {

namespace {

class ZoneFailure final : public Fault {
public:
    struct Config : FaultConfig {
        std::optional<std::string> region = std::nullopt;
        std::vector<Reference> nodes;
        static const Spec<Config>& spec();
    };
    ZoneFailure(Config config, const FaultContext& context)
        : Fault{config, context}, config_{std::move(config)} {}

    [[nodiscard]] std::string problem() const override {
        if (!config_.region) return {};
        const auto& regions = context().regions;
        if (std::find(regions.begin(), regions.end(), *config_.region) == regions.end()) {
            return "there is no region " + quoted(*config_.region);
        }
        return struck().empty() ? "no node stands in " + quoted(*config_.region) : "";
    }

private:
    void begin() override {
        for (Node* const node : struck()) node->crash();
    }
    void end() override {
        for (Node* const node : struck()) node->restart();
    }
    /// Looked up anew each time: instances come and go.
    [[nodiscard]] std::vector<Node*> struck() const {
        std::vector<Node*> found;
        for (const Reference& reference : config_.nodes) {
            const std::vector<Node*> named = context().directory.nodes(reference.name);
            found.insert(found.end(), named.begin(), named.end());
        }
        if (!config_.region) return found;
        for (const Component* const component : context().directory.all_components()) {
            for (Node* const node : component->members()) add_if_there(*node, found);
            for (Node* const node : component->helpers()) add_if_there(*node, found);
        }
        return found;
    }
    /// Who stands beside its callers is where they are: users live elsewhere.
    void add_if_there(Node& node, std::vector<Node*>& found) const {
        const bool is_there = context().regions[node.region()] == *config_.region;
        if (is_there && !node.is_beside_callers()) found.push_back(&node);
    }
    [[nodiscard]] std::vector<FaultRecord> records() const override {
        return records_of(FaultType::crash, struck());
    }
    Config config_;
};

void check_zone(const ZoneFailure::Config& config, const Place& place) {
    if (config.region.has_value() != config.nodes.empty()) {
        place.fail("region", {.code = Code::conflicting_keys,
                              .message = "a zone is a \"region\" or a list of \"nodes\"",
                              .hint = "give one of the two"});
    }
}

const Spec<ZoneFailure::Config>& ZoneFailure::Config::spec() {
    static const auto declared =
        with_begin_and_end(
            Spec<Config>{"zone_failure",
                         "All nodes of a region or list crash at once and come back together."}
                .optional("region", &Config::region,
                          "Every instance that stands in it, detectors and stand-ins included.")
                .optional("nodes", &Config::nodes, "Nodes or instances that share their fate."))
            .check(check_zone)
            .assume(
                "Each node fails as with \"crash\". Load sources go on, and what stands beside "
                "them, such as resolvers and the entries of groups of sites: users live "
                "elsewhere.");
    return declared;
}

}  // namespace

extern const FaultKind zone_failure_fault;
const FaultKind zone_failure_fault = FaultKind::of<ZoneFailure>();

}  // namespace archsim::models
