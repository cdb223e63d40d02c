// A disk that stops or crawls while processor and network go on.
#include "models/fault/fault.hpp"

#include <utility>

namespace archsim::models {

namespace {

class DiskStall final : public Fault {
public:
    struct Config : FaultConfig {
        Reference node;
        std::optional<double> factor = std::nullopt;
        static const Spec<Config>& spec();
    };
    DiskStall(Config config, const FaultContext& context)
        : Fault{config, context}, config_{std::move(config)} {}

    [[nodiscard]] std::string problem() const override {
        for (const Node* const node : nodes()) {
            if (!node->has_disk()) return node->name() + " writes to no disk that could stall";
        }
        return {};
    }

private:
    void begin() override { set(config_.factor ? 1.0 / *config_.factor : 0.0); }
    void end() override { set(1.0); }
    void set(double speed) {
        for (Node* const node : nodes()) node->set_disk_speed(speed);
    }
    [[nodiscard]] std::vector<Node*> nodes() const {
        return context().directory.nodes(config_.node.name);
    }
    [[nodiscard]] std::vector<FaultRecord> records() const override {
        return records_of(FaultType::disk_stall, nodes());
    }
    Config config_;
};

const Spec<DiskStall::Config>& DiskStall::Config::spec() {
    static const auto declared = with_begin_and_end(
        Spec<Config>{"disk_stall", "The disk of a node stops, or takes longer for everything."}
            .required("node", &Config::node, "A node with a disk, or one of its instances.")
            .optional("factor", &Config::factor,
                      "How many times longer everything takes; without it, the disk stands still.")
            .more_than(1.0));
    return declared;
}

}  // namespace

extern const FaultKind disk_stall_fault;
const FaultKind disk_stall_fault = FaultKind::of<DiskStall>();

}  // namespace archsim::models
