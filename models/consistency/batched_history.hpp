// Holds the events of a history back and hands them on many at a time: judging hundreds in a row
// finds its tables and its code in the processor's caches, and what the next few will touch can be
// fetched ahead; judging one between two steps of a simulation has neither.
#pragma once

#include "models/consistency/monitor.hpp"
#include "models/history.hpp"
#include "models/history_recorder.hpp"

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

namespace archsim::models {

/// Tells a monitor what it hears, in the same order, at the latest at flush(); but a read is told
/// once, when it has ended, unless a fault or the end of the history comes first. The monitor finds
/// the same, and knows somewhat more of the operations in its witnesses: what may be forgotten is
/// found out once for all that is held back. O(1) amortised per event; holds `batch_size`
/// operations in 64 bytes each, and what the store has told meanwhile.
class BatchedHistory final : public HistorySink {
public:
    /// Requires: `monitor` outlives this and hears of nothing otherwise; all events come from
    /// `recorder`, which outlives this as well.
    BatchedHistory(ConsistencyMonitor& monitor, const HistoryRecorder& recorder)
        : monitor_{monitor}, recorder_{recorder} {
        others_.reserve(batch_size);
    }

    [[nodiscard]] bool hears_reads_begin() const override { return false; }
    void invoked(const Operation& operation) override {
        if (operation.kind != Access::read) keep(operation);
    }
    void completed(const Operation& operation) override { keep(operation); }
    void created(const VersionRecord& record) override { push(record); }
    void applied(const Application& application) override { push(application); }
    void fault(const FaultRecord& record) override;
    void settled(std::uint64_t key, Version version) override { push(Settled{key, version}); }

    /// Hands on whatever is held back. To be called at the end, before the monitor is asked.
    void flush();

    /// Operations held back at most: few enough to leave most of a cache to the simulation.
    static constexpr std::size_t batch_size = 256;

private:
    struct Settled {
        std::uint64_t key = 0;
        Version version = 0;
    };
    /// An event that is no beginning or end of an operation.
    struct Other {
        std::size_t before = 0;  ///< So many operations of the batch came before it.
        std::variant<VersionRecord, Application, FaultRecord, Settled> event;
    };

    // As it is now: begun, or ended; of a read at its end the beginning may not have been told.
    void keep(const Operation& operation) {
        held_[held_count_] = operation;
        if (++held_count_ == batch_size) hand_on_all();
    }
    template <class Event>
    void push(const Event& event) {
        others_.push_back({held_count_, event});
        if (others_.size() == batch_size) hand_on_all();
    }
    void prefetch(std::size_t from, std::size_t to);
    void prefetch_versions(std::size_t from, std::size_t to) const;
    void tell_open_reads();
    [[gnu::noinline]] void hand_on_all();
    void hand_on(std::size_t from, std::size_t to);
    void hand_on_unusual(const Operation& operation);
    void hand_on_other(const Other& other);

    static constexpr std::uint32_t none = UINT32_MAX;

    ConsistencyMonitor& monitor_;
    const HistoryRecorder& recorder_;
    std::vector<Operation> held_ = std::vector<Operation>(batch_size);
    std::size_t held_count_ = 0;  // of them that are in use
    // Of the keys of those that are reads, where they were looked up.
    std::vector<std::uint32_t> key_numbers_ = std::vector<std::uint32_t>(batch_size);
    std::vector<Other> others_;
    Order horizon_ = before_history;  // of all that is held back
    std::uint64_t reads_told_ = 0;    // the monitor has heard of the begins of reads with ids below
};

}  // namespace archsim::models
