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

    void invoked(const Operation& operation) { ++cell(operation).invoked; }
    void completed(const Operation& operation) { tally_end(operation, cell(operation)); }
    /// Both at once.
    void answered(const Operation& operation) {
        AvailabilityCell& tally = cell(operation);
        ++tally.invoked;
        tally_end(operation, tally);
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

    // Reads and writes of one side stand together.
    [[nodiscard]] static std::size_t lane_of(std::uint8_t side, Access kind) {
        return static_cast<std::size_t>(side) * 2 + (kind == Access::write ? 1 : 0);
    }
    AvailabilityCell& cell(const Operation& operation) {
        const Window window = window_at(operation.invoked);
        const std::size_t index = lane_of(operation.side, operation.kind) * window_count +
                                  static_cast<std::size_t>(window);
        if (index >= cells_.size()) [[unlikely]]
            add_cells(index);
        return cells_[index];
    }
    void tally_end(const Operation& operation, AvailabilityCell& tally) {
        ++tally.endings[static_cast<std::size_t>(operation.ending)];
        if (operation.ending != Ending::ok) return;
        const sim::Duration latency = operation.completed - operation.invoked;
        tally.latency.record(latency);
        if (latency <= deadline_) ++tally.in_time;
        const std::size_t lane = lane_of(operation.side, operation.kind);
        if (lane >= last_ok_.size()) last_ok_.resize(lane + 1, sim::Instant::never());
        last_ok_[lane] = operation.completed;
        if (!recoveries_.empty()) note_recovery(operation, lane);
    }
    [[nodiscard]] Window window_by_changes(sim::Instant at) const;
    void add_cells(std::size_t index);
    void note_recovery(const Operation& operation, std::size_t lane);

    sim::Duration deadline_;
    std::vector<Partition> partitions_;
    std::vector<Change> changes_;
    std::vector<AvailabilityCell> cells_;
    std::vector<sim::Instant> last_ok_;  // by side and kind; never() for none yet
    std::vector<OpenRecovery> recoveries_;
};

}  // namespace archsim::models
