// A whole history in memory, and its replay as the stream of events that it was.
#pragma once

#include "models/history.hpp"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace archsim::models {

/// A history that was recorded, here or elsewhere.
struct RecordedHistory {
    std::vector<Operation> operations;  ///< In any order, with unique ids.
    std::vector<VersionRecord> created;
    std::vector<Application> applied;
    std::vector<FaultRecord> faults;
    std::vector<std::pair<std::uint64_t, Version>> settled;  ///< Key and version.
};

/// A beginning or an end of an operation.
struct HistoryEvent {
    Order order = 0;
    bool completes = false;
    std::size_t index = 0;  ///< Of the operation.
};

/// The operations in the order of invocation with ids 0, 1, 2, ...: what sinks require.
[[nodiscard]] std::vector<Operation> with_dense_ids(std::span<const Operation> operations);

/// Beginnings and ends in order; at equal orders beginnings first, so that touching operations are
/// concurrent. Operations still in flight have no end. O(n log n).
[[nodiscard]] std::vector<HistoryEvent> events_of(std::span<const Operation> operations);

/// Streams the history into `sink`; the sink sees dense ids. Faults, versions and replica changes
/// come before the operations' events of the same time. O(n log n).
void replay(const RecordedHistory& history, HistorySink& sink);

/// A sink that keeps everything, 72 bytes per operation.
class HistoryKeeper : public HistorySink {
public:
    void invoked(const Operation& operation) override { history_.operations.push_back(operation); }
    void completed(const Operation& operation) override {
        history_.operations[static_cast<std::size_t>(operation.id)] = operation;
    }
    void created(const VersionRecord& record) override { history_.created.push_back(record); }
    void applied(const Application& application) override {
        history_.applied.push_back(application);
    }
    void fault(const FaultRecord& record) override { history_.faults.push_back(record); }
    void settled(std::uint64_t key, Version version) override {
        history_.settled.emplace_back(key, version);
    }

    [[nodiscard]] const RecordedHistory& history() const { return history_; }

private:
    RecordedHistory history_;
};

}  // namespace archsim::models
