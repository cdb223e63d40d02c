// Holds the events of a history back and hands them on many at a time: judging hundreds in a row
// finds its tables and its code in the processor's caches, and what the next few will touch can be
// fetched ahead; judging one between two steps of a simulation has neither.
#pragma once

#include "models/consistency/monitor.hpp"
#include "models/history.hpp"
#include "models/history_recorder.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace archsim::models {

/// Tells a monitor what it hears, in the same order, at the latest at flush(); but a read is told
/// once, when it has ended, unless a fault or the end of the history comes first: the monitor finds
/// the same. O(1) amortised per event; holds `batch_size` records of at most 56 bytes, for an
/// operation stays where the recorder keeps it.
class BatchedHistory final : public HistorySink {
public:
    /// Requires: `monitor` outlives this and hears of nothing otherwise; all events come from
    /// `recorder`, which outlives this as well.
    BatchedHistory(ConsistencyMonitor& monitor, const HistoryRecorder& recorder)
        : monitor_{monitor}, recorder_{recorder} {
        held_.reserve(batch_size);
    }

    void invoked(const Operation& operation) override {
        if (operation.kind != Access::read) push<Begin>(operation);
    }
    void completed(const Operation& operation) override;
    void created(const VersionRecord& record) override { push<VersionRecord>(record); }
    void applied(const Application& application) override { push<Application>(application); }
    void fault(const FaultRecord& record) override;
    void settled(std::uint64_t key, Version version) override {
        push<Settled>(Settled{key, version});
    }

    /// Hands on whatever is held back. To be called at the end, before the monitor is asked.
    void flush();

    /// Records held back at most: few enough to leave most of a cache to the simulation.
    static constexpr std::size_t batch_size = 256;

private:
    static_assert(batch_size <= OpenOperations::kept);

    struct Begin {
        explicit Begin(const Operation& begun) : operation{&begun} {}
        const Operation* operation;
    };
    struct Answer {
        Answer(const Operation& ended, Order bound)
            : operation{&ended}, horizon{bound}, key{ended.key} {}
        const Operation* operation;
        Order horizon;
        std::uint64_t key;
    };
    struct End : Answer {
        using Answer::Answer;
    };
    /// Begin and end of a read.
    struct Read : Answer {
        using Answer::Answer;
        std::optional<std::uint32_t> index{};  ///< Of its key, once that has been looked up.
    };
    struct Settled {
        std::uint64_t key = 0;
        Version version = 0;
    };
    using Record = std::variant<Read, Begin, End, VersionRecord, Application, FaultRecord, Settled>;
    static_assert(sizeof(Record) == 56);

    template <class Event, class... Parts>
    void push(const Parts&... parts) {
        held_.emplace_back(std::in_place_type<Event>, parts...);
        if (held_.size() == batch_size) hand_on_all();
    }
    void tell_open_reads();
    void hand_on_all();
    void hand_on(const Record& record);
    void prefetch(Record& record) const;
    void prefetch_rest(const Record& record) const;

    ConsistencyMonitor& monitor_;
    const HistoryRecorder& recorder_;
    std::vector<Record> held_;
    std::uint64_t reads_told_ = 0;  // the monitor has heard of the begins of reads with ids below
};

}  // namespace archsim::models
