// The backends behind a node that passes requests on: who they are, which of them can be used, and
// what was sent to each. Load balancers and rings differ only in how they choose among them.
#pragma once

#include "models/catalog.hpp"
#include "models/health/backend_health.hpp"
#include "models/load_balancer/policy.hpp"
#include "models/pool_config.hpp"
#include "models/port.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace archsim::models {

/// Keeps the list of backends and asks the derived class which of them a request goes to.
class BackendPool : public Router {
public:
    /// All arguments outlive the pool; `from` is where the requests come from.
    BackendPool(const PoolConfig& config, const BuildContext& context, const Node& from);

    /// Finds the backends. Called once, when all components exist.
    void connect();
    /// Begins health checks.
    void start();
    [[nodiscard]] Destination* pick(const Request& request) final;
    void ended(Destination& destination, const Request& request, std::optional<Outcome> outcome,
               sim::Duration latency) final;
    /// Stops the process if what was sent and what was answered do not add up.
    void check_end() const;

    /// Whether no health check can fail without a fault: none waits longer than its timeout.
    [[nodiscard]] bool probes_succeed() const;
    /// Whether `node` is one of the targets; see Roster.
    [[nodiscard]] bool lists(std::string_view node) const;
    /// Takes the instances of a target in or out. O(backends). Requires: lists(node).
    void set_joined(std::string_view node, bool joined);

protected:
    /// The backend that takes this request, an index into `candidates.all`; nothing if none can.
    [[nodiscard]] virtual std::optional<std::uint32_t> choose(const Request& request,
                                                              const Candidates& candidates) = 0;
    /// Membership, health or a weight has changed.
    virtual void regrouped(const Candidates&) {}
    /// Asks all backends for their load unless they were asked less than `max_age` ago.
    void read_loads(sim::Duration max_age);
    [[nodiscard]] const BuildContext& context() const { return context_; }

private:
    /// A backend with everything that the choice does not see.
    struct Slot : Destination {
        std::uint32_t index = 0;
        std::size_t target = 0;
        double weight = 1.0;
        std::unique_ptr<BackendHealth> health;
        sim::Counter* picked = nullptr;
        std::uint64_t open = 0;  // tries sent and not ended
    };
    struct Target {
        const TargetConfig* config;
        const Component* component;
        const EdgeMetrics* metrics;
        bool joined = true;
        std::uint64_t membership = 0;
        std::size_t known = 0;
    };
    void refresh_membership(bool fresh);
    void add(std::size_t target, Node& node, bool fresh);
    void refresh_usable();
    void publish();
    [[nodiscard]] bool is_present(const Slot& slot) const {
        return targets_[slot.target].joined && !slot.node->is_retired();
    }
    [[nodiscard]] Candidates candidates() const {
        return {backends_, usable_, version_, context_.simulation.now()};
    }

    const PoolConfig& config_;
    const BuildContext& context_;
    const Node& from_;
    BackendHealth::Shared health_;
    std::vector<Target> targets_;
    std::deque<Slot> slots_;
    std::vector<Backend> backends_;
    std::vector<std::uint32_t> usable_;
    std::uint64_t version_ = 0;
    std::optional<sim::Instant> loads_read_;
    sim::Counter& picks_;
    sim::Counter& nobody_;
    bool started_ = false;
};

}  // namespace archsim::models
