// Who got answers: by side of the partition, kind of operation and time window.
#pragma once

#include "models/consistency/share.hpp"
#include "models/history.hpp"
#include "sim/histogram.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace archsim::models {

/// When an operation was invoked, seen from the partitions of the history.
enum class Window : std::uint8_t {
    before,  ///< Before the first partition, or in a history without any.
    during,  ///< While a partition lasted.
    after,   ///< After a partition had healed, until the next.
};
inline constexpr int window_count = 3;

/// The name of a window in reports.
[[nodiscard]] constexpr const char* name_of(Window window) {
    constexpr const char* names[window_count] = {"before", "during", "after"};
    return names[static_cast<int>(window)];
}

/// Operations of one side, kind and window.
struct AvailabilityCell {
    std::uint8_t side = 0;
    Access kind = Access::read;
    Window window = Window::before;
    std::int64_t invoked = 0;
    std::array<std::int64_t, ending_count> endings{};  ///< in_flight stays 0 here.
    std::int64_t in_time = 0;  ///< Answered ok within the deadline asked for.
    sim::Histogram latency;    ///< Of the operations answered ok.

    /// Operations that came to an end.
    [[nodiscard]] std::int64_t ended() const;
    /// Invoked and not ended.
    [[nodiscard]] std::int64_t in_flight() const { return invoked - ended(); }
    /// Answered ok at any time, out of all ended: an error is no answer (Gilbert and Lynch, 2002).
    [[nodiscard]] Share answered() const;
    /// Answered ok within the deadline, out of all ended.
    [[nodiscard]] Share answered_in_time() const { return Share{in_time, ended()}; }
};

/// How one side and kind came back after a fault.
struct Recovery {
    std::uint32_t fault = 0;  ///< Id of the fault.
    std::uint8_t side = 0;
    Access kind = Access::read;
    /// From the last ok before the fault (its begin, if there was none) to the first ok of an
    /// operation invoked after it began; absent if that never came.
    std::optional<sim::Duration> time;
};

/// Tallies operations; O(log partitions) per event.
class AvailabilityTracker {
public:
    /// Operations answered later than `deadline` count as not in time.
    explicit AvailabilityTracker(sim::Duration deadline = sim::Duration::longest())
        : deadline_{deadline} {}

    void invoked(const Operation& operation) {
        ++lane(operation.side, operation.kind).cell(window_at(operation.invoked)).invoked;
    }
    void completed(const Operation& operation) {
        Lane& own = lane(operation.side, operation.kind);
        AvailabilityCell& tally = own.cell(window_at(operation.invoked));
        if (operation.ending == Ending::ok) {
            tally_answer(own, tally, operation.invoked, operation.completed - operation.invoked);
        } else {
            ++tally.endings[static_cast<std::size_t>(operation.ending)];
        }
    }
    /// Both at once, of a read that was answered ok.
    void answered(const Operation& read) {
        Lane& own = lane(read.side, Access::read);
        AvailabilityCell& tally = own.cell(window_at(read.invoked));
        ++tally.invoked;
        tally_answer(own, tally, read.invoked, read.completed - read.invoked);
    }
    /// Notes partitions for the windows, and every begin of a fault for the recovery times.
    void fault(const FaultRecord& record);

    /// The window of an instant, as far as faults have been told.
    [[nodiscard]] Window window_at(sim::Instant at) const {
        return changes_.empty() ? Window::before : window_by_changes(at);
    }
    /// Whether both instants lie within one complete partition that no other overlaps: while two
    /// last at once, the side of a client is ambiguous.
    [[nodiscard]] bool within_one_partition(sim::Instant from, sim::Instant to) const;

    /// The cells in which operations were invoked, by side, kind and window.
    [[nodiscard]] std::vector<AvailabilityCell> cells() const;
    /// One entry per fault, side and kind, in that order.
    [[nodiscard]] std::vector<Recovery> recoveries() const;

private:
    struct Partition {
        std::uint32_t id = 0;
        sim::Instant from;
        sim::Instant to = sim::Instant::never();
        bool complete = true;
        bool is_alone = true;
    };
    struct OpenRecovery {
        std::uint32_t fault = 0;
        sim::Instant began;
        std::vector<std::optional<sim::Duration>> time;  // by side and kind
        std::vector<sim::Instant> last_ok;               // likewise
    };

    struct Change {
        sim::Instant at;
        int open = 0;  // partitions from then on
    };

    // The operations of one side and kind. How many were answered ok is written into the cells at
    // the end: as many as have a latency.
    struct Lane {
        std::array<AvailabilityCell, window_count> cells;
        sim::Instant last_ok = sim::Instant::never();  // never() for none yet

        [[nodiscard]] AvailabilityCell& cell(Window window) {
            return cells[static_cast<std::size_t>(window)];
        }
    };

    // Reads and writes of one side stand together.
    [[nodiscard]] static std::size_t lane_of(std::uint8_t side, Access kind) {
        return static_cast<std::size_t>(side) * 2 + (kind == Access::write ? 1 : 0);
    }
    Lane& lane(std::uint8_t side, Access kind) {
        const std::size_t number = lane_of(side, kind);
        if (number >= lanes_.size()) [[unlikely]]
            add_lanes(number);
        return lanes_[number];
    }
    void tally_answer(Lane& own, AvailabilityCell& tally, sim::Instant invoked,
                      sim::Duration latency) {
        tally.latency.record(latency);
        if (latency <= deadline_) ++tally.in_time;
        own.last_ok = invoked + latency;
        if (!recoveries_.empty()) [[unlikely]]
            note_recovery(own, invoked);
    }
    [[nodiscard]] Window window_by_changes(sim::Instant at) const;
    void add_lanes(std::size_t number);
    void note_recovery(const Lane& own, sim::Instant invoked);

    sim::Duration deadline_;
    std::vector<Partition> partitions_;
    std::vector<Change> changes_;
    std::vector<Lane> lanes_;  // by side and kind
    std::vector<OpenRecovery> recoveries_;
};

}  // namespace archsim::models
