// A scenario come to life for one replication: its nodes, network, faults and clock. Knows no kind
// of component; the catalog makes them.
#pragma once

#include "models/catalog.hpp"
#include "models/fault/fault.hpp"
#include "models/monthly_cost.hpp"
#include "scenarios/scenario.hpp"
#include "sim/metrics.hpp"
#include "sim/mser.hpp"
#include "sim/simulation.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::scenarios {

/// Everything of one replication. Not movable. Taken apart in the order processes, nodes, metrics,
/// clock.
class World final : public models::Directory {
public:
    /// Builds and connects; simulated time has not begun. `scenario` outlives the world. `pilot`,
    /// if given, is told the latency of every request.
    World(const Scenario& scenario, std::int64_t replication, sim::Limits limits = {},
          const std::atomic<bool>* interrupt = nullptr, sim::MserCollector* pilot = nullptr);
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    ~World() override;

    /// Starts load sources and faults. Called once.
    void start();
    /// Checks conservation and Little's law at every node; a violation stops the process.
    void check_end();

    [[nodiscard]] sim::Simulation& simulation() { return simulation_; }
    [[nodiscard]] sim::Metrics& metrics() { return metrics_; }
    /// The judge of the history; nullptr if no store is watched.
    [[nodiscard]] StoreHistory* store_history() { return store_history_.get(); }
    [[nodiscard]] bool watches_store() const { return store_history_ != nullptr; }
    /// The watch for metastable failures; nullptr if nothing could trigger one.
    [[nodiscard]] RecoveryWatch* recovery_watch() { return recovery_watch_.get(); }
    /// Of all load sources together.
    [[nodiscard]] models::LoadCounts load_counts() const;
    /// To be given its sinks before start().
    [[nodiscard]] models::HistoryRecorder& history() { return history_; }
    [[nodiscard]] const models::Network& network() const { return network_; }
    [[nodiscard]] models::Component* component(std::string_view name) const override;
    [[nodiscard]] std::vector<models::Component*> all_components() const override;
    [[nodiscard]] const std::vector<std::unique_ptr<models::Component>>& components() const {
        return components_;
    }
    [[nodiscard]] const std::vector<std::unique_ptr<models::Fault>>& faults() const {
        return faults_;
    }
    /// Name and unit of every metric that the run will report.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> metric_units() const {
        return metrics_.units();
    }
    /// Notes in `spans` where the time of each request goes; to be called before start().
    void trace_into(models::SpanLog& spans) { edges_.trace_into(spans); }
    /// Names of the operations met so far.
    [[nodiscard]] const models::OperationNames& operations() const { return operations_; }
    /// Pairs (caller, callee) of components, sorted.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> edges() const {
        return edges_.all();
    }

private:
    void set_regions();
    void watch_store();
    void watch_recovery();
    void build(std::uint64_t seed, sim::MserCollector* pilot);
    void open_bills();

    const Scenario& scenario_;
    sim::Simulation simulation_;
    sim::Metrics metrics_;
    models::Network network_;
    models::EdgeTable edges_;
    models::OperationNames operations_;
    models::HistoryRecorder history_;
    models::Freshness freshness_;
    std::vector<std::unique_ptr<models::MonthlyCost>> bills_;
    std::vector<std::unique_ptr<models::Component>> components_;
    std::map<std::string, models::Component*, std::less<>> by_name_;
    std::vector<std::unique_ptr<models::Fault>> faults_;
    std::unique_ptr<StoreHistory> store_history_;
    std::unique_ptr<RecoveryWatch> recovery_watch_;
};

}  // namespace archsim::scenarios
