// Holds the events of a history back and hands them on many at a time: judging hundreds in a row
// finds its tables and its code in the processor's caches, and what the next few will touch can be
// fetched ahead; judging one between two steps of a simulation has neither.
#pragma once

#include "models/consistency/monitor.hpp"
#include "models/consistency/packed_read.hpp"
#include "models/history.hpp"
#include "models/history_recorder.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

namespace archsim::models {

/// Tells a monitor what it hears, in the same order, at the latest at flush(); but a read is told
/// once, when it has ended, unless a fault or the end of the history comes first: the monitor finds
/// the same. O(1) amortised per event; holds `batch_size` events in 64 bytes each, and 80 more for
/// each that is not a read.
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
        if (operation.kind != Access::read) push<Begin>(Begin{operation});
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

    /// Events held back at most: few enough to leave most of a cache to the simulation.
    static constexpr std::size_t batch_size = 256;

private:
    struct Begin {
        Operation operation;
    };
    struct End {
        Operation operation;
        Order horizon;
    };
    /// Begin and end of a read that takes more space than a PackedRead.
    struct Read : End {};
    struct Settled {
        std::uint64_t key = 0;
        Version version = 0;
    };
    using Other = std::variant<Begin, End, Read, VersionRecord, Application, FaultRecord, Settled>;

    static constexpr std::uint32_t none = UINT32_MAX;

    /// Begin and end of a read, or which of the others comes next; one line of the cache.
    struct alignas(64) Event : PackedRead {
        bool is_read = false;         // first, so that it stands in what is left of a PackedRead
        std::uint32_t number = none;  ///< Of a read's key, once it was looked up; or of the other.
        std::uint32_t behind = 0;     ///< From the horizon to the end.
        std::uint64_t key = 0;
        Version version = 0;
    };
    static_assert(sizeof(Event) == 64);

    template <class Kind>
    void push(const Kind& other) {
        Event& event = held_[held_count_];
        event.is_read = false;
        event.number = static_cast<std::uint32_t>(others_.size());
        others_.emplace_back(std::in_place_type<Kind>, other);
        if (++held_count_ == batch_size) hand_on_all();
    }
    void prefetch(Event& event) const {
        if (event.is_read) [[likely]] {
            event.number = monitor_.prefetch_read(event.key, event.version, event).value_or(none);
        } else {
            prefetch_other(others_[event.number]);
        }
    }
    void tell_open_reads();
    [[gnu::noinline]] void hand_on_all();
    void hand_on_unusual(const Event& event);
    void hand_on_other(const Other& other);
    void prefetch_other(const Other& other) const;
    void prefetch_rest(const Event& event) const;

    ConsistencyMonitor& monitor_;
    const HistoryRecorder& recorder_;
    std::vector<Event> held_ = std::vector<Event>(batch_size);
    std::size_t held_count_ = 0;  // of them that are in use
    std::vector<Other> others_;
    std::uint64_t reads_told_ = 0;  // the monitor has heard of the begins of reads with ids below
};

}  // namespace archsim::models
