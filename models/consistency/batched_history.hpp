// Holds the events of a history back and hands them on many at a time: judging hundreds in a row
// finds its tables and its code in the processor's caches, and what the next few will touch can be
// fetched ahead; judging one between two steps of a simulation has neither.
#pragma once

#include "models/consistency/monitor.hpp"
#include "models/consistency/open_operations.hpp"
#include "models/history.hpp"

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

namespace archsim::models {

/// Tells a monitor what it hears, in the same order, at the latest at flush(); but a read is told
/// once, when it has ended, unless a fault or the end of the history comes first: the monitor finds
/// the same. O(1) amortised per event; holds `batch_size` records of at most 88 bytes, and what
/// OpenOperations needs.
class BatchedHistory final : public HistorySink {
public:
    /// Requires: `monitor` outlives this and hears of nothing otherwise.
    explicit BatchedHistory(ConsistencyMonitor& monitor) : monitor_{monitor} {
        held_.reserve(batch_size);
    }

    void invoked(const Operation& operation) override;
    void completed(const Operation& operation) override;
    void created(const VersionRecord& record) override { push(record); }
    void applied(const Application& application) override { push(application); }
    void fault(const FaultRecord& record) override;
    void settled(std::uint64_t key, Version version) override { push(Settled{key, version}); }

    /// Hands on whatever is held back. To be called at the end, before the monitor is asked.
    void flush();

    /// Records held back at most: few enough to leave most of a cache to the simulation.
    static constexpr std::size_t batch_size = 256;

private:
    struct Begin {
        Operation operation;
    };
    struct End {
        Operation operation;
        Order horizon = before_history;
    };
    /// Begin and end of a read.
    struct Read {
        Operation operation;
        Order horizon = before_history;
    };
    struct Settled {
        std::uint64_t key = 0;
        Version version = 0;
    };
    using Record = std::variant<Read, Begin, End, VersionRecord, Application, FaultRecord, Settled>;
    static_assert(sizeof(Record) == 88);

    template <class Event>
    void push(const Event& event) {
        held_.emplace_back(event);
        if (held_.size() == batch_size) hand_on_all();
    }
    void hand_on_all();
    void hand_on(const Record& record);
    void prefetch(const Record& record) const;
    void prefetch_rest(const Record& record) const;

    ConsistencyMonitor& monitor_;
    std::vector<Record> held_;
    OpenOperations open_;
};

}  // namespace archsim::models
