// Stamps the events of a run with ids, versions and sequence numbers and hands them to the sinks.
// One per simulation; without sinks it costs a branch per event.
#pragma once

#include "models/history.hpp"
#include "models/sides.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

namespace archsim::models {

/// Whoever issues operations: it alone knows those of its own that have begun and not ended.
class OperationSource {
public:
    /// Calls `visit` with each of them, in the order of invocation. O(them).
    virtual void each_open(const std::function<void(const Operation&)>& visit) const = 0;
    /// Operation::invoked_order of the first of them, or less; `otherwise` if there is none. O(1).
    [[nodiscard]] virtual Order oldest_open(Order otherwise) const = 0;

protected:
    ~OperationSource() = default;
};

/// Deals operation ids, versions and event numbers; forwards every event to each sink.
class HistoryRecorder {
public:
    /// Adds a receiver. Requires: it outlives the recorder, and nothing has been recorded yet.
    void add(HistorySink& sink) {
        sinks_.push_back(&sink);
        if (sink.hears_reads_begin()) read_sinks_.push_back(&sink);
    }

    /// Adds a client, which answers for its operations from their begin() on. Requires: every
    /// client is added before its first operation, and answers until the history is over.
    void add(const OperationSource& source) { sources_.push_back(&source); }

    /// Whether anybody listens; where not, clients and databases may skip building records.
    [[nodiscard]] bool is_on() const { return !sinks_.empty(); }
    /// Whether anybody listens to the store of this component number: the history of a run is that
    /// of one store, for a key names another register in another store.
    [[nodiscard]] bool is_on(std::uint32_t store) const { return is_on() && store == observed_; }
    /// Names the store whose operations are recorded.
    void observe(std::uint32_t store) { observed_ = store; }
    [[nodiscard]] std::uint32_t observed() const { return observed_; }

    /// A number for a session that has not been used yet.
    [[nodiscard]] std::uint32_t next_session() { return next_session_++; }

    /// A number for the place of a client, Operation::place; 0 once there are no more.
    [[nodiscard]] std::uint8_t add_place(const Node& node) {
        if (places_.size() == 255) return 0;
        places_.push_back(&node);
        return static_cast<std::uint8_t>(places_.size());
    }
    /// The nodes at which clients stand, by place - 1.
    [[nodiscard]] const std::vector<const Node*>& places() const { return places_; }

    /// A number for a fault that has not been used yet.
    [[nodiscard]] std::uint32_t next_fault() { return next_fault_++; }

    /// A fresh version, in the order of asking.
    [[nodiscard]] Version next_version() { return ++last_version_; }

    /// Notes the beginning of an operation at `now` and fills in id, time, order and, for a write
    /// without one, the version.
    void begin(Operation& operation, sim::Instant now) {
        operation.id = next_id_++;
        operation.invoked = now;
        operation.invoked_order = next_order_++;
        if (operation.kind == Access::write && operation.version == initial_version) {
            operation.version = next_version();
        }
        const bool is_read = operation.kind == Access::read;
        for (auto* sink : is_read ? read_sinks_ : sinks_) sink->invoked(operation);
    }

    /// Notes the end of an operation as begin() has left it, once, or never; `ending` is not
    /// in_flight. A read that was answered ok has returned `version`; a write keeps its own.
    void end(Operation& operation, Ending ending, Version version, sim::Instant now) {
        if (operation.kind == Access::read && ending == Ending::ok) operation.version = version;
        operation.ending = ending;
        operation.completed = now;
        operation.completed_order = next_order_++;
        for (auto* sink : sinks_) sink->completed(operation);
    }

    /// The operations of all clients that have begun and not ended, by id. O(n log n).
    [[nodiscard]] std::vector<Operation> open() const {
        std::vector<Operation> all;
        for (const OperationSource* const source : sources_) {
            source->each_open([&](const Operation& operation) { all.push_back(operation); });
        }
        std::ranges::sort(all, {}, &Operation::id);
        return all;
    }
    /// How many have begun: their ids are less than this.
    [[nodiscard]] std::uint64_t begun() const { return next_id_; }
    /// No event from now on belongs to an operation invoked before this. O(clients).
    [[nodiscard]] Order horizon() const {
        Order oldest = next_order_;
        for (const OperationSource* const source : sources_) {
            oldest = std::min(oldest, source->oldest_open(next_order_));
        }
        return oldest;
    }

    /// Notes that a coordinator created a version.
    void created(const VersionRecord& record) {
        for (auto* sink : sinks_) sink->created(record);
    }
    /// Notes that a replica changed its value of a key.
    void applied(const Application& application) {
        for (auto* sink : sinks_) sink->applied(application);
    }
    /// Notes the begin or end of a fault.
    void fault(const FaultRecord& record) {
        for (auto* sink : sinks_) sink->fault(record);
    }
    /// The sides of partitions, which operations are stamped with.
    [[nodiscard]] Sides& sides() { return sides_; }
    /// Notes what a key holds once the system has come to rest.
    void settled(std::uint64_t key, Version version) {
        for (auto* sink : sinks_) sink->settled(key, version);
    }

private:
    // What every operation needs comes first.
    Version last_version_ = initial_version;
    std::uint64_t next_id_ = 0;
    Order next_order_ = 0;
    std::uint32_t observed_ = 0;
    std::vector<HistorySink*> sinks_;
    std::vector<HistorySink*> read_sinks_;  // those that hear of the beginnings of reads
    std::vector<const OperationSource*> sources_;
    std::uint32_t next_session_ = 0;
    std::uint32_t next_fault_ = 1;
    Sides sides_;
    std::vector<const Node*> places_;
};

}  // namespace archsim::models
