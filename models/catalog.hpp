// Kinds of components: what a scenario's "kind" may say, and how each becomes a Component. The one
// table of kinds is in catalog.cpp.
#pragma once

#include "models/edge.hpp"
#include "models/freshness.hpp"
#include "models/history_recorder.hpp"
#include "models/kind.hpp"
#include "models/network/network.hpp"
#include "models/node.hpp"
#include "models/port.hpp"
#include "models/request_trace.hpp"
#include "models/resilience/policy_metrics.hpp"
#include "sim/metrics.hpp"
#include "sim/mser.hpp"
#include "sim/rng.hpp"
#include "sim/simulation.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace archsim::models {

/// Names of operations ("read", "post") and their numbers in a run.
class OperationNames {
public:
    /// The number of `name`, given out on first use. O(operations).
    std::uint32_t number(std::string_view name);
    [[nodiscard]] const std::string& name(std::uint32_t number) const { return names_[number]; }
    [[nodiscard]] std::size_t size() const { return names_.size(); }

private:
    std::vector<std::string> names_;
};

/// Makes the metrics of an edge once, for all instances of its caller.
class EdgeTable {
public:
    explicit EdgeTable(sim::Metrics& metrics) : metrics_{metrics} {}
    EdgeTable(const EdgeTable&) = delete;
    EdgeTable& operator=(const EdgeTable&) = delete;
    /// The metrics `<from>-><to>/...`. O(log edges).
    const EdgeMetrics& between(const std::string& from, const std::string& to);
    /// The metrics of the policies of an edge that are measured; nullptr if it has none of them.
    /// O(log edges).
    [[nodiscard]] PolicyMetrics* policies(const std::string& from, const EdgeConfig& config);
    /// The random stream of one more edge from `from`: two edges of one node to one callee draw
    /// separately. `purpose` tells edges from fallbacks. O(log edges).
    [[nodiscard]] sim::Rng stream(std::uint64_t seed, const std::string& from,
                                  const std::string& purpose, const std::string& to);
    /// Whether an edge noted so far has a fallback, so that answers may be degraded.
    [[nodiscard]] bool may_degrade() const { return may_degrade_; }
    /// Notes a port, so that close() and the log of spans reach it.
    void add(Port& port) {
        ports_.push_back(&port);
        if (spans_ != nullptr) port.trace_into(*spans_);
    }
    /// Notes in `spans` where the time of each request goes, from now on; it outlives the run.
    void trace_into(SpanLog& spans) {
        spans_ = &spans;
        for (Port* const port : ports_) port->trace_into(spans);
    }
    /// The log of spans, or nullptr where nobody looks so closely.
    [[nodiscard]] SpanLog* spans() const { return spans_; }
    /// Ends every call in flight without telling anybody: the first step of taking a run apart.
    void close();
    /// All pairs (caller, callee) so far, sorted.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> all() const;

private:
    PolicyMetrics& policies_between(const std::string& from, const std::string& to);

    sim::Metrics& metrics_;
    std::vector<Port*> ports_;
    SpanLog* spans_ = nullptr;
    std::map<std::pair<std::string, std::string>, std::unique_ptr<EdgeMetrics>> edges_;
    std::map<std::pair<std::string, std::string>, std::unique_ptr<PolicyMetrics>> policies_;
    std::map<std::pair<std::string, std::string>, std::size_t> streams_;  // so far: from, use
    bool may_degrade_ = false;
};

/// All that a component may reach. It has no other way to the outside.
struct BuildContext {
    std::string name;  ///< Of the component.
    std::string_view kind;
    std::uint64_t seed;    ///< Of the replication.
    std::uint32_t number;  ///< Of the component in the scenario, from 1.
    std::uint32_t region;
    const std::vector<std::string>& regions;  ///< Names of all; empty if the scenario has none.
    sim::Simulation& simulation;
    sim::Metrics& metrics;
    Network& network;
    EdgeTable& edges;
    OperationNames& operations;
    HistoryRecorder& history;    ///< Told of operations on data and of what becomes of them.
    Freshness& freshness;        ///< Knows since when a version is outdated; for measuring only.
    const Directory& directory;  ///< Complete only from connect() on.
    const TraceFiles& traces;
    sim::MserCollector* pilot;  ///< Told every request's latency in a pilot run; else nullptr.

    /// The random stream of this component for one purpose: same seed, name and purpose, same
    /// numbers, whatever else the scenario holds.
    [[nodiscard]] sim::Rng rng(std::string_view purpose) const {
        return sim::Rng::named(seed, name, purpose);
    }
    /// The number of a region that the scenario lists (the loader has checked it).
    [[nodiscard]] std::uint32_t number_of(const RegionName& named) const {
        std::uint32_t found = 0;
        while (found < regions.size() && regions[found] != named.name) ++found;
        return found;
    }
    /// `metric` with the component's name in front.
    [[nodiscard]] std::string path(std::string_view metric) const {
        return name + "/" + std::string(metric);
    }
};

/// A kind of component.
using NodeKind = Kind<Component, const BuildContext&>;

/// Every kind, in the order in which `archsim explain` lists them.
[[nodiscard]] std::span<const NodeKind* const> node_kinds();

}  // namespace archsim::models
