// Cells of a small dense table, and the first answers after each fault.
#include "models/consistency/availability.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace archsim::models {

std::int64_t AvailabilityCell::ended() const {
    std::int64_t sum = 0;
    for (const std::int64_t count : endings) sum += count;
    return sum;
}

Share AvailabilityCell::answered() const {
    return Share{endings[static_cast<std::size_t>(Ending::ok)], ended()};
}

void AvailabilityTracker::add_cells(std::size_t index) {
    while (cells_.size() <= index) {
        const std::size_t lane = cells_.size() / window_count;
        AvailabilityCell& added = cells_.emplace_back();
        added.side = static_cast<std::uint8_t>(lane / 2);
        added.kind = lane % 2 == 1 ? Access::write : Access::read;
        added.window = static_cast<Window>((cells_.size() - 1) % window_count);
    }
}

void AvailabilityTracker::note_recovery(const Operation& operation, std::size_t lane) {
    // The latest fault that has no answer yet on this lane implies that earlier ones have none
    // either; going back stops at the first that has.
    for (auto open = recoveries_.rbegin(); open != recoveries_.rend(); ++open) {
        if (lane >= open->time.size()) open->time.resize(lane + 1);
        if (open->time[lane].has_value()) return;
        if (operation.invoked < open->began) continue;
        const bool had_ok =
            lane < open->last_ok.size() && open->last_ok[lane] != sim::Instant::never();
        const sim::Instant from = had_ok ? open->last_ok[lane] : open->began;
        open->time[lane] = operation.completed - from;
    }
}

void AvailabilityTracker::fault(const FaultRecord& record) {
    if (record.begins) {
        recoveries_.push_back({record.id, record.at, {}, last_ok_});
    }
    if (record.kind != FaultType::partition) return;
    const int open = changes_.empty() ? 0 : changes_.back().open;
    changes_.push_back({record.at, open + (record.begins ? 1 : -1)});
    if (record.begins) {
        for (Partition& other : partitions_) {
            if (other.to == sim::Instant::never()) other.is_alone = false;
        }
        partitions_.push_back(
            {record.id, record.at, sim::Instant::never(), record.complete, open == 0});
        return;
    }
    for (Partition& partition : partitions_) {
        if (partition.id == record.id) partition.to = record.at;
    }
}

Window AvailabilityTracker::window_by_changes(sim::Instant at) const {
    const auto next =
        std::upper_bound(changes_.begin(), changes_.end(), at,
                         [](sim::Instant instant, const Change& c) { return instant < c.at; });
    if (next == changes_.begin()) return Window::before;
    return std::prev(next)->open > 0 ? Window::during : Window::after;
}

bool AvailabilityTracker::within_one_partition(sim::Instant from, sim::Instant to) const {
    for (const Partition& partition : partitions_) {
        if (partition.complete && partition.is_alone && from >= partition.from && to < partition.to)
            return true;
    }
    return false;
}

std::vector<AvailabilityCell> AvailabilityTracker::cells() const {
    std::vector<AvailabilityCell> used;
    for (const AvailabilityCell& tally : cells_) {
        if (tally.invoked > 0 || tally.ended() > 0) used.push_back(tally);
    }
    return used;
}

std::vector<Recovery> AvailabilityTracker::recoveries() const {
    std::vector<Recovery> list;
    for (const OpenRecovery& open : recoveries_) {
        for (std::size_t lane = 0; lane < last_ok_.size(); ++lane) {
            if (last_ok_[lane] == sim::Instant::never()) continue;
            Recovery recovery;
            recovery.fault = open.fault;
            recovery.side = static_cast<std::uint8_t>(lane / 2);
            recovery.kind = lane % 2 == 1 ? Access::write : Access::read;
            if (lane < open.time.size()) recovery.time = open.time[lane];
            list.push_back(recovery);
        }
    }
    return list;
}

}  // namespace archsim::models
